// The benchmark's reading of recorded runs, and that its counts are of what was judged.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { recordedSeries } from '../../scripts/bench-verdict/recorded-runs.ts'
import { REPLAY_FACTORS, replaySeries } from '../../scripts/bench-verdict/replay-cell.ts'
import { quantile } from '../../src/stats/quantile.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recorded-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function read(series: unknown) {
  const file = { kind: 'hosted', source: 'a test', licence: 'MIT', unit: 'ms', series: [series] }
  writeFileSync(join(folder, 'runs.json'), JSON.stringify(file))
  const [first] = recordedSeries(folder)
  if (first === undefined) throw new Error('no series')
  return first
}

describe('recorded runs', () => {
  it('keeps the requests of a run, its failures and its time', () => {
    const [run] = read({
      name: 'api',
      runs: [{ at: '2026-03-01T01:00:00Z', failed: 2, ttft: [3, 1, 2] }],
    }).runs
    expect(run?.series.ttft?.values).toEqual([3, 1, 2])
    expect(run).toMatchObject({
      requests: 5,
      failed: 2,
      completed: 3,
      startedAt: '2026-03-01T01:00:00.000Z',
    })
  })

  it('rebuilds requests that have the percentiles of a run, without correlation of neighbours', () => {
    const [run] = read({
      name: 'api',
      requests: 1000,
      runs: [{ p50: 80, p90: 200, p99: 500 }],
    }).runs
    const values = run?.series.ttft?.values ?? []
    const sorted = [...values].sort((a, b) => a - b)
    expect(values).toHaveLength(1000)
    expect(quantile(sorted, 0.5) / 80).toBeCloseTo(1, 2)
    expect(quantile(sorted, 0.9) / 200).toBeCloseTo(1, 2)
    expect(quantile(sorted, 0.99) / 500).toBeCloseTo(1, 1)
    const logs = values.map(Math.log)
    const middle = logs.reduce((sum, log) => sum + log, 0) / logs.length
    const lag = logs
      .slice(1)
      .reduce((sum, log, i) => sum + (log - middle) * ((logs[i] ?? 0) - middle), 0)
    const spread = logs.reduce((sum, log) => sum + (log - middle) ** 2, 0)
    expect(lag / spread).toBeLessThan(0.2)
  })

  it('takes twenty single requests in a row for a run', () => {
    const requests = Array.from({ length: 45 }, (_, i) => ({ at: '2026-01-01', ttft: 100 + i }))
    expect(read({ name: 'api', requests }).runs.map(({ requests: count }) => count)).toEqual([
      20, 20,
    ])
  })
})

describe('replaying', () => {
  it('judges each run that has enough before it, once a gate, and finds what is twice as slow', () => {
    const runs = Array.from({ length: 9 }, (_, run) => ({
      ttft: Array.from(
        { length: 100 },
        (_, i) => (300 + ((i * 37) % 100)) * (1 + 0.01 * (run % 3)),
      ),
    }))
    const { replay } = replaySeries({ kind: 'replay', series: read({ name: 'api', runs }) })
    expect(replay).toHaveLength(4 * 4 * REPLAY_FACTORS.length)
    for (const { judged, fail, suspect, inconclusive, pass, k } of replay) {
      expect(judged).toBe(Math.max(0, 9 - k))
      expect(fail + suspect + inconclusive + pass).toBe(judged)
    }
    const slower = replay.find(
      ({ limits, k, factor }) => limits === 'p50' && k === 5 && factor === 1.5,
    )
    expect(slower).toMatchObject({ fail: 4, lastRunFails: 4, rollingMeanFails: 4 })
    const same = replay.find(({ limits, k, factor }) => limits === 'p50' && k === 5 && factor === 1)
    expect(same).toMatchObject({ fail: 0, lastRunFails: 0, rollingMeanFails: 0 })
  })
})
