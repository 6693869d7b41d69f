import { describe, expect, it } from '@jest/globals'
import { chooseBaseline } from '../../src/baseline/choose-baseline.ts'
import type {
  BaselineNote,
  Epoch,
  StoreContents,
  StoredRun,
  WantedBaseline,
} from '../../src/model/history.ts'
import { TTFT_DEFINITION } from '../../src/model/ttft.ts'
import { DAY_MS, NOON_MS, type SampleOptions, sampleEpoch, stored } from '../baseline-samples.ts'

const SHAPE = { api: 'openai-chat', load: 'closed, 4 in flight' }
const WANTED: WantedBaseline = {
  loadShape: SHAPE,
  loadShapeHash: 'a'.repeat(64),
  ttftDefinition: TTFT_DEFINITION,
  baseBranch: 'main',
  defaultBranch: 'main',
  nowIso: new Date(NOON_MS + 20 * DAY_MS).toISOString(),
  maxAgeMs: 30 * DAY_MS,
  keep: 10,
}

/** Run number n: measured on day n, of commit cn. */
function run(n: number, more: SampleOptions = {}, standing: StoredRun['standing'] = 'accepted') {
  const day = { seed: n, startedMs: NOON_MS + n * DAY_MS, commit: `c${n}`, requests: 1, tokens: 1 }
  return stored({ ...day, ...more }, standing)
}

function runs(first: number, last: number, more: SampleOptions = {}): readonly StoredRun[] {
  return Array.from({ length: last - first + 1 }, (_, n) => run(first + n, more))
}

function choose(
  some: readonly StoredRun[],
  wanted: Partial<WantedBaseline> = {},
  contents: Partial<StoreContents> = {},
) {
  const sorted = [...some].sort((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1))
  const all = { runs: sorted, epochs: [], unreadable: [], place: 'branch x', ...contents }
  const history = chooseBaseline(all, { ...WANTED, ...wanted })
  return {
    ...history,
    taken: history.runs.map(numberOf),
    anchors: history.anchor.map(numberOf),
    told: history.notes.map(({ kind }) => kind),
    note: (kind: BaselineNote['kind']) => history.notes.find((note) => note.kind === kind),
  }
}

function numberOf({ id }: { readonly id: string }): number {
  return Number.parseInt(id.slice(-8), 16)
}

function span(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, n) => first + n)
}

const ancestorsUpTo = (n: number) => new Set(span(0, n).map((commit) => `c${commit}`))

describe('choosing a baseline', () => {
  it('takes the newest runs, oldest first, with the first five as the anchor', () => {
    const chosen = choose(runs(1, 15))
    expect(chosen.taken).toEqual(span(6, 15))
    expect(chosen.anchors).toEqual([1, 2, 3, 4, 5])
    expect(chosen.told).toEqual([])
    expect(chosen).toMatchObject({ place: 'branch x', subject: run(1).run.subject })
  })

  it('is empty without runs, and says nothing it does not know', () => {
    const chosen = choose([])
    expect(chosen).toMatchObject({ taken: [], anchors: [], told: [] })
    expect(chosen.subject).toBeUndefined()
  })

  it('says that there are few runs until there are eight', () => {
    expect(choose(runs(1, 7)).note('few-runs')).toEqual({
      kind: 'few-runs',
      runs: 7,
      recommended: 8,
    })
    expect(choose(runs(1, 8)).told).toEqual([])
  })

  it('passes on every unreadable file', () => {
    const unreadable = [{ path: 'v1/x.json', problem: 'is empty' }]
    const note = choose(runs(1, 9), {}, { unreadable }).note('unreadable')
    expect(note).toEqual({ kind: 'unreadable', path: 'v1/x.json', problem: 'is empty' })
  })

  it('names the subject of the newest run taken', () => {
    const [last] = runs(9, 9)
    if (last === undefined) throw new Error('no run')
    const changed = { ...last, run: { ...last.run, subject: { model: 'another' } } }
    expect(choose([...runs(1, 8), changed]).subject).toEqual({ model: 'another' })
  })
})

describe('the load shape', () => {
  it('must be the same, or the history is empty and what changed is listed', () => {
    const other = { loadShapeHash: 'b', loadShape: { ...SHAPE, load: 'closed, 8 in flight' } }
    const chosen = choose(runs(1, 9, other))
    expect(chosen.taken).toEqual([])
    expect(chosen.note('load-shape-changed')).toEqual({
      kind: 'load-shape-changed',
      runs: 9,
      changes: [{ member: 'load', before: 'closed, 8 in flight', after: 'closed, 4 in flight' }],
    })
  })

  it('is told as changed while the runs of the new one are few, not after', () => {
    const other = runs(1, 5, { loadShapeHash: 'b' })
    expect(choose([...other, ...runs(6, 8)]).told).toEqual(['load-shape-changed', 'few-runs'])
    expect(choose([...other, ...runs(6, 13)]).told).toEqual([])
  })

  it('includes the definition of TTFT', () => {
    expect(choose(runs(1, 9), { ttftDefinition: 'another/2' }).taken).toEqual([])
  })
})

