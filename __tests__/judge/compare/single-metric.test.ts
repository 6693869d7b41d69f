// One number of a whole run against those of other runs: what the server says of itself, and a cold start.

import { describe, expect, it } from '@jest/globals'
import { compare } from '../../../src/judge/compare/compare.ts'
import { type Decision, decide } from '../../../src/judge/decide/decide.ts'
import type { Limit } from '../../../src/model/config.ts'
import type { MetricFamily } from '../../../src/model/metric.ts'
import type { Summary } from '../../../src/model/summary.ts'
import { reasonText } from '../../../src/report/describe/reason.ts'
import { ceilingOf, limitOf, normals, summaryOf } from '../../synthetic-summaries.ts'

function runWith(family: MetricFamily, value: number | undefined, id = 'run'): Summary {
  const summary = summaryOf({ values: [100, 110, 120] }, id)
  if (value === undefined) return summary
  const one = { values: [value], classes: [0], classNames: ['server'], leftOut: 0, of: 1 }
  return { ...summary, series: { ...summary.series, [family]: one } }
}

type Judging = {
  readonly family: MetricFamily
  readonly before: readonly number[]
  readonly now: number | undefined
  readonly limits?: readonly Limit[]
  readonly shown?: readonly string[]
}

function judge({ family, before, now, limits = [], shown }: Judging): Decision {
  const history = before.map((value, index) => runWith(family, value, `before-${index}`))
  const candidate = runWith(family, now)
  return decide(compare({ candidate, history, anchor: [], limits, ...(shown && { shown }) }))
}

function metricIn({ metrics }: Decision, id: string) {
  const found = metrics.find((metric) => metric.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

const waiting = limitOf('server_waiting', {
  worsening: 0.5,
  floor: 2,
  mustDetect: 1,
  autoDetect: true,
})

describe('a number of the server', () => {
  it('is shown wherever the server says it, and judged only where a limit asks for it', () => {
    const decision = judge({ family: 'server_waiting', before: [0, 0, 1], now: 7 })
    expect(metricIn(decision, 'server_waiting')).toMatchObject({
      label: 'Waiting requests',
      unit: 'count',
      candidate: 7,
      verdict: 'not-gated',
      history: 3,
    })
    const silent = judge({ family: 'server_waiting', before: [], now: undefined })
    expect(silent.metrics.map(({ id }) => id)).not.toContain('server_waiting')
  })

  it('fails by its history where it is far beyond what the runs before had', () => {
    const given = { family: 'server_waiting', before: [0, 0, 0, 0], limits: [waiting] } as const
    const worse = judge({ ...given, now: 9 })
    expect(worse.verdict).toBe('failed')
    expect(metricIn(worse, 'server_waiting')).toMatchObject({
      baseline: 0,
      candidate: 9,
      reason: { kind: 'worse-than-limit' },
    })
    expect(judge({ ...given, now: 0 }).verdict).toBe('passed')
    // Two more are the floor, whatever the share is.
    expect(judge({ ...given, now: 2 }).verdict).not.toBe('failed')
  })

  it('of which more is better fails where it falls', () => {
    const limits = [
      limitOf('prefix_cache_hit_rate', { worsening: 0.3, mustDetect: 0.5, autoDetect: true }),
    ]
    const given = {
      family: 'prefix_cache_hit_rate',
      before: [0.8, 0.82, 0.79, 0.81],
      limits,
    } as const
    const worse = judge({ ...given, now: 0.02 })
    expect(worse.verdict).toBe('failed')
    const { change = 0, baseline } = metricIn(worse, 'prefix_cache_hit_rate')
    expect(change).toBeCloseTo(0.02 / 0.805 - 1, 2)
    expect(baseline).toBeCloseTo(0.805, 2)
    expect(judge({ ...given, now: 0.8 }).verdict).toBe('passed')
    expect(judge({ ...given, now: 0.99 }).verdict).toBe('passed')
  })

  it('is held against a ceiling without any history, and against the number itself', () => {
    const limits = [ceilingOf('kv_cache_use', 0.95)]
    const given = { family: 'kv_cache_use', before: [], limits } as const
    const full = judge({ ...given, now: 0.97 })
    expect(full.verdict).toBe('failed')
    expect(reasonText(metricIn(full, 'kv_cache_use'))).toBe(
      '97 % in this run, beyond the ceiling of 95 %',
    )
    const room = judge({ ...given, now: 0.6 })
    expect(room.verdict).toBe('passed')
    expect(reasonText(metricIn(room, 'kv_cache_use'))).toBe(
      '60 % in this run, within the ceiling of 95 %',
    )
    const least = { ...ceilingOf('prefix_cache_hit_rate', 0.5) }
    const hits = { family: 'prefix_cache_hit_rate', before: [], limits: [least] } as const
    expect(judge({ ...hits, now: 0.6 }).verdict).toBe('passed')
    expect(judge({ ...hits, now: 0.4 }).verdict).toBe('failed')
  })

  it('that is limited and not exported leaves the gate open', () => {
    const decision = judge({
      family: 'server_waiting',
      before: [0, 0],
      now: undefined,
      limits: [waiting],
    })
    expect(decision.verdict).toBe('inconclusive')
    expect(metricIn(decision, 'server_waiting').reason).toEqual({ kind: 'not-exported' })
  })

  it('without a run before it has no baseline', () => {
    const decision = judge({ family: 'server_waiting', before: [], now: 3, limits: [waiting] })
    expect(decision.verdict).toBe('no-baseline')
  })

  it('fails an unchanged server in at most 1 of 20, in runs that lie 10 or 60 % apart', () => {
    const limits = [
      limitOf('server_queue_time', { worsening: 0.1, floor: 0, mustDetect: 1, autoDetect: true }),
    ]
    for (const spread of [0.1, 0.6]) {
      const normal = normals(11)
      const draw = () => 50 * Math.exp(spread * normal())
      let failed = 0
      for (let trial = 0; trial < 400; trial += 1) {
        const before = Array.from({ length: 3 + (trial % 6) }, draw)
        const { verdict } = judge({
          family: 'server_queue_time',
          before,
          now: draw(),
          limits,
          shown: [],
        })
        if (verdict === 'failed') failed += 1
      }
      expect([spread, failed <= 24]).toEqual([spread, true])
    }
  })
})
