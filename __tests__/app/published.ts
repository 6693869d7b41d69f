// A job of `workflow_run` that publishes what another job left in its report folder.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { JOB_TOKEN } from '../github/github-state.ts'
import { BASE_SHA, environment, type Forge, HEAD_SHA, workspace } from './forge.ts'
import type { ActionJob } from './runner.ts'

export type PublishedRun = {
  readonly headSha?: string
  readonly inputs?: Readonly<Record<string, string>>
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
