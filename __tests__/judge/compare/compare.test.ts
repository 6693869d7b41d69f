import { describe, expect, it } from '@jest/globals'
import { type ComparisonInput, compare } from '../../../src/judge/compare/compare.ts'
import { decide } from '../../../src/judge/decide/decide.ts'
import type { MetricComparison, Paired } from '../../../src/model/comparison.ts'
import type { MetricId } from '../../../src/model/metric.ts'
import type { Summary } from '../../../src/model/summary.ts'
import {
  ceilingOf,
  drawHistory,
  drawSummary,
  limitOf,
  normals,
  summaryOf,
} from '../../synthetic-summaries.ts'

const INFINITY = Number.POSITIVE_INFINITY

function metricOf(input: Partial<ComparisonInput> & { candidate: Summary }, id: string) {
  const whole = { history: [], anchor: [], limits: [], ...input }
  const found = compare(whole).metrics.find((metric) => metric.id === id)
  if (found === undefined) throw new Error(`no ${id}`)
  return found
}

describe('a percentile against the history', () => {
  it('gives the same numbers for the same inputs, to the last bit', () => {
    const input = () => {
      const normal = normals(4)
      return {
        candidate: drawSummary(normal, { requests: 80 }),
        history: drawHistory(normal, 4, { requests: 60 }),
        anchor: [],
        limits: [limitOf('ttft_p50'), limitOf('error_rate')],
      }
    }
    expect(compare(input())).toEqual(compare(input()))
  })

  it('does not touch what it is given', () => {
    const normal = normals(4)
    const candidate = drawSummary(normal, { requests: 40 })
    const history = drawHistory(normal, 3, { requests: 40 })
    const before = JSON.stringify([candidate, history])
    compare({ candidate, history, anchor: [], limits: [limitOf('ttft_p50')] })
    expect(JSON.stringify([candidate, history])).toBe(before)
  })

  it('shows metrics without a limit, in the order of the table', () => {
    const candidate = drawSummary(normals(1), { requests: 40 })
    const { metrics } = compare({
      candidate,
      history: [],
      anchor: [],
      limits: [limitOf('cost_per_answer'), limitOf('ttft_p90')],
    })
    expect(metrics.map(({ id }) => id)).toEqual([
      'ttft_p50',
      'ttft_p90',
      'ttft_p95',
      'ttft_p99',
      'error_rate',
      'cost_per_answer',
    ])
    expect(metrics[1]).toMatchObject({ label: 'TTFT p90', unit: 'ms', scale: 'ratio' })
  })

  it('leaves a default limit out that the run was not asked enough for, and says so', () => {
    const candidate = drawSummary(normals(1), { requests: 200 })
    const history = drawHistory(normals(2), 3, { requests: 200 })
    const p99 = limitOf('ttft_p99')
    const stated = metricOf({ candidate, history, limits: [p99] }, 'ttft_p99')
    expect(stated).toMatchObject({ limit: p99 })
    const byDefault = { ...p99, stated: false }
    const left = compare({ candidate, history, anchor: [], limits: [byDefault] })
    const metric = left.metrics.find(({ id }) => id === 'ttft_p99')
    expect(metric?.limit).toBeUndefined()
    expect(metric?.missing).toEqual({ kind: 'too-few-requests', has: 200, needs: 299 })
    const judged = decide(left).metrics.find(({ id }) => id === 'ttft_p99')
    expect(judged).toMatchObject({ verdict: 'not-gated', reason: { kind: 'too-few-requests' } })
  })

  it('keeps it where enough were asked and some failed', () => {
    const candidate = drawSummary(normals(1), { requests: 320 })
    const ttft = candidate.series.ttft
    if (ttft === undefined) throw new Error('no TTFT')
    const failing = {
      ...candidate,
      series: { ttft: { ...ttft, values: ttft.values.slice(40), refused: 40, of: 320 } },
    }
    const limits = [{ ...limitOf('ttft_p99'), stated: false }]
    expect(metricOf({ candidate: failing, limits }, 'ttft_p99').limit).toBeDefined()
  })

  it('refuses an id that no metric has', () => {
    const candidate = drawSummary(normals(1), { requests: 40 })
    expect(() =>
      compare({ candidate, history: [], anchor: [], limits: [], shown: ['ttft_pp'] }),
    ).toThrow(TypeError)
  })
})

