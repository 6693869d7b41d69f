// What the runner's environment and the event file say about this job: which commit is judged, against
// which base, and on which pull request. Nothing here is asked of the network.

import type { Environment } from '../../model/environment.ts'
import { GateError } from '../../model/errors.ts'
import type { Mode } from '../inputs.ts'

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
  /** The event runs in the base branch's name for a pull request's comment or run. */
  readonly actsForOthers: boolean
  /** The label that an event `labeled` is about. */
  readonly label?: string
  /** workflow_run only: the run whose artifact is published. */
  readonly published?: {
    readonly headSha: string
    /** `owner/name` and branch of the run's head: two pull requests may have one commit. */
    readonly headRepository?: string
    readonly headBranch?: string
    readonly runId: number
    readonly runAttempt: number
  }
  /** What happened to the pull request (`opened`, `synchronize`, `labeled`), and by whom. */
  readonly action?: string
  readonly sender?: string
  /** push only: the commit that the branch stood at before it. */
  readonly before?: string
  /** Labels when the event happened: a re-run sees them as they were then. */
  readonly labels: readonly string[]
  /** workflow_dispatch only: somebody accepts a new level by hand. */
  readonly acceptInput?: { readonly reason: string }
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

function actsForOthers(payload: unknown): boolean {
  if (member(payload, 'issue', 'pull_request') !== undefined) return true
  const run = member(payload, 'workflow_run')
  if (run === undefined) return false
  const isOwn =
    numberAt(run, 'head_repository', 'id') === numberAt(payload, 'repository', 'id') &&
    textAt(run, 'head_branch') === textAt(payload, 'repository', 'default_branch')
  return !isOwn || (textAt(run, 'event') ?? '').startsWith('pull_request')
}

function labelsOf(payload: unknown): readonly string[] {
  const labels = member(payload, 'pull_request', 'labels')
  return Array.isArray(labels) ? labels.flatMap((label) => textAt(label, 'name') ?? []) : []
}

function publishedOf(payload: unknown): GitHubEvent['published'] {
  const headSha = textAt(payload, 'workflow_run', 'head_sha')
  const runId = numberAt(payload, 'workflow_run', 'id')
  const runAttempt = numberAt(payload, 'workflow_run', 'run_attempt') ?? 1
  if (headSha === undefined || runId === undefined) return undefined
  const headRepository = textAt(payload, 'workflow_run', 'head_repository', 'full_name')
  const headBranch = textAt(payload, 'workflow_run', 'head_branch')
  return { headSha, headRepository, headBranch, runId, runAttempt }
}

/** A workflow's own boolean input `accept`, with the text input `reason`. */
function acceptInputOf(payload: unknown): GitHubEvent['acceptInput'] {
  const accept = member(payload, 'inputs', 'accept')
  if (accept !== true && accept !== 'true') return undefined
  return { reason: textAt(payload, 'inputs', 'reason') ?? 'accepted by dispatch' }
}

function headShaOf(env: Environment, payload: unknown): string {
  return (
    textAt(payload, 'pull_request', 'head', 'sha') ??
    textAt(payload, 'merge_group', 'head_sha') ??
    env.GITHUB_SHA ??
    ''
  )
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
  const runId = Number(env.GITHUB_RUN_ID ?? 0)
  const actor = env.GITHUB_ACTOR ?? 'unknown'
  return {
    name: env.GITHUB_EVENT_NAME ?? '',
    owner,
    repo,
    serverUrl,
    apiUrl: (env.GITHUB_API_URL ?? 'https://api.github.com').replace(/\/+$/, ''),
    headSha: headShaOf(env, payload),
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}`,
    runId,
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    actor,
    labels: labelsOf(payload),
    actsForOthers: actsForOthers(payload),
    ...present({
      label: textAt(payload, 'label', 'name'),
      branch: /^refs\/heads\/(.+)$/.exec(env.GITHUB_REF ?? '')?.[1],
      defaultBranch: textAt(payload, 'repository', 'default_branch'),
      base: baseOf(payload),
      pullRequest: numberAt(payload, 'pull_request', 'number'),
      withoutSecrets: withoutSecrets(payload, actor),
      published: publishedOf(payload),
      action: textAt(payload, 'action'),
      sender: textAt(payload, 'sender', 'login'),
      acceptInput: acceptInputOf(payload),
      before: textAt(payload, 'before'),
    }),
  }
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> }

/** Leaves out members that are undefined: absent and undefined are different things here. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Present<T>
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
