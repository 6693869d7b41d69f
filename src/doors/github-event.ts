// What the runner's environment and the event file say about this job: which commit is judged, against
// which base, and on which pull request. Nothing here is asked of the network.

import { GateError } from '../model/errors.ts'
import type { Environment, Mode } from './inputs.ts'

export type GitHubEvent = {
  readonly name: string
  readonly owner: string
  readonly repo: string
  readonly serverUrl: string
  readonly apiUrl: string
  /** The commit that is judged: the pull request's head, not the runner's merge commit. */
  readonly headSha: string
  /** Branch the job runs for; absent for tags. */
  readonly branch?: string
  readonly defaultBranch?: string
  readonly runUrl: string
  readonly runId: number
  readonly runAttempt: number
  readonly actor: string
  /** Present for pull_request and merge_group. */
  readonly base?: { readonly branch: string; readonly sha: string }
  readonly pullRequest?: number
  /** Runs of forks and of Dependabot get no secrets and a read-only token. */
  readonly withoutSecrets?: 'fork' | 'dependabot'
  /** workflow_run only: the commit of the run whose artifact is published. */
  readonly publishedHeadSha?: string
}

type Json = { readonly [key: string]: unknown }

/** Walks nested members of foreign JSON; anything missing or of another type is undefined. */
function member(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null ? (found as Json)[key] : undefined,
    value,
  )
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = member(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = member(value, ...path)
  return typeof found === 'number' ? found : undefined
}

function baseOf(payload: unknown): GitHubEvent['base'] {
  const branch =
    textAt(payload, 'pull_request', 'base', 'ref') ??
    textAt(payload, 'merge_group', 'base_ref')?.replace(/^refs\/heads\//, '')
  const sha =
    textAt(payload, 'pull_request', 'base', 'sha') ?? textAt(payload, 'merge_group', 'base_sha')
  return branch === undefined || sha === undefined ? undefined : { branch, sha }
}

function withoutSecrets(payload: unknown, actor: string): GitHubEvent['withoutSecrets'] {
  const head = numberAt(payload, 'pull_request', 'head', 'repo', 'id')
  const base = numberAt(payload, 'pull_request', 'base', 'repo', 'id')
  if (member(payload, 'pull_request') !== undefined && head !== base) return 'fork'
  return actor === 'dependabot[bot]' ? 'dependabot' : undefined
}

/** Reads the event. Throws GateError('usage') when this is not a GitHub Actions job. */
export function readGitHubEvent(env: Environment, payload: unknown): GitHubEvent {
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY ?? '').split('/')
  if (owner === '' || repo === '') {
    throw new GateError(
      'usage',
      'GITHUB_REPOSITORY is not set; this is not a GitHub Actions job',
      'Use the command line (`inference-gate run`) outside of GitHub Actions.',
    )
  }
  const serverUrl = (env.GITHUB_SERVER_URL ?? 'https://github.com').replace(/\/+$/, '')
  const actor = env.GITHUB_ACTOR ?? 'unknown'
  const base = baseOf(payload)
  const pullRequest = numberAt(payload, 'pull_request', 'number')
  const missing = withoutSecrets(payload, actor)
  const branch = /^refs\/heads\/(.+)$/.exec(env.GITHUB_REF ?? '')?.[1]
  const defaultBranch = textAt(payload, 'repository', 'default_branch')
  const publishedHeadSha = textAt(payload, 'workflow_run', 'head_sha')
  const runId = Number(env.GITHUB_RUN_ID ?? 0)
  return {
    name: env.GITHUB_EVENT_NAME ?? '',
    owner,
    repo,
    serverUrl,
    apiUrl: (env.GITHUB_API_URL ?? 'https://api.github.com').replace(/\/+$/, ''),
    headSha:
      textAt(payload, 'pull_request', 'head', 'sha') ??
      textAt(payload, 'merge_group', 'head_sha') ??
      env.GITHUB_SHA ??
      '',
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}`,
    runId,
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    actor,
    ...(branch === undefined ? {} : { branch }),
    ...(defaultBranch === undefined ? {} : { defaultBranch }),
    ...(base === undefined ? {} : { base }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(missing === undefined ? {} : { withoutSecrets: missing }),
    ...(publishedHeadSha === undefined ? {} : { publishedHeadSha }),
  }
}

// pull_request_target is left out on purpose: it would hand the key to a config a fork wrote.
const GATED_EVENTS = ['pull_request', 'merge_group']
const RECORDED_EVENTS = ['schedule', 'workflow_dispatch']

/**
 * What `auto` means for this event. Throws GateError('usage') for an event that has no meaning of its
 * own: doing nothing would look like a pass.
 */
export function resolveMode(mode: Mode, event: GitHubEvent): Exclude<Mode, 'auto'> {
  if (mode !== 'auto') return mode
  if (GATED_EVENTS.includes(event.name)) return 'gate'
  if (RECORDED_EVENTS.includes(event.name)) return 'record'
  if (event.name === 'workflow_run') return 'publish'
  if (event.name === 'push' && event.branch === event.defaultBranch) return 'record'
  const what =
    event.name === 'push'
      ? `a push to ${event.branch ?? 'a tag'}, which is not the default branch`
      : `the event ${event.name || '(none)'}`
  throw new GateError(
    'usage',
    `mode auto does not say what to do on ${what}`,
    'Set `mode: gate` or `mode: record` on the step, or run it on pull_request, merge_group, push to the default branch, schedule or workflow_dispatch.',
  )
}
