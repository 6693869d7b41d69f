import { describe, expect, it } from '@jest/globals'
import { compare } from '../../src/judge/compare/compare.ts'
import { detectability } from '../../src/judge/detectability.ts'
import { ceilingOf, drawHistory, drawSummary, limitOf, normals } from '../synthetic-summaries.ts'

const normal = normals(12)
const history = drawHistory(normal, 8, { requests: 100 })
const limits = [
  limitOf('ttft_p50'),
  limitOf('ttft_p95'),
  limitOf('error_rate'),
  limitOf('cost_per_answer'),
]
const size = { requests: 100, probes: 0 }

describe('what a planned run can detect', () => {
  it('has a row for each relative limit and none for a ceiling', () => {
    const rows = detectability([...limits, ceilingOf('ttft_p99', 5000)], history, size)
    expect(rows.map(({ metric }) => metric)).toEqual(limits.map(({ metric }) => metric))
    expect(rows.every((row) => row.history === 8)).toBe(true)
  })

  it('is what a comparison with the same history says of the same number of requests', () => {
    const candidate = drawSummary(normal, { requests: 100 })
    const compared = compare({ candidate, history, anchor: [], limits, shown: [] })
    for (const row of detectability(limits, history, size)) {
      const metric = compared.metrics.find(({ id }) => id === row.metric)
      const [planned, seen] = [row.detectable?.at80 ?? 9, metric?.detectable?.at80 ?? 0]
      expect(Math.abs(planned - seen)).toBeLessThan(0.12 * seen)
    }
  })

  it('improves with requests and never beyond the best', () => {
    const at = (requests: number) =>
      detectability(limits, history, { requests, probes: 0 }).map((row) => row.detectable)
    at(50).forEach((few, index) => {
      const many = at(1000)[index]
      expect(many?.at80).toBeLessThanOrEqual(few?.at80 ?? 0)
      expect(many?.best).toBeLessThanOrEqual(many?.at80 ?? 0)
    })
  })

  it('counts probes for the first token and failures, not for cost', () => {
    const rows = detectability(limits, history, { requests: 100, probes: 400 })
    const requests = Object.fromEntries(rows.map((row) => [row.metric, row.requests]))
    expect(requests).toEqual({
      ttft_p50: 500,
      ttft_p95: 500,
      error_rate: 500,
      cost_per_answer: 100,
    })
  })

  it('says how many requests a percentile needs at all', () => {
    const [p99] = detectability([limitOf('ttft_p99')], history, size)
    expect(p99).toMatchObject({ needsToFail: 200, needsToPass: 299 })
  })

  it('assumes a usual distribution where there is no history, and nothing for a rate', () => {
    const rows = detectability(limits, [], size)
    expect(rows.map((row) => row.history)).toEqual([0, 0, 0, 0])
    expect(rows[0]?.detectable?.at80).toBeGreaterThan(0.3)
    expect(rows[1]?.detectable?.at80).toBeGreaterThan(rows[0]?.detectable?.at80 ?? 9)
    expect(rows[2]?.detectable).toBeUndefined()
    expect(rows[3]?.detectable?.at80).toBeGreaterThan(0.05)
  })

  it('says nothing of a metric that the history does not have', () => {
    const [row] = detectability([limitOf('ttfot_p50')], history, size)
    expect(row?.history).toBe(0)
    expect(row?.detectable).toBeUndefined()
  })

  it('reads limits where higher is better the right way round', () => {
    const values = Array.from({ length: 100 }, () => 40 * Math.exp(0.2 * normal()))
    const series = { values, classes: values.map(() => 0), classNames: [], leftOut: 0, of: 100 }
    const fast = history.map((run) => ({
      ...run,
      series: { output_tokens_per_second: { ...series, values: [...values] } },
    }))
    const [row] = detectability([limitOf('output_tokens_per_second')], fast, size)
    expect(row?.detectable?.at80).toBeGreaterThan(0.1)
    expect(row?.detectable?.at80).toBeLessThan(1)
  })
})
