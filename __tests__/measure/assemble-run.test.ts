import { describe, expect, it } from '@jest/globals'
import type { RunParts } from '../../src/measure/assemble-run.ts'
import { assembleRun } from '../../src/measure/assemble-run.ts'
import { TTFT_DEFINITION } from '../../src/model/ttft.ts'
import { answer, failure, measurement, QUIET } from '../judge/measured.ts'

const records = [
  answer(0),
  answer(1, { arm: 'reference' }),
  failure(2, { kind: 'probe', outcome: 'empty' }),
  answer(3),
]

const PARTS: RunParts = {
  measurement: measurement(records),
  priced: { records, costsUsd: [1, 2, 3, 4], spent: { usd: 11, estimated: false } },
  check: { invalidities: [], warnings: [] },
  arm: 'candidate',
  identity: {
    id: '20260102T030405Z-0123abcd',
    gate: 'chat',
    tool: 'inference-gate 1',
    startedAt: '2026-01-02T03:04:05Z',
    seed: 7,
    provenance: { commit: 'abc' },
  },
  comparable: {
    loadShape: { prompts: 'x' },
    loadShapeHash: 'h',
    ttftDefinition: TTFT_DEFINITION,
  },
  subject: { model: 'm' },
}

describe('an assembled run', () => {
  it('has the records of its arm with their prices', () => {
    const run = assembleRun(PARTS)
    expect(run.records.map((record) => record.index)).toEqual([0, 2, 3])
    expect(run.costsUsd).toEqual([1, 3, 4])
    expect(assembleRun({ ...PARTS, arm: 'reference' }).costsUsd).toEqual([2])
  })

  it('carries what a later reader needs', () => {
    expect(assembleRun(PARTS)).toMatchObject({
      ...PARTS.identity,
      ttftDefinition: TTFT_DEFINITION,
      loadShapeHash: 'h',
      conditions: QUIET,
      spent: { usd: 11 },
    })
  })

  it('has no prices where they are unknown, and says why', () => {
    const priced = { ...PARTS.priced, costsUsd: [], unknown: 'usage-unknown' } as const
    expect(assembleRun({ ...PARTS, priced })).toMatchObject({
      costsUsd: [],
      costUnknown: 'usage-unknown',
    })
  })

  it('leaves out probes that cannot show a token', () => {
    const warnings = [{ kind: 'probes-empty', empty: 1, probes: 1 }] as const
    const run = assembleRun({ ...PARTS, check: { invalidities: [], warnings } })
    expect(run.records.map((record) => record.index)).toEqual([0, 3])
    expect(run.costsUsd).toEqual([1, 4])
  })
})