describe('odd histories', () => {
  const normal = normals(17)
  const candidate = drawSummary(normal, { requests: 100 }, 'candidate')
  const limits = [limitOf('ttft_p50')]

  it('of none: there is nothing to compare with', () => {
    const metric = metricOf({ candidate, limits }, 'ttft_p50')
    expect(metric.relative).toBeUndefined()
    expect(metric.missing).toEqual({ kind: 'no-history' })
    expect(metric.history).toBe(0)
  })

  it('of one run: the prior says how far runs lie apart', () => {
    const history = drawHistory(normal, 1, { requests: 100 })
    const { relative, history: runs } = metricOf({ candidate, history, limits }, 'ttft_p50')
    expect(runs).toBe(1)
    expect(relative?.spread?.df).toBe(1)
    expect((relative?.upper ?? 0) - (relative?.lower ?? 0)).toBeGreaterThan(0.5)
  })

  it('out of order are put in order, of equal times keep theirs', () => {
    const days = (...all: readonly number[]) =>
      all.map((day, index) => ({
        ...drawSummary(
          normals(50 + day),
          { requests: 100, tau: 0, factor: 1 + 0.01 * day },
          `d${day}`,
        ),
        startedAt: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
        index,
      }))
    const ordered = metricOf({ candidate, history: days(1, 2, 3, 4, 5), limits }, 'ttft_p50')
    const mixed = metricOf({ candidate, history: days(4, 1, 5, 3, 2), limits }, 'ttft_p50')
    expect(mixed.relative).toEqual(ordered.relative)
    const same = days(1, 2, 3).map((run) => ({ ...run, startedAt: '2026-01-01T00:00:00Z' }))
    expect(metricOf({ candidate, history: same, limits }, 'ttft_p50').relative?.p).toBeGreaterThan(
      0,
    )
  })

  it('with a gap of months before the candidate are trusted less', () => {
    const history = drawHistory(normals(61), 6, { requests: 100, tau: 0.06 })
    const later = (startedAt: string) => {
      const { relative } = metricOf(
        { candidate: { ...candidate, startedAt }, history, limits },
        'ttft_p50',
      )
      return (relative?.upper ?? 0) - (relative?.lower ?? 0)
    }
    expect(later('2026-06-01T00:00:00Z')).toBeGreaterThan(later('2026-01-02T00:00:00Z'))
  })

  it('with a step at their very end: two runs are the level, one is in doubt', () => {
    const calm = drawHistory(normals(71), 6, { requests: 200, tau: 0.01 })
    const slow = drawHistory(normals(72), 2, { requests: 200, tau: 0.01, factor: 1.6 })
    const unchanged = drawSummary(normals(73), { requests: 200, tau: 0, factor: 1.6 })
    const judged = (history: readonly Summary[]) =>
      metricOf({ candidate: unchanged, history, limits }, 'ttft_p50')
    const stepped = judged([...calm, ...slow])
    expect(stepped.history).toBe(2)
    expect(stepped.step).toMatchObject({ setAside: 6, change: expect.closeTo(0.6, 1) })
    expect(stepped.relative?.p).toBeGreaterThan(0.05)
    expect(judged([...calm, ...slow.slice(0, 1)]).relative?.p).toBeGreaterThan(0.05)
    expect(judged(calm).relative?.p).toBeLessThan(0.01)
  })

  it('with a step tell which settings of the endpoint changed with it, prices left aside', () => {
    const dated = (runs: readonly Summary[], month: number, subject: Summary['subject']) =>
      runs.map((run, at) => ({
        ...run,
        startedAt: new Date(Date.UTC(2026, month, 1 + at)).toISOString(),
        subject,
      }))
    const calm = drawHistory(normals(71), 6, { requests: 200, tau: 0.01 })
    const slow = drawHistory(normals(72), 2, { requests: 200, tau: 0.01, factor: 1.6 })
    const unchanged = {
      ...drawSummary(normals(73), { requests: 200, tau: 0, factor: 1.6 }),
      startedAt: '2026-02-20T00:00:00Z',
    }
    const settings = (after: Summary['subject']) => {
      const before = { model: 'a', url: 'https://h', 'price of input': '$1/M' }
      const history = [...dated(calm, 0, before), ...dated(slow, 1, after)]
      return metricOf({ candidate: unchanged, history, limits }, 'ttft_p50').step?.settings
    }
    expect(settings({ model: 'a', url: 'https://h', 'price of input': '$2/M' })).toEqual([])
    expect(settings({ model: 'b', url: 'https://h', 'body.seed': '1' })).toEqual([
      'body.seed',
      'model',
    ])
  })

  it('of identical runs: a small change is never certain', () => {
    const run = drawSummary(normal, { requests: 100, tau: 0 })
    const slower = run.series.ttft?.values.map((ms) => 1.02 * ms) ?? []
    const history = new Array<Summary>(10).fill(run)
    const changed = summaryOf({ values: slower, classes: run.series.ttft?.classes ?? [] })
    const metric = metricOf({ candidate: changed, history, limits }, 'ttft_p50')
    expect(metric.change).toBeCloseTo(0.02, 6)
    expect(metric.relative?.p).toBeGreaterThan(0.01)
  })

  it('of another load shape or definition: named, and never compared', () => {
    const history = drawHistory(normal, 3, { requests: 50 })
    const shaped = history.map((run) => ({ ...run, loadShapeHash: 'other' }))
    const defined = history.map((run) => ({ ...run, ttftDefinition: 'other' }))
    expect(metricOf({ candidate, history: shaped, limits }, 'ttft_p50').missing).toEqual({
      kind: 'history-unusable',
      problem: 'all its runs have another load shape',
    })
    const unlike = metricOf({ candidate, history: defined, limits }, 'error_rate')
    expect(unlike.missing).toMatchObject({ problem: 'all its runs define TTFT differently' })
  })

  it('of failures alone: no percentile, but failure rates', () => {
    const failed = summaryOf({ values: [], failed: 60 })
    const history = [failed, failed]
    const input = { candidate, history, limits: [limitOf('ttft_p50'), limitOf('error_rate')] }
    expect(metricOf(input, 'ttft_p50').missing).toEqual({
      kind: 'history-unusable',
      problem: 'no run of it has this metric',
    })
    expect(metricOf(input, 'error_rate').relative?.difference).toBeCloseTo(-1, 12)
  })

  it('of timeouts beyond the percentile, or of a handful of requests: said so', () => {
    const timeouts = drawSummary(normal, { requests: 60, timeouts: 40 })
    expect(metricOf({ candidate, history: [timeouts], limits }, 'ttft_p50').missing).toMatchObject({
      problem: 'failures reach this percentile in every run of it',
    })
    const small = drawSummary(normal, { requests: 1 })
    expect(metricOf({ candidate, history: [small], limits }, 'ttft_p50').missing).toMatchObject({
      problem: 'its runs have fewer than 20 requests each',
    })
  })

  it('with one unusable run among sound ones: the others count', () => {
    const history = [
      ...drawHistory(normal, 4, { requests: 60 }),
      drawSummary(normal, { requests: 60, timeouts: 50 }),
    ]
    expect(metricOf({ candidate, history, limits }, 'ttft_p50').history).toBe(4)
  })
})

