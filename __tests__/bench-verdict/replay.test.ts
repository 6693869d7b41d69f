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

describe('a file of recorded runs', () => {
  const head = '{"kind": "hosted", "source": "a test", "unit": "ms", "series": ['
  const series = (runs: string) => `${head}\n {"name": "api", "runs": [\n${runs}\n]}]}`
  const message = (text: string) => {
    writeFileSync(join(folder, 'runs.json'), text)
    try {
      recordedSeries(folder)
    } catch (error) {
      return error instanceof RangeError ? error.message : 'no RangeError'
    }
    return 'read'
  }

  it.each([
    ['empty', '', ':1: the file is empty; a file has kind, source'],
    ['cut short', `${head}\n {"name": "api", "runs": [`, ':2: not JSON ('],
    ['a list', '[]', ':1: not a mapping; a file has kind'],
    ['without a kind', '{"source": "s", "series": []}', ':1: `kind` is missing or no text;'],
    [
      'in seconds',
      '{"kind":"k","source":"s",\n"unit": "s", "series": []}',
      ':2: unit is "s"; a file',
    ],
    ['without series', '{"kind": "k", "source": "s"}', ':1: `series` is missing or no list;'],
    [
      'of a series without runs',
      `${head}\n\n {"name": "api"}]}`,
      ':3: neither `runs` nor `requests`',
    ],
    [
      'of a run without times',
      series('{"ttft": [1, 2]},\n{"failed": 3}'),
      ':4: neither `ttft` nor `p50`;',
    ],
    [
      'of a run without p90',
      series('{"p50": 1, "p99": 3}'),
      ':3: neither `ttft` nor `p90`; a run has at',
    ],
    [
      'of a wrong time',
      series('{"ttft": [1,\n "2"]}'),
      ':4: ttft[1] is "2"; a run has at, failed and ttft',
    ],
    ['of a wrong moment', series('{"at": "soon", "ttft": [1]}'), ':3: at is "soon"; a run has'],
    ['of a wrong count', series('{"failed": -1, "ttft": [1]}'), ':3: failed is -1; a run has'],
    [
      'of a request without its time',
      `${head}{"name": "api",\n"requests": [{"at": "2026-01-01"}]}]}`,
      ':2: `ttft` is missing; a request has at and ttft',
    ],
  ])('that is %s is refused with its line and what is legal', (_, text, expected) => {
    expect(message(text)).toContain(`${join(folder, 'runs.json')}${expected}`)
  })

  it('is read with any line ends, and in the order of its moments', () => {
    const later = '{"at": "2026-03-02T00:00:00Z", "ttft": [2]}'
    const earlier = '{"at": "2026-03-01T00:00:00Z", "ttft": [1]}'
    expect(message(series(`${later},\n${earlier}`).replaceAll('\n', '\r\n'))).toBe('read')
    const [{ runs } = { runs: [] }] = recordedSeries(folder)
    expect(runs.map((run) => run.series.ttft?.values)).toEqual([[1], [2]])
  })

  it('of one run, of none and of failures alone is judged nowhere and breaks nothing', () => {
    for (const runs of ['', '{"ttft": [1, 2, 3]}', '{"failed": 3, "ttft": []}']) {
      expect(message(series(runs))).toBe('read')
      const [only] = recordedSeries(folder)
      if (only === undefined) throw new Error('no series')
      const { replay } = replaySeries({ kind: 'replay', series: only })
      expect(replay.map(({ judged }) => judged)).toEqual(replay.map(() => 0))
    }
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
