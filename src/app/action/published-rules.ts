// By what a report of another job is judged: the config of the base branch as it is now, read by the
// job that publishes, and a label that GitHub says was set on this very commit.

import { hasGateInputs } from '../../config/config.ts'
import type { GithubClient, PullRequest } from '../../github/github.ts'
import type { Config } from '../../model/config.ts'
import type { Acceptance } from '../../model/verdict.ts'
import { readConfigOfInputs } from './config-of-inputs.ts'
import { configAt } from './configs.ts'
import { labelSpeaks } from './context.ts'
import type { Job } from './job.ts'

export type PublishedRules = {
  /** Absent = the base branch has no config. */
  readonly base?: Config
  readonly accept?: Acceptance
  readonly isStale?: true
}

type Asking = {
  readonly job: Job
  readonly github: GithubClient
  readonly pull: PullRequest
  readonly published: { readonly headSha: string }
}

/** Throws ConfigProblems where the base branch's config has a mistake. */
export async function publishedRules(asking: Asking): Promise<PublishedRules> {
  const { github, pull, published } = asking
  const base = await baseConfig(asking)
  if (base === undefined || pull.headSha !== published.headSha) return { base }
  return { base, ...(await labelSpeaks(github, pull, base.policy.acceptLabel)) }
}

/** Inputs that make a gate are the workflow's own word, which is the default branch's here. */
async function baseConfig({ job, github, pull }: Asking): Promise<Config | undefined> {
  const tip = await github.branchTip(pull.baseRef)
  if (!hasGateInputs(job.inputs.gate)) return await configAt(job, tip)
  const files = [(path: string) => github.readFile(path, tip)]
  return await readConfigOfInputs(job, { files, overrides: {} })
}
