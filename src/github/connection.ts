// The way to GitHub's REST API: one client with Octokit's own retrying, a bounded time for each
// attempt, and every refusal turned into one message that says what to do. Octokit's throttling is not used:
// it would wait for seconds between reading a comment and writing it (docs/decisions/0001-dependencies.md).

import { setTimeout as sleep } from 'node:timers/promises'
import type { getOctokit } from '@actions/github'
import { GateError } from '../model/errors.ts'
import { explainFailure, isMembers, type Purpose, retryAfterS } from './failures.ts'

export type Octokit = ReturnType<typeof getOctokit>
export type Repository = { readonly owner: string; readonly repo: string }

export type ConnectionOptions = {
  readonly token: string
  /** `https://api.github.com`, or `https://HOST/api/v3` of GitHub Enterprise Server. */
  readonly apiUrl?: string
  readonly signal?: AbortSignal
  /** For one attempt. Default: half a minute. */
  readonly timeoutMs?: number
  /** Of the first pause after a failure; the second is four times as long, the third nine times. */
  readonly firstPauseMs?: number
}

export type Connection = {
  /** Does one thing with the API; throws GateError('github'), also where it is called off. */
  readonly call: <T>(purpose: Purpose, act: (octokit: Octokit) => Promise<T>) => Promise<T>
  /** Waits unless the work is called off. */
  readonly wait: (ms: number) => Promise<void>
  readonly token: string
}

const REQUEST_TIMEOUT_MS = 30_000
const RETRIES = 3
const FIRST_PAUSE_MS = 400
/** GitHub may ask for an hour: a job does not wait for that. */
const LONGEST_PAUSE_S = 60
/** Asking again would end the same; a limit (403, 429) is asked again when it says so. */
const NOT_RETRIED = [400, 401, 403, 404, 409, 410, 422, 429, 451]

export function connect(options: ConnectionOptions): Connection {
  let opened: Promise<Octokit> | undefined
  return {
    token: options.token,
    call: async (purpose, act) => {
      opened ??= open(options)
      const octokit = await opened
      try {
        return await Promise.race([act(octokit), untilAborted(options.signal)])
      } catch (error) {
        throw options.signal?.aborted === true
          ? calledOff(purpose.doing, options.signal)
          : explainFailure(error, purpose)
      }
    },
    wait: async (ms) => {
      const { signal } = options
      try {
        await sleep(ms, undefined, signal === undefined ? {} : { signal })
      } catch (error) {
        throw signal?.aborted === true ? calledOff('wait for GitHub', signal) : error
      }
    },
  }
}

function calledOff(doing: string, { reason }: AbortSignal): GateError {
  const why = reason instanceof Error ? reason.message : String(reason)
  return new GateError('github', `Cannot ${doing}: ${why}.`, 'Run the job again.')
}

/** Rejects when the work is called off: a pause that is under way has no signal of its own. */
function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** Loaded at the first call: it takes a tenth of a second, and many invocations need none of it. */
async function open(given: ConnectionOptions): Promise<Octokit> {
  const { token, apiUrl, firstPauseMs = FIRST_PAUSE_MS } = given
  const [{ getOctokit: create }, { retry }] = await Promise.all([
    import('@actions/github'),
    import('@octokit/plugin-retry'),
  ])
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const options = {
    log: silent,
    baseUrl: apiUrl === undefined ? undefined : apiUrl.replace(/\/+$/, ''),
    retry: { retries: RETRIES, doNotRetry: NOT_RETRIED, retryAfterBaseValue: firstPauseMs },
  }
  const octokit = create(token, options, boundedBy(given), retry)
  octokit.hook.before('request', (parameters) => {
    // A POST that was answered with 502 may have been carried out.
    if (parameters.method === 'POST') parameters.request.retries = 0
  })
  return octokit
}

/** Innermost, so that the time is that of one attempt. */
function boundedBy({
  signal,
  timeoutMs = REQUEST_TIMEOUT_MS,
  firstPauseMs = FIRST_PAUSE_MS,
}: ConnectionOptions): OctokitPlugin {
  return (octokit) => {
    octokit.hook.wrap('request', async (request, parameters) => {
      const timeout = AbortSignal.timeout(timeoutMs)
      // Set and not handed on: the hooks within, Octokit's own among them, see these parameters alone.
      parameters.request.signal =
        signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      try {
        return await request(parameters)
      } catch (error) {
        // What was silent twice will be silent, and a job waits for it meanwhile.
        if (timeout.aborted) parameters.request.retries = Math.min(1, retriesOf(parameters))
        if (signal?.aborted === true) parameters.request.retries = 0
        throw retriedIn(error, signal?.aborted === true ? NEVER : pauseOf(error, firstPauseMs))
      }
    })
    return {}
  }
}

function retriesOf({ request }: { readonly request: object }): number {
  return 'retries' in request && typeof request.retries === 'number' ? request.retries : RETRIES
}

type OctokitPlugin = Parameters<typeof getOctokit>[2] & {}

type Pause = { readonly retries: number; readonly retryAfter?: number }

/** Whoever called it off waits for nothing. */
const NEVER: Pause = { retries: 0 }

/** Whatever refuses for a limit and says how long to wait was not carried out, and is asked again then. */
function pauseOf(error: unknown, firstPauseMs: number): Pause | undefined {
  const seconds = retryAfterS(error)
  if (seconds === undefined || seconds > LONGEST_PAUSE_S) return undefined
  return { retries: RETRIES, retryAfter: Math.ceil((1000 * seconds) / firstPauseMs) }
}

/** The retrying takes both numbers from the request of the error, as its own `retryRequest` sets them. */
function retriedIn(error: unknown, pause: Pause | undefined): unknown {
  if (pause === undefined || !(error instanceof Error) || !('request' in error)) return error
  const { request } = error
  if (!isMembers(request)) return error
  request.request = { ...(isMembers(request.request) ? request.request : {}), ...pause }
  return error
}
