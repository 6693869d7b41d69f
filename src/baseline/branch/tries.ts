// One read or one append of the data branch, tried again while the remote may still say yes: spread out at
// random, and bounded in number and time.

import { setTimeout as sleep } from 'node:timers/promises'
import {
  type DataRepository,
  openRepository,
  RemoteTrouble,
  type RepositoryOptions,
} from './data-repository.ts'
import type { Trouble } from './git-trouble.ts'

const SHORTEST_UNIT_MS = 100
const LONGEST_UNIT_MS = 1_500
const MOST_KILLED = 3

export type TryOptions = Omit<RepositoryOptions, 'remainingMs'> & {
  /** Milliseconds of any clock that never steps back. */
  readonly nowMs: () => number
  /** 0 up to 1, to spread the tries of many writers. */
  readonly random: () => number
  /** For one read or one append, all tries together. */
  readonly totalTimeMs: number
}

/** What the server turned out to allow. */
type Learnt = { readonly filtered: boolean; readonly withParent: boolean }
export type Attempt = Learnt & { readonly number: number }

/** What a store keeps for its next work. */
export type Reopened = {
  learnt: Learnt
  /** Of the read or append that is under way. */
  deadlineMs: number
  /** By whether they are filtered. */
  readonly opened: Map<boolean, DataRepository>
}

export function notOpened(): Reopened {
  return { learnt: { filtered: true, withParent: false }, deadlineMs: 0, opened: new Map() }
}

export type Ended<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly problem: string; readonly remedy: string }

/** Tries until it works, cannot work, or tries or time are spent. */
export async function withTries<T>(
  options: TryOptions & Reopened,
  attempts: number,
  work: (repository: DataRepository, attempt: Attempt) => Promise<T>,
): Promise<Ended<T>> {
  options.deadlineMs = options.nowMs() + options.totalTimeMs
  const remainingMs = () => options.deadlineMs - options.nowMs()
  let attempt: Attempt = { number: 1, ...options.learnt }
  for (;;) {
    const startedMs = options.nowMs()
    try {
      const { filtered } = attempt
      const repository =
        options.opened.get(filtered) ??
        (await openRepository({ ...options, remainingMs }, filtered))
      options.opened.set(filtered, repository)
      return { done: true, value: await work(repository, attempt) }
    } catch (error) {
      if (!(error instanceof RemoteTrouble)) throw error
      const next = attemptAfter(error.trouble, attempt)
      if ('remedy' in next) return { done: false, problem: error.message, remedy: next.remedy }
      const tookMs = options.nowMs() - startedMs
      if (next.number > attempts || remainingMs() <= tookMs) {
        return { done: false, ...givenUp(error.message, attempt.number) }
      }
      const pauseMs = pauseAfter(tookMs, attempt.number, options.random())
      await pause(Math.min(pauseMs, remainingMs() / 2), options.signal)
      attempt = next
      options.learnt = { filtered: next.filtered, withParent: next.withParent }
    }
  }
}

function attemptAfter(trouble: Trouble, attempt: Attempt): Attempt | { readonly remedy: string } {
  const next = { ...attempt, number: attempt.number + 1 }
  if (trouble.kind === 'final') return { remedy: trouble.remedy }
  if (trouble.kind === 'killed' && attempt.number >= MOST_KILLED) {
    return { remedy: 'Check the memory of the machine, and what else ends its processes.' }
  }
  if (trouble.kind === 'no-filter') {
    return attempt.filtered
      ? { ...next, filtered: false }
      : { remedy: 'The server does not hand out the branch; ask who runs it.' }
  }
  if (trouble.kind === 'no-force') {
    return attempt.withParent
      ? { remedy: 'Exclude the data branch from the branch protection or ruleset.' }
      : { ...next, withParent: true }
  }
  return next
}

function givenUp(problem: string, tries: number) {
  return {
    problem: `${problem} (${tries} ${tries === 1 ? 'try' : 'tries'})`,
    remedy: 'Run the command below once the remote can be reached.',
  }
}

/**
 * Full jitter over a window of 2, 4, 8, 16 and again 2 times what the last try took: many writers
 * need room in proportion to their work, and one that has waited long is not made to wait longer.
 */
function pauseAfter(tookMs: number, attempt: number, random: number): number {
  const unitMs = Math.min(LONGEST_UNIT_MS, Math.max(SHORTEST_UNIT_MS, tookMs))
  return SHORTEST_UNIT_MS / 2 + random * unitMs * 2 ** (1 + ((attempt - 1) % 4))
}

async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(pauseMs, undefined, { signal })
  } catch {
    // Cancelled: the next command says so.
  }
}
