// What a store no longer needs. Every group of runs (branch, load shape, config) keeps its newest accepted
// runs, its newest held ones and the first runs of its current epoch, which the drift guard sums
// small steps against. A group without a single run younger than the age limit is dropped whole.

import { type Epoch, standingEpochs } from '../../model/history.ts'
import { ANCHOR_RUNS } from '../../model/store.ts'
import { branchKeyOf, configKeyOf, type StoreEntry } from './store-layout.ts'

/** Held runs wait for a decision; more than the newest few decide nothing. */
export const HELD_RUNS = 5
/** Openings remembered per branch and config. */
export const KEPT_EPOCHS = 10

type RunEntry = Extract<StoreEntry, { kind: 'run' }>

export type PruneSettings = {
  readonly keep: number
  readonly maxAgeMs: number
  readonly nowIso: string
}

/** The paths of one gate to delete. `epochs` are the readable ones of that gate. */
export function pathsToPrune(
  entries: readonly StoreEntry[],
  epochs: readonly Epoch[],
  settings: PruneSettings,
): readonly string[] {
  const runs = entries.filter((entry) => entry.kind === 'run')
  const groups = Map.groupBy(runs, (run) => `${run.branchKey}/${run.shapeKey}`)
  const surplusRuns = [...groups.values()].flatMap((group) => pruneGroup(group, epochs, settings))
  return [...surplusRuns.map((run) => run.path), ...surplusEpochs(entries, epochs)]
}

function pruneGroup(
  group: readonly RunEntry[],
  epochs: readonly Epoch[],
  settings: PruneSettings,
): readonly RunEntry[] {
  const oldestMs = Date.parse(settings.nowIso) - settings.maxAgeMs
  const fresh = group.filter((run) => run.startedMs >= oldestMs)
  if (fresh.length === 0) return group
  const accepted = group.filter((run) => run.standing === 'accepted').sort(byTime)
  const kept = new Set([
    ...anchorOf(accepted, epochs),
    ...newest(fresh, 'accepted', settings.keep),
    ...newest(fresh, 'held', HELD_RUNS),
  ])
  return group.filter((run) => !kept.has(run))
}

/**
 * The first accepted runs since the branch's newest opening, the run it took in included. Runs that
 * do not say of which config they are may be any config's: each one's anchor is kept.
 */
function anchorOf(accepted: readonly RunEntry[], epochs: readonly Epoch[]): readonly RunEntry[] {
  const [first] = accepted
  if (first === undefined) return []
  const ofBranch = standingEpochs(epochs).filter(
    (one) => one.branch === undefined || branchKeyOf(one.branch) === first.branchKey,
  )
  const configs =
    first.configKey === undefined
      ? new Set([undefined, ...ofBranch.map(configKey)])
      : new Set([first.configKey])
  return [...configs].flatMap((config) => {
    const own = ofBranch.filter((one) => one.config === undefined || configKey(one) === config)
    return anchorSince(accepted, own.sort(byOpening).at(-1))
  })
}

function configKey({ config }: Epoch): string | undefined {
  return config === undefined ? undefined : configKeyOf(config)
}

function anchorSince(accepted: readonly RunEntry[], epoch: Epoch | undefined): readonly RunEntry[] {
  if (epoch === undefined) return accepted.slice(0, ANCHOR_RUNS)
  const openedMs = Math.floor(Date.parse(epoch.openedAt) / 1000) * 1000
  const since = accepted.filter(
    (run) => run.startedMs >= openedMs || run.id === epoch.acceptedRunId,
  )
  return since.slice(0, ANCHOR_RUNS)
}

function surplusEpochs(
  entries: readonly StoreEntry[],
  epochs: readonly Epoch[],
): readonly string[] {
  const alike = Map.groupBy(epochs, ({ branch, config }) => JSON.stringify([branch, config]))
  const surplus = [...alike.values()].flatMap((some) =>
    [...some].sort(byOpening).slice(0, -KEPT_EPOCHS),
  )
  const ids = new Set(surplus.map((epoch) => epoch.id))
  return entries
    .filter((entry) => entry.kind === 'epoch' && ids.has(entry.id))
    .map((entry) => entry.path)
}

function newest(
  group: readonly RunEntry[],
  standing: RunEntry['standing'],
  count: number,
): readonly RunEntry[] {
  const some = group.filter((run) => run.standing === standing).sort(byTime)
  return count > 0 ? some.slice(-count) : []
}

function byTime(a: RunEntry, b: RunEntry): number {
  return a.id < b.id ? -1 : 1
}

function byOpening(a: Epoch, b: Epoch): number {
  return Date.parse(a.openedAt) - Date.parse(b.openedAt) || (a.id < b.id ? -1 : 1)
}
