import { describe, expect, it } from '@jest/globals'
import { type OpeningRequest, openEpoch } from '../../src/baseline/accept.ts'
import { chooseBaseline } from '../../src/baseline/choose-baseline.ts'
import type { StoreContents, StoredRun } from '../../src/model/history.ts'
import { DAY_MS, NOON_MS, runId, sampleEpoch, stored } from '../baseline-samples.ts'

const NOW_MS = NOON_MS + 20 * DAY_MS
const ACCEPTANCE: OpeningRequest = {
  gate: 'chat',
  by: 'octocat',
  reason: 'a larger model',
  how: 'command',
  branch: 'main',
  nowIso: new Date(NOW_MS).toISOString(),
  id: runId(NOW_MS, 77),
}

function run(n: number, standing: StoredRun['standing'] = 'accepted', branch = 'main') {
  return stored(
    { seed: n, startedMs: NOON_MS + n * DAY_MS, requests: 1, tokens: 1, branch },
    standing,
  )
}

function contents(runs: readonly StoredRun[], more: Partial<StoreContents> = {}): StoreContents {
  return { runs, epochs: [], unreadable: [], place: 'here', ...more }
}

describe('accepting a new level', () => {
  it('opens an epoch with who, when and why, and promotes the newest held run', () => {
    const { epoch, promoted } = openEpoch(contents([run(1), run(2, 'held'), run(3, 'held')]), {
      ...ACCEPTANCE,
      commit: 'c3',
    })
    expect(promoted).toEqual({ ...run(3, 'held'), standing: 'accepted' })
    expect(epoch).toEqual({
      id: ACCEPTANCE.id,
      gate: 'chat',
      openedAt: ACCEPTANCE.nowIso,
      by: 'octocat',
      reason: 'a larger model',
      how: 'command',
      commit: 'c3',
      branch: 'main',
      acceptedRunId: run(3).run.id,
    })
  })

  it('promotes the run that is named', () => {
    const some = contents([run(2, 'held'), run(3, 'held')])
    const { promoted } = openEpoch(some, { ...ACCEPTANCE, runId: run(2).run.id })
    expect(promoted?.run.id).toBe(run(2).run.id)
    expect(openEpoch(some, { ...ACCEPTANCE, runId: run(9).run.id }).promoted).toBeUndefined()
  })

  it('promotes none of another branch or of a level that is past', () => {
    expect(
      openEpoch(contents([run(1), run(2, 'held', 'release')]), ACCEPTANCE).promoted,
    ).toBeUndefined()
    const epochs = [sampleEpoch(NOON_MS + 5 * DAY_MS)]
    expect(openEpoch(contents([run(2, 'held')], { epochs }), ACCEPTANCE).promoted).toBeUndefined()
    expect(openEpoch(contents([run(6, 'held')], { epochs }), ACCEPTANCE).promoted).toBeDefined()
    expect(openEpoch(contents([run(1)]), ACCEPTANCE).epoch.acceptedRunId).toBeUndefined()
  })

  it('makes the promoted run the whole baseline until more are recorded', () => {
    const before = contents([run(1), run(2), run(3, 'held')])
    const { epoch, promoted } = openEpoch(before, ACCEPTANCE)
    if (promoted === undefined) throw new Error('nothing was promoted')
    const after = contents([run(1), run(2), promoted, run(21)], { epochs: [epoch] })
    const history = chooseBaseline(after, {
      loadShape: promoted.run.loadShape,
      loadShapeHash: promoted.run.loadShapeHash,
      ttftDefinition: promoted.run.ttftDefinition,
      baseBranch: 'main',
      nowIso: new Date(NOON_MS + 22 * DAY_MS).toISOString(),
      maxAgeMs: 30 * DAY_MS,
      keep: 20,
    })
    expect(history.runs.map(({ id }) => id)).toEqual([promoted.run.id, run(21).run.id])
    expect(history.anchor).toEqual(history.runs)
  })
})