describe('failures of the candidate', () => {
  const normal = normals(23)
  const history = drawHistory(normal, 8, { requests: 200 })
  const limits = [limitOf('ttft_p50'), limitOf('ttft_p95')]

  it('that were refused widen what a pass has to rule out, not the change', () => {
    const candidate = drawSummary(normal, { requests: 200, failed: 14 })
    const { relative } = metricOf({ candidate, history, limits }, 'ttft_p95')
    expect(relative?.has).toBe(186)
    expect(Number.isFinite(relative?.upper)).toBe(true)
    expect(relative?.upperWithFailures).toBe(INFINITY)
    const median = metricOf({ candidate, history, limits }, 'ttft_p50').relative
    expect(median?.upperWithFailures).toBeGreaterThan(median?.upper ?? INFINITY)
    expect(Number.isFinite(median?.upperWithFailures)).toBe(true)
  })

  it('that waited in vain move the percentile, and the survivors are shown beside', () => {
    const candidate = drawSummary(normal, { requests: 200, timeouts: 6 })
    const metric = metricOf({ candidate, history, limits }, 'ttft_p95')
    expect(metric.survivorsOnly).toBeLessThan(metric.candidate ?? 0)
    expect(metric.beyond).toBeUndefined()
  })

  it('that reach the percentile make it infinite, with their own test', () => {
    const candidate = drawSummary(normal, { requests: 200, timeouts: 30 })
    const metric = metricOf({ candidate, history, limits }, 'ttft_p95')
    expect(metric.candidate).toBe(INFINITY)
    expect(metric.relative).toBeUndefined()
    expect(metric.beyond).toMatchObject({ failed: 30, of: 200 })
    expect(metric.beyond?.p).toBeLessThan(1e-4)
  })

  it('all of them: no samples, and not a word more', () => {
    const candidate = summaryOf({ values: [], failed: 50 })
    const metric = metricOf({ candidate, history, limits }, 'ttft_p95')
    expect(metric.missing).toEqual({ kind: 'no-samples' })
    expect(metric.requests).toBe(0)
    expect(metric.baseline).toBeGreaterThan(0)
  })
})

