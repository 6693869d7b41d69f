// A job of `workflow_run` that publishes what another job left in its report folder, and such a report.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JOB_TOKEN } from '../github/github-state.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  environment,
  type Forge,
  HEAD_SHA,
  publishBase,
  pullJob,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'
import type { ActionJob } from './runner.ts'

export type PublishedRun = {
  readonly headSha?: string
  readonly inputs?: Readonly<Record<string, string>>
}

/** The report that a fork's own job wrote, as it stands in its folder. */
export async function forkReport(forge: Forge): Promise<string> {
  publishBase(forge)
  const path = workspace(forge, { [CONFIG_PATH]: configText({ url: forge.simulator.url }) })
  const inputs = { comment: 'never' }
  const { code } = await runActionHere(pullJob(forge, { workspace: path, inputs, fork: true }))
  if (code !== 0) throw new Error(`the fork's job ended with ${code}`)
  return readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8')
}

export function publishingJob(
  forge: Forge,
  report: string | undefined,
  run: PublishedRun = {},
): ActionJob {
  const path = workspace(forge, {})
  mkdirSync(join(path, 'inference-gate-report'))
  if (report !== undefined) writeFileSync(join(path, 'inference-gate-report/report.json'), report)
  return {
    workspace: path,
    inputs: { 'github-token': JOB_TOKEN, ...run.inputs },
    eventName: 'workflow_run',
    event: {
      action: 'completed',
      repository: { default_branch: 'main' },
      workflow_run: {
        id: 4711,
        run_attempt: 1,
        head_sha: run.headSha ?? HEAD_SHA,
        event: 'pull_request',
        pull_requests: [],
      },
    },
    env: { ...environment(forge), GITHUB_REF: 'refs/heads/main', GITHUB_SHA: BASE_SHA },
  }
}