describe('the base branch', () => {
  it('is the only one whose runs count', () => {
    const chosen = choose([...runs(1, 8, { branch: 'release' }), ...runs(9, 17)])
    expect(chosen.taken).toEqual(span(9, 17))
    expect(chosen.told).toEqual([])
  })

  it('falls back to the default branch, and says so', () => {
    const chosen = choose(runs(1, 9), { baseBranch: 'release' })
    expect(chosen.taken).toEqual(span(1, 9))
    expect(chosen.note('other-branch')).toEqual({
      kind: 'other-branch',
      wanted: 'release',
      taken: 'main',
    })
  })

  it('falls back for want of a run of the same load shape too', () => {
    const release = runs(1, 3, { branch: 'release', loadShapeHash: 'b' })
    const chosen = choose([...release, ...runs(4, 12)], { baseBranch: 'release' })
    expect(chosen.taken).toEqual(span(4, 12))
    expect(chosen.told).toEqual(['other-branch'])
  })

  it('does not fall back to any other branch', () => {
    const chosen = choose(runs(1, 9, { branch: 'feature' }), { baseBranch: 'release' })
    expect(chosen.taken).toEqual([])
    expect(chosen.told).toEqual([])
  })

  it('may be missing on either side: then every run counts', () => {
    const [own] = runs(1, 1)
    if (own === undefined) throw new Error('no run')
    const local = { ...own, run: { ...own.run, provenance: {} } }
    expect(choose([local, ...runs(2, 9)]).taken).toEqual(span(1, 9))
    const { baseBranch: _, defaultBranch: __, ...nowhere } = WANTED
    const contents = {
      runs: [...runs(1, 2), run(3, { branch: 'x' })],
      epochs: [],
      unreadable: [],
      place: 'p',
    }
    expect(chooseBaseline(contents, nowhere).runs).toHaveLength(3)
  })
})

describe('the merge base', () => {
  it('comes before later runs', () => {
    const chosen = choose(runs(1, 15), { mergeBase: 'c9', ancestors: ancestorsUpTo(9) })
    expect(chosen.taken).toEqual(span(1, 9))
    expect(chosen.told).toEqual([])
  })

  it('is filled up with the nearest later runs to five, and says so', () => {
    const chosen = choose(runs(1, 15), { mergeBase: 'c2', ancestors: ancestorsUpTo(2) })
    expect(chosen.taken).toEqual([1, 2, 3, 4, 5])
    expect(chosen.note('after-merge-base')).toEqual({
      kind: 'after-merge-base',
      mergeBase: 'c2',
      runs: 3,
    })
  })

  it('takes later runs alone where there is none before', () => {
    const chosen = choose(runs(5, 15), { mergeBase: 'c1', ancestors: ancestorsUpTo(1) })
    expect(chosen.taken).toEqual([5, 6, 7, 8, 9])
    expect(chosen.note('after-merge-base')).toMatchObject({ runs: 5 })
  })

  it('counts what is older than a known ancestor, as only some are known', () => {
    const chosen = choose(runs(1, 15), { mergeBase: 'c9', ancestors: new Set(['c8', 'c9']) })
    expect(chosen.taken).toEqual(span(1, 9))
  })

  it('does not matter while no ancestors are known', () => {
    expect(choose(runs(1, 15), { mergeBase: 'c9' }).taken).toEqual(span(6, 15))
  })
})

describe('age', () => {
  it('leaves old runs out and says how many when the rest is few', () => {
    const chosen = choose(runs(1, 9), { maxAgeMs: 15 * DAY_MS })
    expect(chosen.taken).toEqual(span(5, 9))
    expect(chosen.note('too-old')).toEqual({ kind: 'too-old', runs: 4, maxAgeMs: 15 * DAY_MS })
    expect(chosen.anchors).toEqual([1, 2, 3, 4, 5])
  })

  it('says that all are too old', () => {
    const chosen = choose(runs(1, 9), { maxAgeMs: DAY_MS })
    expect(chosen.taken).toEqual([])
    expect(chosen.told).toEqual(['too-old'])
  })

  it('is no news while enough young runs are there', () => {
    expect(choose(runs(1, 15), { maxAgeMs: 15 * DAY_MS }).told).toEqual([])
  })
})