describe('metrics where higher is better', () => {
  const speed = (factor: number, seed: number): Summary => {
    const normal = normals(seed)
    const values = Array.from({ length: 120 }, () => 50 * factor * Math.exp(0.2 * normal()))
    const classes = values.map(() => 0)
    const series = { values, classes, classNames: ['a'], leftOut: 0, of: 120 }
    return {
      ...summaryOf({ values: [] }),
      requests: 120,
      completed: 120,
      series: { output_tokens_per_second: series },
      goodput: { good: factor < 1 ? 90 : 118, of: 120 },
    }
  }
  const history = [1, 2, 3, 4, 5].map((seed) => speed(1, seed))
  const limits = [
    limitOf('output_tokens_per_second'),
    limitOf('goodput', { worsening: 0.05, mustDetect: 0.1 }),
  ]

  it('turn a slower answer into a positive worsening and a negative change', () => {
    const metric = metricOf(
      { candidate: speed(0.6, 9), history, limits },
      'output_tokens_per_second',
    )
    expect(metric.baseline).toBeGreaterThan(45)
    expect(metric.candidate).toBeLessThan(35)
    expect(metric.change).toBeLessThan(-0.3)
    expect(metric.relative?.difference).toBeGreaterThan(0.3)
    expect(metric.interval?.[0]).toBeLessThan(metric.change ?? 0)
    expect(metric.interval?.[1]).toBeGreaterThan(metric.change ?? 0)
    expect(metric.relative?.threshold).toBeCloseTo(-Math.log(0.9), 10)
  })

  it('judge goodput as the rate of what was not good', () => {
    const metric = metricOf({ candidate: speed(0.6, 9), history, limits }, 'goodput')
    expect(metric.baseline).toBeCloseTo(118 / 120, 10)
    expect(metric.candidate).toBeCloseTo(0.75, 10)
    expect(metric.change).toBeCloseTo(0.75 - 118 / 120, 10)
    expect(metric.relative?.difference).toBeCloseTo(118 / 120 - 0.75, 10)
    expect(metric.interval?.[0]).toBeLessThan(metric.interval?.[1] ?? 0)
  })
})

describe('gaps between tokens', () => {
  it('are not taken for independent: one slow answer is one answer', () => {
    const normal = normals(6)
    const run = (): Summary => {
      const values: number[] = []
      const requests: number[] = []
      for (let request = 0; request < 60; request += 1) {
        const pace = 20 * Math.exp(0.3 * normal())
        for (let gap = 0; gap < 40; gap += 1) {
          values.push(pace * Math.exp(0.1 * normal()))
          requests.push(request)
        }
      }
      const classes = values.map(() => 0)
      const itl = { values, classes, requests, classNames: ['a'], leftOut: 0, of: 60 }
      return { ...summaryOf({ values: [] }), requests: 60, completed: 60, series: { itl } }
    }
    const history = [run(), run(), run(), run()]
    const metric = metricOf({ candidate: run(), history, limits: [limitOf('itl_p50')] }, 'itl_p50')
    expect(metric.requests).toBe(60)
    expect(metric.relative?.has).toBe(60)
    const perRequest = (metric.relative?.spread?.withinPass ?? 0) / 2400
    // The median of 60 answers' paces is known to about 1.25 x 0.3 / sqrt(60).
    expect(Math.sqrt(perRequest)).toBeGreaterThan(0.03)
    expect(Math.sqrt(perRequest)).toBeLessThan(0.09)
  })
})

