import { describe, expect, it } from '@jest/globals'
import type { Epoch, StoredRun } from '../../../src/model/history.ts'
import { pathsToPrune } from '../../../src/wire/files/prune-store.ts'
import {
  entryOf,
  epochPath,
  runPath,
  type StoreEntry,
} from '../../../src/wire/files/store-layout.ts'
import { DAY_MS, NOON_MS, sampleEpoch, stored } from '../../baseline-samples.ts'

const SETTINGS = { keep: 10, maxAgeMs: 30 * DAY_MS, nowIso: new Date(NOON_MS).toISOString() }

/** What stays, as the seeds of the runs. */
function kept(
  runs: readonly StoredRun[],
  epochs: readonly Epoch[] = [],
  settings: Partial<typeof SETTINGS> = {},
): readonly number[] {
  const paths = [...runs.map(runPath), ...epochs.map(epochPath)]
  const entries = paths.map(entryOf).filter((entry): entry is StoreEntry => entry !== undefined)
  const gone = new Set(pathsToPrune(entries, epochs, { ...SETTINGS, ...settings }))
  return runs
    .filter((run) => !gone.has(runPath(run)))
    .map(({ run }) => Number.parseInt(run.id.slice(-8), 16))
}

/** Run number `seed`, `days` ago. */
function run(seed: number, days: number, standing: StoredRun['standing'] = 'accepted', more = {}) {
  return stored(
    { seed, startedMs: NOON_MS - days * DAY_MS, requests: 1, tokens: 1, ...more },
    standing,
  )
}

function series(first: number, last: number, standing: StoredRun['standing'] = 'accepted') {
  return Array.from({ length: last - first + 1 }, (_, n) =>
    run(first + n, 25 - (first + n) / 2, standing),
  )
}

describe('pruning', () => {
  it('keeps the newest runs and the first five of the epoch', () => {
    expect(kept(series(1, 20))).toEqual([1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
  })

  it('keeps everything while there is little', () => {
    expect(kept(series(1, 12))).toHaveLength(12)
  })

  it('drops runs past the age limit, but not the anchor', () => {
    const old = [run(1, 90), run(2, 80), run(3, 70), run(4, 60), run(5, 50), run(6, 40), run(7, 31)]
    expect(kept([...old, run(8, 29), run(9, 1)])).toEqual([1, 2, 3, 4, 5, 8, 9])
  })

  it('drops a load shape that nobody has measured within the age limit', () => {
    const other = [
      run(1, 60, 'accepted', { loadShapeHash: 'b' }),
      run(2, 40, 'held', { loadShapeHash: 'b' }),
    ]
    expect(kept([...other, run(3, 1)])).toEqual([3])
  })

  it('counts branches and load shapes apart', () => {
    const release = Array.from({ length: 3 }, (_, n) =>
      run(30 + n, 5, 'accepted', { branch: 'release' }),
    )
    expect(kept([...series(1, 20), ...release])).toHaveLength(18)
  })

  it('moves the anchor to the newest epoch, the accepted run included', () => {
    const runs = series(1, 20)
    const opened = NOON_MS - (25 - 12 / 2) * DAY_MS + 1000
    const epoch = sampleEpoch(opened, { acceptedRunId: runs[10]?.run.id ?? '' })
    // Number 11 was promoted; 13 is the first measured after the opening.
    expect(kept(runs, [epoch], { keep: 2 })).toEqual([11, 13, 14, 15, 16, 19, 20])
  })

  it('lets an epoch of another branch alone', () => {
    const epoch = sampleEpoch(NOON_MS - 10 * DAY_MS, { branch: 'release' })
    expect(kept(series(1, 20), [epoch], { keep: 1 })).toEqual([1, 2, 3, 4, 5, 20])
  })

  it('keeps the newest five held runs', () => {
    expect(kept(series(1, 9, 'held'))).toEqual([5, 6, 7, 8, 9])
  })

  it('keeps the newest ten openings of a branch', () => {
    const epochs = Array.from({ length: 13 }, (_, n) => sampleEpoch(NOON_MS - (20 - n) * DAY_MS))
    const entries = epochs
      .map(epochPath)
      .map(entryOf)
      .filter((one): one is StoreEntry => one !== undefined)
    const gone = pathsToPrune(entries, epochs, SETTINGS)
    expect(gone).toEqual(epochs.slice(0, 3).map(epochPath))
  })

  it('counts the configs apart, and keeps of runs without one the anchor of each', () => {
    const of = (config: string | undefined, runs: readonly StoredRun[]) =>
      runs.map((one) => ({
        ...one,
        run: { ...one.run, provenance: { ...one.run.provenance, config } },
      }))
    const [a, b] = [of('a.yml', series(1, 12)), of('b.yml', series(21, 24))]
    expect(kept([...a, ...b], [], { keep: 6 })).toEqual([
      1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 21, 22, 23, 24,
    ])
    // What is accepted for one config leaves the anchor of another, and of runs that may be its own.
    const opened = sampleEpoch(NOON_MS - 19.9 * DAY_MS, { config: 'b.yml' })
    expect(kept(a, [opened], { keep: 2 })).toEqual([1, 2, 3, 4, 5, 11, 12])
    expect(kept(series(1, 14), [opened], { keep: 1 })).toEqual([1, 2, 3, 4, 5, 11, 12, 13, 14])
  })
})