describe('held runs', () => {
  it('are no baseline, and are told when they are newer than it', () => {
    const held = [run(10, {}, 'held'), run(11, {}, 'held')]
    const chosen = choose([...runs(1, 9), ...held])
    expect(chosen.taken).toEqual(span(1, 9))
    expect(chosen.note('held-runs')).toEqual({
      kind: 'held-runs',
      runs: 2,
      newestRunId: held[1]?.run.id,
    })
    const place = (n: number) => ({ runId: run(n).run.id, commit: run(n).run.provenance.commit })
    expect(chosen.note('regressed-between')).toEqual({
      kind: 'regressed-between',
      lastGood: place(9),
      firstBad: place(10),
    })
  })

  it('are part of what a pull request is compared with, and of no epoch’s first runs', () => {
    const held = [run(10, {}, 'held'), run(11, {}, 'held')]
    const chosen = choose([...runs(1, 9), ...held], { held: 'counted' })
    expect(chosen.taken).toEqual(span(2, 11))
    expect(chosen.anchors).toEqual(span(1, 5))
    expect(chosen.note('held-runs')).toEqual({
      kind: 'held-runs',
      runs: 2,
      newestRunId: held[1]?.run.id,
      counted: true,
    })
    expect(chosen.regressedBase).toEqual({ runs: held.map(({ run }) => run), blocks: false })
  })

  it('are left out and told where the policy blocks for them', () => {
    const held = [run(10, {}, 'held'), run(11, {}, 'held')]
    const chosen = choose([...runs(1, 9), ...held], { held: 'apart' })
    expect(chosen.taken).toEqual(span(2, 9))
    expect(chosen.regressedBase).toEqual({ runs: held.map(({ run }) => run), blocks: true })
  })

  it('alone are no level', () => {
    expect(choose([run(1, {}, 'held'), run(2, {}, 'held')], { held: 'counted' }).taken).toEqual([])
  })

  it('are past once the branch has recovered', () => {
    const recovered = [...runs(1, 9), run(10, {}, 'held'), run(11)]
    expect(choose(recovered).told).toEqual([])
    expect(choose(recovered, { held: 'counted' }).regressedBase).toBeUndefined()
  })
})

describe('an epoch', () => {
  /** Opened at noon and an hour of day n. */
  function epoch(n: number, more: Partial<Epoch> = {}): Epoch {
    return sampleEpoch(NOON_MS + n * DAY_MS + 3_600_000, more)
  }

  it('starts the baseline and its anchor anew, with the accepted run', () => {
    const held = run(9, {}, 'accepted')
    const opened = epoch(9, { acceptedRunId: held.run.id })
    const chosen = choose([...runs(1, 8), held, ...runs(10, 16)], {}, { epochs: [opened] })
    expect(chosen.taken).toEqual(span(9, 16))
    expect(chosen.anchors).toEqual(span(9, 13))
    expect(chosen.note('epoch')).toEqual({
      kind: 'epoch',
      openedAt: opened.openedAt,
      by: 'octocat',
      reason: 'a larger model, on purpose',
    })
  })

  it('leaves the baseline empty when nothing was accepted with it', () => {
    const chosen = choose(runs(1, 9), {}, { epochs: [epoch(9)] })
    expect(chosen.taken).toEqual([])
    expect(chosen.told).toEqual(['epoch'])
  })

  it('is the newest of several, whatever their order', () => {
    const epochs = [epoch(12), epoch(3), epoch(7)]
    expect(choose(runs(1, 15), {}, { epochs }).taken).toEqual([13, 14, 15])
  })

  it('of another branch does not count', () => {
    expect(
      choose(runs(1, 9), {}, { epochs: [epoch(5, { branch: 'release' })] }).taken,
    ).toHaveLength(9)
    expect(choose(runs(1, 9), {}, { epochs: [epoch(5, { branch: 'main' })] }).taken).toEqual(
      span(6, 9),
    )
  })

  it('of a change that a pull request does not contain does not hold for it', () => {
    const merged = epoch(9, { commit: 'c9', how: 'label', acceptedRunId: run(9).run.id })
    const old = choose(
      runs(1, 15),
      { mergeBase: 'c4', ancestors: ancestorsUpTo(4) },
      { epochs: [merged] },
    )
    expect(old.taken).toEqual([1, 2, 3, 4, 5])
    expect(old.told).toEqual(['after-merge-base', 'few-runs'])
    const rebased = choose(
      runs(1, 15),
      { mergeBase: 'c12', ancestors: ancestorsUpTo(12) },
      { epochs: [merged] },
    )
    expect(rebased.taken).toEqual([9, 10, 11, 12, 13])
  })

  it('of such a change holds where the level before has no young run left', () => {
    const merged = epoch(9, { commit: 'c9', how: 'label' })
    const chosen = choose(
      runs(1, 15),
      { mergeBase: 'c4', ancestors: ancestorsUpTo(4), maxAgeMs: 10 * DAY_MS },
      { epochs: [merged] },
    )
    expect(chosen.taken).toEqual([10, 11, 12, 13, 14])
  })

  it('opened by command holds for everyone: the endpoint changed, not the code', () => {
    const opened = epoch(9, { commit: 'c9', how: 'command' })
    const chosen = choose(
      runs(1, 15),
      { mergeBase: 'c4', ancestors: ancestorsUpTo(4) },
      { epochs: [opened] },
    )
    expect(chosen.taken).toEqual([10, 11, 12, 13, 14])
  })
})
