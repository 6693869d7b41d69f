// One job of the action: what it was asked, where it runs, and what it may use. Made once at the entrypoint.

import { resolve } from 'node:path'
import { readTextIfThere } from '../../disk/disk.ts'
import { type GithubClient, githubClient } from '../../github/github.ts'
import type { Environment } from '../../model/environment.ts'
import { GateError } from '../../model/errors.ts'
import { parseJson } from '../../wire/json/json.ts'
import { type Inputs, type Mode, readInputs } from '../inputs.ts'
import { logProgress, type ProgressScreen } from '../progress.ts'
import { proxyWithoutSecrets } from '../proxies.ts'
import { type GitHubEvent, readGitHubEvent, resolveMode } from './github-event.ts'

export type Job = {
  readonly inputs: Inputs
  readonly event: GitHubEvent
  readonly mode: Exclude<Mode, 'auto'>
  readonly env: Environment
  readonly workspace: string
  /** Absolute. */
  readonly reportDir: string
  /** Absent without a token. */
  readonly github?: GithubClient
  readonly screen: ProgressScreen
  readonly signal: AbortSignal
}

export type JobOptions = {
  readonly env: Environment
  readonly write: (text: string) => void
  readonly signal: AbortSignal
  /** How long a comment that was written is left alone before another job's is looked for. */
  readonly settleMs?: number
}

export async function openJob({ env, write, signal, settleMs }: JobOptions): Promise<Job> {
  const inputs = readInputs(env)
  const event = readGitHubEvent(env, await readPayload(env))
  const mode = resolveMode(inputs.mode, event)
  refuseEarlier(inputs, mode)
  const workspace = env.GITHUB_WORKSPACE ?? process.cwd()
  const { owner, repo, apiUrl } = event
  const token = inputs.githubToken
  if (apiUrl !== undefined && token !== '') proxyWithoutSecrets(apiUrl, env, 'the token')
  const client = { token, apiUrl, owner, repo, signal, settleMs }
  return {
    inputs,
    event,
    mode,
    env,
    workspace,
    reportDir: resolve(workspace, inputs.reportDir),
    screen: logProgress(write),
    signal,
    ...(token === '' ? {} : { github: githubClient(client) }),
  }
}

/** A run of before is something to be compared with: no other mode compares. */
function refuseEarlier({ referenceResults }: Inputs, mode: Job['mode']): void {
  if (referenceResults === '' || mode === 'gate') return
  throw new GateError(
    'usage',
    `the input reference-results is judged by mode: gate alone, and this job's mode is ${mode}`,
    'Leave reference-results away here, or set mode: gate.',
  )
}

async function readPayload(env: Environment): Promise<unknown> {
  const path = env.GITHUB_EVENT_PATH
  const text = path === undefined ? undefined : await readTextIfThere(path)
  if (text === undefined) return {}
  try {
    return parseJson(text)
  } catch (cause) {
    throw new GateError('usage', `the event file ${path} is not JSON`, 'Run the job again.', {
      cause,
    })
  }
}

/** The address git fetches from and pushes to; GitHub Enterprise Server has its own. */
export function remoteUrl({ serverUrl, owner, repo }: GitHubEvent): string {
  return `${serverUrl}/${owner}/${repo}.git`
}