describe('ceilings', () => {
  const slowRun = summaryOf({
    values: Array.from({ length: 100 }, (_, i) => (i % 8 === 3 ? 900 : 200 + ((i * 37) % 100))),
  })

  it('count requests beyond them against the share a percentile allows', () => {
    const limits = [ceilingOf('ttft_p95', 500)]
    const { ceiling } = metricOf({ candidate: slowRun, limits }, 'ttft_p95')
    expect(ceiling).toMatchObject({ over: 13, of: 100 })
    expect(ceiling?.pAbove).toBeLessThan(0.05)
    expect(ceiling?.pWithin).toBeGreaterThan(0.9)
  })

  it('are met only when enough requests show it', () => {
    const run = (count: number) => summaryOf({ values: new Array<number>(count).fill(200) })
    const limits = [ceilingOf('ttft_p95', 500)]
    const few = metricOf({ candidate: run(40), limits }, 'ttft_p95').ceiling
    const many = metricOf({ candidate: run(60), limits }, 'ttft_p95').ceiling
    expect(few?.pWithin).toBeGreaterThan(0.05)
    expect(few?.needs).toBe(59)
    expect(many?.pWithin).toBeLessThan(0.05)
  })

  it('hold refused requests against a pass, not for a fail', () => {
    const limits = [ceilingOf('ttft_p95', 500)]
    const clean = { values: new Array<number>(80).fill(200) }
    const refused = metricOf({ candidate: summaryOf({ ...clean, failed: 9 }), limits }, 'ttft_p95')
    expect(refused.ceiling?.over).toBe(0)
    expect(refused.ceiling?.pAbove).toBe(1)
    expect(refused.ceiling?.pWithin).toBeGreaterThan(0.05)
  })

  it('of an error rate are exact binomial, and of zero ask for none', () => {
    const candidate = summaryOf({ values: new Array<number>(185).fill(200), failed: 15 })
    const limits = [ceilingOf('error_rate', 0.03)]
    const { ceiling } = metricOf({ candidate, limits }, 'error_rate')
    expect(ceiling).toMatchObject({ over: 15, of: 200, needs: 99 })
    expect(ceiling?.pAbove).toBeCloseTo(0.0011470953, 9)
    const none = metricOf({ candidate, limits: [ceilingOf('error_rate', 0)] }, 'error_rate')
    expect(none.ceiling).toMatchObject({ pAbove: 0, pWithin: 1 })
  })

  it('of a cost bound the mean', () => {
    const candidate = summaryOf({ values: new Array<number>(60).fill(200), usd: 0.001 })
    const at = (usd: number) =>
      metricOf({ candidate, limits: [ceilingOf('cost_per_answer', usd)] }, 'cost_per_answer')
        .ceiling
    expect(at(0.0008)?.pAbove).toBeLessThan(1e-6)
    expect(at(0.0012)?.pWithin).toBeLessThan(1e-6)
    expect(at(0.001)?.pAbove).toBeGreaterThan(0.05)
    expect(at(0.0008)?.over).toBe(48)
  })

  it('of a speed are a minimum', () => {
    const values = Array.from({ length: 60 }, () => 50)
    const series = { values, classes: values.map(() => 0), classNames: [], leftOut: 0, of: 60 }
    const candidate = {
      ...summaryOf({ values: [] }),
      requests: 60,
      completed: 60,
      series: { output_tokens_per_second: series },
    }
    const at = (least: number) =>
      metricOf(
        { candidate, limits: [ceilingOf('output_tokens_per_second', least)] },
        'output_tokens_per_second',
      ).ceiling
    expect(at(60)?.over).toBe(60)
    expect(at(40)?.over).toBe(0)
  })
})

describe('cost', () => {
  const normal = normals(40)
  const history = drawHistory(normal, 6, { requests: 80 })

  it('is compared per completed answer, failures in the numerator', () => {
    const candidate = drawSummary(normal, { requests: 80, usd: 0.0012 })
    const metric = metricOf(
      { candidate, history, limits: [limitOf('cost_per_answer')] },
      'cost_per_answer',
    )
    expect(metric.change).toBeCloseTo(0.2, 2)
    expect(metric.unit).toBe('USD')
    expect(metric.relative?.p).toBeLessThan(0.01)
  })

  it('that is unknown says why', () => {
    const candidate: Summary = {
      ...drawSummary(normal, { requests: 80 }),
      cost: { known: false, reason: 'usage-unknown' },
    }
    expect(metricOf({ candidate, history }, 'cost_per_answer').missing).toEqual({
      kind: 'usage-unknown',
    })
  })
})

