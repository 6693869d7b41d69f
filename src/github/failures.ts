// What GitHub's refusals mean for the person who set the workflow up: one message and one remedy
// each. Response bodies are quoted only as far as GitHub's own `message`.

import { GateError } from '../model/errors.ts'

/** What was being done, for the message: "comment on pull request #7". */
export type Purpose = {
  readonly doing: string
  /** As in a workflow's `permissions`: `pull-requests: write`. */
  readonly permission: string
}

type GithubRefusal = {
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
}

export function explainFailure(error: unknown, purpose: Purpose): unknown {
  if (error instanceof GateError) return error
  const refusal = readRefusal(error)
  if (refusal !== undefined) return explainRefusal(refusal, purpose, error)
  if (!isTransport(error)) return error
  return gateError(
    `Cannot ${purpose.doing}: GitHub's API could not be reached (${messageOf(error)}).`,
    'Check that the runner reaches GITHUB_API_URL, then run the job again.',
    error,
  )
}

/** What a refusal for a limit asks to wait, from Retry-After or the reset of a spent limit. */
export function retryAfterS(error: unknown): number | undefined {
  const refusal = readRefusal(error)
  if (refusal === undefined || !isRateLimit(refusal)) return undefined
  const seconds = Number(refusal.headers['retry-after'] ?? Number.NaN)
  if (seconds >= 0) return seconds
  const reset = Number(refusal.headers['x-ratelimit-reset'])
  return reset > 0 ? Math.max(0, reset - Date.now() / 1000) : undefined
}

function explainRefusal(refusal: GithubRefusal, purpose: Purpose, cause: unknown): GateError {
  const { status, message } = refusal
  const why = `${status} ${message}`.trim()
  if (isRateLimit(refusal)) {
    return gateError(
      `Cannot ${purpose.doing}: GitHub's rate limit is spent (${why}).`,
      'Run the job again later, or give the action a token of its own by the input github-token.',
      cause,
    )
  }
  if (status === 401) {
    return gateError(
      `Cannot ${purpose.doing}: GitHub does not accept the token (${why}).`,
      'Leave the input github-token at its default, or give it a token that has not expired.',
      cause,
    )
  }
  if (status === 403) return explainForbidden({ why, message }, purpose, cause)
  if (status === 404 || status === 410) {
    return gateError(
      `Cannot ${purpose.doing}: GitHub does not know it (${why}), or the token may not see it.`,
      `Check the repository and the number, and that the job has the permission "${purpose.permission}".`,
      cause,
    )
  }
  if (status >= 500) {
    return gateError(
      `Cannot ${purpose.doing}: GitHub's API has trouble (${why}).`,
      'See githubstatus.com and run the job again.',
      cause,
    )
  }
  return gateError(
    `Cannot ${purpose.doing}: GitHub refuses (${why}).`,
    "Read GitHub's own message above; the report folder holds everything that was measured.",
    cause,
  )
}

function explainForbidden(
  { why, message }: { readonly why: string; readonly message: string },
  purpose: Purpose,
  cause: unknown,
): GateError {
  if (/locked/i.test(message)) {
    return gateError(
      `Cannot ${purpose.doing}: the conversation is locked (${why}).`,
      'Unlock the conversation of the pull request and run the job again.',
      cause,
    )
  }
  return gateError(
    `Cannot ${purpose.doing}: the token lacks the permission "${purpose.permission}" (${why}).`,
    `Add "permissions: {${purpose.permission}}" to the job. Runs from forks and Dependabot never get it: for those, comment from a second workflow (on: workflow_run, mode: publish).`,
    cause,
  )
}

function isRateLimit({ status, message, headers }: GithubRefusal): boolean {
  if (status === 429) return true
  if (status !== 403) return false
  return headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)
}

/** Octokit's error with a response, or undefined for a failure on the way and for our own bugs. */
function readRefusal(error: unknown): GithubRefusal | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error)) return undefined
  const { status, response } = error
  if (typeof status !== 'number' || !isMembers(response)) return undefined
  const headers = isMembers(response.headers) ? response.headers : {}
  return {
    status,
    message: githubMessage(response.data),
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number'
          ? [[name.toLowerCase(), String(value)]]
          : [],
      ),
    ),
  }
}

/** GitHub's own sentence, and for 422 the sentences of its details; never the whole body. */
function githubMessage(data: unknown): string {
  if (!isMembers(data) || typeof data.message !== 'string') return ''
  const details = Array.isArray(data.errors)
    ? data.errors.flatMap((one: unknown) =>
        isMembers(one) && typeof one.message === 'string' ? [one.message] : [],
      )
    : []
  return [data.message, ...details].join('; ').replace(/\s+/g, ' ').slice(0, 300)
}

export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Octokit wraps what fetch throws into an error with a status and without a response. */
function isTransport(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return 'status' in error || error.name === 'TimeoutError'
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.replace(/\s+/g, ' ').slice(0, 200)
}

function gateError(message: string, remedy: string, cause: unknown): GateError {
  return new GateError('github', message, remedy, { cause })
}
