// The way to GitHub's REST API: one client, a bounded time for each request, a few retries where a
// retry is safe, and every refusal turned into one message that says what to do.

import { setTimeout as sleep } from 'node:timers/promises'
import type { getOctokit } from '@actions/github'
import { explainFailure, type Purpose, retryAfterMs } from './failures.ts'

export type Octokit = ReturnType<typeof getOctokit>
export type Repository = { readonly owner: string; readonly repo: string }

export type ConnectionOptions = {
  readonly token: string
  /** `https://api.github.com`, or `https://HOST/api/v3` of GitHub Enterprise Server. */
  readonly apiUrl?: string
  readonly signal?: AbortSignal
}

export type Connection = {
  /** Does one thing with the API; throws GateError('github'), or the reason it was called off for. */
  readonly call: <T>(purpose: Purpose, act: (octokit: Octokit) => Promise<T>) => Promise<T>
  /** Waits unless the work is called off. */
  readonly wait: (ms: number) => Promise<void>
  readonly token: string
}

const REQUEST_TIMEOUT_MS = 30_000
const MAX_ATTEMPTS = 4
const FIRST_PAUSE_MS = 400
/** GitHub may ask for an hour: a job does not wait for that. */
const LONGEST_PAUSE_MS = 60_000

export function connect(options: ConnectionOptions): Connection {
  let opened: Promise<Octokit> | undefined
  return {
    token: options.token,
    call: async (purpose, act) => {
      opened ??= open(options)
      const octokit = await opened
      try {
        return await act(octokit)
      } catch (error) {
        options.signal?.throwIfAborted()
        throw explainFailure(error, purpose)
      }
    },
    wait: async (ms) => {
      await sleep(ms, undefined, options.signal === undefined ? {} : { signal: options.signal })
    },
  }
}

/** Loaded at the first call: it takes a tenth of a second, and many invocations need none of it. */
async function open({ token, apiUrl, signal }: ConnectionOptions): Promise<Octokit> {
  const { getOctokit: create } = await import('@actions/github')
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const octokit = create(token, {
    log: silent,
    baseUrl: apiUrl === undefined ? undefined : apiUrl.replace(/\/+$/, ''),
  })
  octokit.hook.wrap('request', async (request, parameters) => {
    for (let attempt = 1; ; attempt++) {
      const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
      const bounded = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      try {
        return await request({
          ...parameters,
          request: { ...parameters.request, signal: bounded },
        })
      } catch (error) {
        const pause =
          attempt < MAX_ATTEMPTS ? pauseMs(error, parameters.method, attempt) : undefined
        if (pause === undefined || signal?.aborted === true) throw error
        await sleep(pause, undefined, signal === undefined ? {} : { signal })
      }
    }
  })
  return octokit
}

/** How long to wait before asking again; undefined where asking again is useless or unsafe. */
function pauseMs(error: unknown, method: string, attempt: number): number | undefined {
  const asked = retryAfterMs(error)
  if (asked !== undefined) return asked <= LONGEST_PAUSE_MS ? asked : undefined
  // A POST that was answered with 502 may have been carried out.
  if (method === 'POST') return undefined
  const status = statusOf(error)
  const worthIt = status === undefined || status >= 500
  return worthIt ? FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()) : undefined
}

/** Octokit calls a failure on the way "500"; it then has no response. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined
}