describe('drift', () => {
  const normal = normals(50)
  const anchor = drawHistory(normal, 5, { requests: 200, tau: 0.02 })
  const later = Array.from({ length: 8 }, (_, i) =>
    drawSummary(normal, { requests: 200, tau: 0.02, factor: 1.04 ** (i + 1) }, `later-${i}`),
  )
  const candidate = drawSummary(normal, { requests: 200, tau: 0.02, factor: 1.04 ** 9 }, 'new')
  const limits = [limitOf('ttft_p50', { drift: 0.25 })]

  it('sums the steps since the epoch began', () => {
    const { drift, relative } = metricOf({ candidate, history: later, anchor, limits }, 'ttft_p50')
    expect(drift?.total).toBeGreaterThan(0.25)
    expect(drift?.total).toBeLessThan(0.6)
    expect(relative?.difference).toBeLessThan(drift?.difference ?? 0)
    expect(drift?.tolerated).toBeCloseTo(Math.log(1.25), 12)
    expect(drift?.interval[0]).toBeLessThan(drift?.total ?? 0)
  })

  it('is not asked while the baseline is the epoch start itself', () => {
    const young = metricOf({ candidate, history: anchor, anchor, limits }, 'ttft_p50')
    expect(young.drift).toBeUndefined()
  })

  it('is asked for cost as well', () => {
    const found = metricOf(
      { candidate, history: later, anchor, limits: [limitOf('cost_per_answer')] },
      'cost_per_answer',
    )
    expect(found.drift?.total).toBeCloseTo(0, 1)
  })
})

