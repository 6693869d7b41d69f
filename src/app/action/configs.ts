// The configs of a job: the head's says what is measured, the base branch's says by which limits. A
// pull request cannot loosen the gate that judges it.

import { combineTrusted, hasGateInputs } from '../../config/config.ts'
import { annotate } from '../../github/github.ts'
import type { Config, ConfigIssue } from '../../model/config.ts'
import type { MemberChange } from '../../model/history.ts'
import {
  type ConfigOverrides,
  ConfigProblems,
  filesOf,
  firstOf,
  type ReadConfig,
  type ReadFile,
  readConfig,
  readConfigIfThere,
} from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import { readConfigOfInputs } from './config-of-inputs.ts'
import type { Job } from './job.ts'

export type JobConfig = {
  readonly config: Config
  /** The base branch's own; absent where it has none or the event has no base. */
  readonly base?: Config
  readonly limitsFrom: 'base' | 'head'
  readonly proposedChanges: readonly MemberChange[]
  /** The head's file as it stands there, with its own rules; absent where inputs stand for it. */
  readonly head?: ReadConfig
  readonly warnings: readonly ConfigIssue[]
}

export async function readJobConfig(job: Job): Promise<JobConfig> {
  const { inputs, env } = job
  if (hasGateInputs(inputs.gate)) return await configWithoutFile(job)
  const base = await readBaseConfig(job)
  const head = await readConfig({
    file: inputs.config,
    read: headFiles(job),
    env,
    overrides: overridesOf(job),
    trusted: base === undefined ? undefined : base.policy,
    judged: job.mode === 'measure' || inputs.results !== '' ? 'elsewhere' : 'here',
  })
  return {
    ...combineTrusted(base, head.config),
    ...(base === undefined ? {} : { base }),
    head,
    warnings: head.warnings,
  }
}

/** Rules that a pull request brings itself, unless the workflow that says them is the base branch's. */
async function configWithoutFile(job: Job): Promise<JobConfig> {
  const files = [headFiles(job), ...baseFiles(job)]
  const config = await readConfigOfInputs(job, { files, overrides: overridesOf(job) })
  const base = job.event.name === 'pull_request_target' ? config : undefined
  return { ...combineTrusted(base, config), warnings: [] }
}

function baseFiles({ github, event: { base } }: Job): readonly ReadFile[] {
  if (github === undefined || base === undefined) return []
  return [(path) => github.readFile(path, base.sha)]
}

function overridesOf({ inputs }: Job): ConfigOverrides {
  return {
    ...(inputs.endpointUrl === '' ? {} : { endpointUrl: inputs.endpointUrl }),
    ...(inputs.referenceUrl === '' ? {} : { referenceUrl: inputs.referenceUrl }),
  }
}

/** The checkout where there is one; else the API at the judged commit. */
function headFiles(job: Job): ReadFile {
  const { workspace, github, event } = job
  const checkout = filesOf(workspace)
  if (github === undefined || event.headSha === '') return checkout
  return firstOf(checkout, (path) => github.readFile(path, event.headSha))
}

/** Read through the API, never from the working tree, which the pull request wrote. */
async function readBaseConfig(job: Job): Promise<Config | undefined> {
  const { inputs, event } = job
  const { base } = event
  if (base === undefined) return undefined
  try {
    return await configAt(job, base.sha)
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    // Whoever repairs a broken config has to be able to merge it.
    const [first] = error.issues
    annotate([
      {
        level: 'warning',
        title: 'Config of the base branch',
        message: `${inputs.config} on ${base.branch} cannot be read, so this change is judged by its own limits. ${first === undefined ? '' : issueLine(first)}`,
      },
    ])
    return undefined
  }
}

/** The config as it is at a commit, with its own endpoint; undefined where it has none. */
export async function configAt(job: Job, commit: string): Promise<Config | undefined> {
  const { github, inputs, env } = job
  if (github === undefined) return undefined
  const { endpointUrl: _, ...overrides } = overridesOf(job)
  const read = await readConfigIfThere({
    file: inputs.config,
    read: (path) => github.readFile(path, commit),
    env,
    overrides,
    unsetEnv: 'blank',
  })
  return read?.config
}
