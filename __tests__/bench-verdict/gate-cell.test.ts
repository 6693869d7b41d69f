// The benchmark's gates go the way of the pipeline: what it counts is what the project's own sentence did.

import { describe, expect, it } from '@jest/globals'
import { type GateCell, runGateCell } from '../../scripts/bench-verdict/gate-cell.ts'

const CELL: GateCell = {
  kind: 'gate',
  scenario: { tau: 0.03, errors: 0 },
  reference: 'none',
  runs: 5,
  effects: [{ name: 'unchanged' }, { name: 'twice as slow', latency: 2 }],
  deployment: 0.02,
  confirm: true,
  replications: 2,
  seed: 11,
}

describe('a gate of the benchmark', () => {
  it('is the default gate: its requests, probes and warm-up, and a second measurement for a fail', async () => {
    const { counts } = await runGateCell(CELL)
    const [same, slower] = counts
    expect(Object.keys(same?.metrics ?? {})).toEqual([
      'ttft_p50',
      'ttft_p95',
      'ttft_p99',
      'error_rate',
      'cost_per_answer',
    ])
    expect(same?.requests).toBeGreaterThanOrEqual(324)
    expect(slower).toMatchObject({
      gate: { fail: 2, open: 0, pass: 0 },
      confirmations: { confirmed: 2 },
    })
    expect(slower?.requests).toBe(648)
    expect((slower?.seconds ?? 0) - 2 * (same?.seconds ?? 0)).toBeGreaterThan(60)
  })

  it('measures its reference arm in both looks of the pairs', async () => {
    const { counts } = await runGateCell({
      ...CELL,
      workload: 'requests: 100',
      metrics: ['ttft_p50'],
      mostRequests: 100 + 4 + 2 * 100 + 16,
      reference: 'available',
      confirm: false,
      effects: [{ name: '+20 %', latency: 1.2 }],
    })
    expect(counts[0]?.gate.fail).toBe(2)
    expect(counts[0]?.requests).toBeGreaterThan(104)
    expect(counts[0]?.requests).toBeLessThanOrEqual(320)
  })

  it('counts the same of the same seed', async () => {
    const small = { ...CELL, runs: 2, replications: 1 }
    expect(await runGateCell(small)).toEqual(await runGateCell(small))
  })
})
