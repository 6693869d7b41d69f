// Where a run of the base branch goes: into the baseline, apart from it, or nowhere.

import { beforeEach, describe, expect, it } from '@jest/globals'
import { type Opening, recordGate } from '../../src/gate/record.ts'
import { runGate } from '../../src/gate/run-gate.ts'
import { type Law, type MemoryWorld, memoryWorld, requestOf } from './memory-ports.ts'

let world: MemoryWorld

async function record(law: Law, opening?: Opening) {
  world.obey(law)
  const accept = opening === undefined ? {} : { accept: { label: opening.reason, by: opening.by } }
  const recorded = await recordGate({ ...requestOf(), ...accept }, { ports: world.ports, opening })
  if (recorded.addition !== undefined) {
    await world.ports.store.append([recorded.addition], {
      branch: 'x',
      keep: 20,
      maxAgeMs: 1e12,
      nowIso: world.ports.nowIso(),
    })
  }
  return recorded
}

beforeEach(async () => {
  world = memoryWorld()
  for (const drift of [1, 1.03, 0.98, 1.02, 0.97, 1.01]) {
    const { standing } = await record({ medianMs: () => 100 * drift })
    expect(standing).toEqual({ kind: 'accepted', opensEpoch: false })
  }
})

describe('a run of the base branch', () => {
  it('that fails is kept apart, and the baseline stays', async () => {
    const { standing, result } = await record({ medianMs: () => 200 })
    expect(standing).toMatchObject({ kind: 'held', failed: ['ttft_p50', 'ttft_p95'] })
    expect(world.stored.at(-1)?.standing).toBe('held')
    const [lastGood, firstBad] = world.stored.slice(-2).map(({ run }) => run)
    const between = {
      kind: 'regressed-between',
      lastGood: expect.objectContaining({ runId: lastGood?.id }),
      firstBad: expect.objectContaining({ runId: firstBad?.id }),
    }
    expect(result.notes).toContainEqual(expect.objectContaining(between))
    const again = await record({ medianMs: () => 200 })
    expect(again.standing.kind).toBe('held')
    expect(again.result.baselineRuns).toBe(6)
  })

  it('that is the second of a new level says so once, between which runs', async () => {
    const stepped = ({ result }: Awaited<ReturnType<typeof record>>) =>
      result.notes.filter(({ kind }) => kind === 'level-stepped')
    const last = world.stored.at(-1)?.run.id
    const faster = { medianMs: () => 75 }
    expect(stepped(await record(faster))).toEqual([])
    const first = world.stored.at(-1)?.run.id
    const [note] = stepped(await record(faster))
    expect(note).toMatchObject({ kind: 'level-stepped', lastBefore: last, first })
    expect(note?.kind === 'level-stepped' && note.change).toBeCloseTo(-0.25, 1)
    expect(stepped(await record(faster))).toEqual([])
  })

  it('that cannot be trusted is not recorded at all', async () => {
    const { standing, addition } = await record({ isDown: () => true })
    expect(standing).toMatchObject({
      kind: 'not-recorded',
      because: [{ kind: 'nothing-completed' }],
    })
    expect(addition).toBeUndefined()
  })

  it('that the budget forbids is not recorded either', async () => {
    const request = requestOf()
    const allowance = { ...request.allowance, requests: 10 }
    const { standing } = await recordGate(
      { ...request, allowance },
      { ports: world.ports, opening: undefined },
    )
    expect(standing).toMatchObject({ kind: 'not-recorded', because: [{ kind: 'budget' }] })
  })

  it('opens a new level where the merged pull request had the label', async () => {
    const opening = { by: 'ada', reason: '#7 was merged with the label', how: 'label' } as const
    const { standing } = await record({ medianMs: () => 200 }, opening)
    expect(standing).toEqual({ kind: 'accepted', opensEpoch: true })
    expect(world.epochs).toEqual([expect.objectContaining({ ...opening, gate: 'chat' })])
    world.obey({ medianMs: () => 200 })
    const { result } = await runGate(requestOf(), world.ports)
    expect(result.baselineRuns).toBe(1)
    expect(result.verdict).not.toBe('failed')
  })

  it('opens none by a label where nothing failed', async () => {
    const opening = { by: 'ada', reason: 'label', how: 'label' } as const
    const { standing } = await record({ medianMs: () => 100 }, opening)
    expect(standing).toEqual({ kind: 'accepted', opensEpoch: false })
    expect(world.epochs).toEqual([])
  })

  it('opens one by a dispatch where a run is kept apart, also if this one does not fail', async () => {
    const opening = { by: 'ada', reason: 'agreed', how: 'dispatch' } as const
    expect((await record({ medianMs: () => 200 })).standing.kind).toBe('held')
    const { standing } = await record({ medianMs: () => 112 }, opening)
    expect(standing).toEqual({ kind: 'accepted', opensEpoch: true })
    expect(world.epochs).toHaveLength(1)
  })

  it('opens none by a dispatch where nothing was kept apart', async () => {
    const opening = { by: 'ada', reason: 'agreed', how: 'dispatch' } as const
    const { standing } = await record({ medianMs: () => 100 }, opening)
    expect(standing).toEqual({ kind: 'accepted', opensEpoch: false })
  })
})
