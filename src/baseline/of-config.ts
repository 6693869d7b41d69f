// What is stored of a gate belongs to its config: a repository may have several, each with a gate of the
// same name, and none is judged by the runs of another. A config that was moved keeps its runs: it goes
// on asking the same endpoint where its old name has stopped. Runs of versions that did not write down
// the config are told apart by their endpoint.

import type { Subject } from '../model/config.ts'
import type { Epoch, StoreContents, StoredRun } from '../model/history.ts'
import type { Addition, BaselineStore } from '../model/store.ts'

export type Owner = {
  /** From the repository's root. Absent = there is no file, and everything stored counts. */
  readonly config?: string
  /** What its gates ask of whom, now and on the base branch. */
  readonly asks: readonly { readonly gate: string; readonly subject: Subject }[]
}

/** The store as one config sees it: it reads its own, and what it opens is of it alone. */
export function storeOfConfig(store: BaselineStore, owner: Owner): BaselineStore {
  return {
    place: store.place,
    read: async (gate) => ownContents(await store.read(gate), gate, owner),
    append: (additions, settings) =>
      store.append(
        additions.map((addition) => withOwner(addition, owner)),
        settings,
      ),
  }
}

function withOwner(addition: Addition, { config }: Owner): Addition {
  if (config === undefined) return addition
  return { ...addition, epochs: addition.epochs.map((epoch) => ({ ...epoch, config })) }
}

export function ownContents(contents: StoreContents, gate: string, owner: Owner): StoreContents {
  const { config, asks } = owner
  if (config === undefined) return contents
  const asked = asks.filter((one) => one.gate === gate).map(({ subject }) => endpointOf(subject))
  const isOwn = ownRuns(contents.runs, { config, asked })
  const runs = contents.runs.filter(isOwn)
  const others = contents.runs.filter((stored) => !isOwn(stored))
  if (others.length === 0 && contents.epochs.every((epoch) => epoch.config === undefined)) {
    return contents
  }
  const configs = new Set(others.flatMap(({ run }) => run.provenance.config ?? []))
  return {
    ...contents,
    runs,
    epochs: contents.epochs.filter((epoch) => isOwnEpoch(epoch, { config, runs, others })),
    ...(others.length === 0
      ? {}
      : { ofOthers: { runs: others.length, configs: [...configs].sort() } }),
  }
}

type Mine = { readonly config: string; readonly asked: readonly string[] }

function ownRuns(all: readonly StoredRun[], { config, asked }: Mine) {
  const named = Map.groupBy(all, ({ run }) => run.provenance.config)
  const own = named.get(config) ?? []
  const endpoints = new Set([...asked, ...own.map(endpoint)])
  const mine = new Set<StoredRun>(own)
  const theirs = new Set<string>()
  for (const [other, runs] of named) {
    if (other === undefined || other === config) continue
    for (const moved of ofEachBranch(runs)) {
      if (isSucceeded(moved, own, endpoints)) for (const run of moved) mine.add(run)
      else for (const run of moved) theirs.add(endpoint(run))
    }
  }
  for (const run of unnamed(named.get(undefined) ?? [], endpoints, theirs)) mine.add(run)
  return (stored: StoredRun) => mine.has(stored)
}

/** A config's old name: asked the same endpoint last, and has no run since this one has its own. */
function isSucceeded(
  old: readonly StoredRun[],
  own: readonly StoredRun[],
  endpoints: ReadonlySet<string>,
): boolean {
  const last = old.at(-1)
  if (last === undefined || !endpoints.has(endpoint(last))) return false
  const { branch } = last.run.provenance
  const first = own.find(({ run }) => run.provenance.branch === branch)
  return first === undefined || startedMs(last) < startedMs(first)
}

/**
 * Runs that do not say of which config they are: those of an endpoint that is asked here; and those of
 * one that nobody else asks, if it ended before that, since an endpoint may have been changed.
 */
function unnamed(
  runs: readonly StoredRun[],
  endpoints: ReadonlySet<string>,
  theirs: ReadonlySet<string>,
): readonly StoredRun[] {
  const firstOwn = runs.find((one) => endpoints.has(endpoint(one)))
  const sinceMs = firstOwn === undefined ? Number.POSITIVE_INFINITY : startedMs(firstOwn)
  const lastMs = new Map(runs.map((one) => [endpoint(one), startedMs(one)]))
  return runs.filter((one) => {
    const asked = endpoint(one)
    if (endpoints.has(asked)) return true
    return !theirs.has(asked) && (lastMs.get(asked) ?? 0) < sinceMs
  })
}

/** Of an old name as well, whose runs are this config's now. */
function isOwnEpoch(
  epoch: Epoch,
  by: {
    readonly config: string
    readonly runs: readonly StoredRun[]
    readonly others: readonly StoredRun[]
  },
): boolean {
  const { config, acceptedRunId } = epoch
  if (by.others.some(({ run }) => run.id === acceptedRunId)) return false
  if (config === undefined || config === by.config) return true
  return by.runs.some(({ run }) => run.provenance.config === config || run.id === acceptedRunId)
}

function ofEachBranch(runs: readonly StoredRun[]): readonly (readonly StoredRun[])[] {
  return [...Map.groupBy(runs, ({ run }) => run.provenance.branch).values()]
}

function endpoint({ run }: StoredRun): string {
  return endpointOf(run.subject)
}

/** Headers and prices may change under one roof; who is asked for which model says whose it is. */
function endpointOf({ url, model }: Subject): string {
  return JSON.stringify([url, model])
}

function startedMs({ run }: StoredRun): number {
  return Date.parse(run.startedAt)
}