describe('a reference arm', () => {
  const normal = normals(60)
  const drift = 1.5

  function paired(factor: number, pairs: number, failedHalves = 0): Paired {
    const reference = drawSummary(normal, { requests: pairs, factor: drift, tau: 0 }, 'reference')
    const base = reference.series.ttft?.values ?? []
    const values = base.map((ms, i) =>
      i < failedHalves ? Number.POSITIVE_INFINITY : ms * factor * Math.exp(0.1 * normal()),
    )
    const classes = reference.series.ttft?.classes ?? []
    const candidate = summaryOf({ values, classes, timeouts: failedHalves }, 'candidate')
    return {
      candidate,
      reference,
      pairs: { ttft: values.map((ms, i) => [ms, base[i] ?? 0]) },
      differs: 0.033,
    }
  }
  const limits = [limitOf('ttft_p50'), limitOf('ttft_p95'), limitOf('error_rate')]
  const looks = { history: { taken: 1, planned: 1 }, pairs: { taken: 1, planned: 1 } }
  const candidate = drawSummary(normal, { requests: 100, factor: drift, tau: 0 })

  it('takes the drift of the provider out of the change', () => {
    const input = { candidate, limits, paired: paired(1, 200), looks }
    const metric = metricOf(input, 'ttft_p50')
    expect(metric.relative?.evidence).toBe('reference')
    expect(Math.abs(metric.change ?? 9)).toBeLessThan(0.05)
    expect(metric.baseline).toBeGreaterThan(500)
    expect(metricOf(input, 'ttft_p95').relative?.evidence).toBe('reference')
  })

  it('is not believed beyond what two deployments of the same thing differ by', () => {
    const slower = paired(1.15, 400)
    const chance = (differs: number, id: MetricId) =>
      metricOf({ candidate, limits, paired: { ...slower, differs }, looks }, id).relative?.p ?? 0
    expect(chance(0.033, 'ttft_p50')).toBeLessThan(0.02)
    expect(chance(0.15, 'ttft_p50')).toBeGreaterThan(0.2)
    expect(chance(0.15, 'ttft_p95')).toBeGreaterThan(chance(0.033, 'ttft_p95'))
    expect(chance(0, 'ttft_p50')).toBeLessThan(chance(0.033, 'ttft_p50'))
  })

  it('of the same machine says something also where all pairs differ alike', () => {
    const { reference, ...rest } = paired(1, 60)
    const exact = (reference.series.ttft?.values ?? []).map((ms) => [ms, ms] as const)
    const same = { ...rest, candidate: reference, reference, pairs: { ttft: exact }, differs: 0 }
    const { relative } = metricOf({ candidate, limits, paired: same, looks }, 'ttft_p50')
    expect(relative?.p).toBeCloseTo(0.5, 6)
    expect(relative?.upper).toBeLessThan(0.01)
  })

  it('decides without a history, and is put together with one', () => {
    const alone = metricOf({ candidate, limits, paired: paired(1.3, 100), looks }, 'ttft_p50')
    expect(alone.relative?.p).toBeLessThan(0.001)
    const history = drawHistory(normal, 6, { requests: 100, factor: drift })
    const both = metricOf(
      { candidate, history, limits, paired: paired(1.3, 100), looks },
      'ttft_p50',
    )
    expect(both.relative?.evidence).toBe('reference')
    const width = (metric: MetricComparison) =>
      (metric.relative?.upper ?? 0) - (metric.relative?.lower ?? 0)
    expect(width(both)).toBeLessThan(1.25 * width(alone))
  })

  it('drops a pair with a failed half from the median and ranks it against a pass', () => {
    const { relative } = metricOf(
      { candidate, limits, paired: paired(1, 100, 8), looks },
      'ttft_p50',
    )
    expect(relative?.has).toBe(92)
    expect(relative?.upperWithFailures).toBeGreaterThan(relative?.upper ?? 9)
    const many = metricOf(
      { candidate, limits, paired: paired(1, 100, 40), looks },
      'ttft_p50',
    ).relative
    expect(many?.upperWithFailures).toBe(INFINITY)
  })

  it('compares failures of both arms exactly', () => {
    const measured = paired(1, 100)
    const worse = summaryOf({ values: new Array<number>(85).fill(400), failed: 15 })
    const { relative } = metricOf(
      { candidate, limits, paired: { ...measured, candidate: worse }, looks },
      'error_rate',
    )
    expect(relative?.evidence).toBe('reference')
    expect(relative?.difference).toBeCloseTo(0.15, 12)
    expect(relative?.p).toBeLessThan(0.001)
  })

  it('compares cost of both arms where answers were sent', () => {
    const measured = paired(1, 60)
    const costlier = {
      ...measured.candidate,
      cost: drawSummary(normal, { requests: 60, usd: 0.0013 }).cost,
    }
    const metric = metricOf(
      {
        candidate,
        limits: [limitOf('cost_per_answer')],
        paired: { ...measured, candidate: costlier },
        looks,
      },
      'cost_per_answer',
    )
    expect(metric.change).toBeCloseTo(0.3, 2)
    expect(metric.baseline).toBeCloseTo(0.001, 6)
  })

  it('leaves metrics it is not for with the history', () => {
    const history = drawHistory(normal, 6, { requests: 100, factor: drift })
    const input = {
      candidate,
      history,
      limits,
      paired: { ...paired(1, 50), metrics: ['ttft_p50'] },
      looks,
    }
    expect(metricOf(input, 'ttft_p50').relative?.evidence).toBe('reference')
    expect(metricOf(input, 'error_rate').relative?.evidence).toBe('history')
  })

  it('with too few pairs leaves the comparison to the percentiles of the arms', () => {
    const few = metricOf({ candidate, limits, paired: paired(1, 12), looks }, 'ttft_p50')
    expect(few.relative?.has).toBe(12)
    expect(few.relative?.needsToFail).toBe(20)
  })
})

describe('looks', () => {
  const normal = normals(70)
  const candidate = drawSummary(normal, { requests: 100, factor: 1.2 })
  const history = drawHistory(normal, 8, { requests: 100 })
  const limits = [limitOf('ttft_p50')]
  const at = (looks: ComparisonInput['looks']) =>
    metricOf({ candidate, history, limits, ...(looks && { looks }) }, 'ttft_p50').relative

  it('that may follow make an early p-value count for more', () => {
    const alone = at(undefined)
    const twice = at({ history: { taken: 1, planned: 2 }, pairs: { taken: 0, planned: 0 } })
    const pairs = at({ history: { taken: 1, planned: 1 }, pairs: { taken: 0, planned: 2 } })
    expect(alone?.pForLooks).toBe(alone?.p)
    expect(twice?.pForLooks).toBeCloseTo((alone?.p ?? 0) / 0.7, 10)
    expect(pairs?.pForLooks).toBeGreaterThan(twice?.pForLooks ?? 1)
    expect(pairs?.upper).toBe(alone?.upper)
  })

  it('spend what is left on the later one', () => {
    const second = at({ history: { taken: 2, planned: 2 }, pairs: { taken: 0, planned: 0 } })
    expect(second?.pForLooks).toBeCloseTo((second?.p ?? 0) / 0.3, 10)
  })
})
