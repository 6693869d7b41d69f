// Files that the engines themselves wrote, measuring the simulator with refusals, cut streams and error
// events among its answers: what an import makes of them is what each engine says of its own run. Where
// an engine counts a cut stream as a success, so does this test for that row, and no import.

import { describe, expect, it } from '@jest/globals'
import { type MetricFamily, metricRow } from '../../../src/model/metric.ts'
import type { Outcome, RequestRecord } from '../../../src/model/request-record.ts'
import { quantile } from '../../../src/stats/quantile.ts'
import type { ImportedRun } from '../../../src/wire/imports/imported-run.ts'
import { firstOf, outcomesOf, textOf } from './imported-file.ts'

type Figures = Readonly<Record<string, number>>

const PERCENTS = [50, 95, 99] as const

function ours(
  { records }: ImportedRun,
  family: MetricFamily,
  successes: readonly Outcome[] = ['completed'],
): readonly number[] {
  const { read } = metricRow(family)
  const counted = records.filter(({ outcome }) => successes.includes(outcome))
  const values = counted.flatMap((record: RequestRecord) => read(record)).sort((a, b) => a - b)
  return PERCENTS.map((percent) => quantile(values, percent / 100))
}

function same(found: readonly number[], own: readonly (number | undefined)[]): void {
  expect(found.map((value) => value.toFixed(3))).toEqual(own.map((value) => value?.toFixed(3)))
}

function countOf(run: ImportedRun, ...outcomes: readonly string[]): number {
  return outcomesOf(run).filter((outcome) => outcomes.includes(outcome)).length
}

describe.each(['vllm-0.33.0.json', 'vllm-0.10.1.json'])('%s', (name) => {
  const run = firstOf(name)
  const own: Figures = JSON.parse(textOf(name))

  it.each(['ttft', 'itl'] as const)('gives its own %s', (family) => {
    same(
      ours(run, family),
      PERCENTS.map((percent) => own[`p${percent}_${family}_ms`]),
    )
  })

  // Before it wrote latencies, vLLM divided up to the end of the stream, which its file does not have.
  it('gives its own TPOT to a hundredth of a millisecond', () => {
    const found = ours(run, 'tpot')
    for (const [index, percent] of PERCENTS.entries()) {
      expect(Math.abs((found[index] ?? 0) - (own[`p${percent}_tpot_ms`] ?? 0))).toBeLessThan(0.011)
    }
  })

  it('completes and fails what it says', () => {
    expect(countOf(run, 'completed')).toBe(own.completed)
    expect(countOf(run, 'http-5xx')).toBe(60 - (own.completed ?? 0))
  })
})

it('gives the end-to-end latency of vLLM 0.33.0, and knows none of 0.10.1', () => {
  const own: Figures = JSON.parse(textOf('vllm-0.33.0.json'))
  same(
    ours(firstOf('vllm-0.33.0.json'), 'latency'),
    PERCENTS.map((percent) => own[`p${percent}_e2el_ms`]),
  )
  expect(firstOf('vllm-0.33.0.json').ttft.id).toBe('vllm-first-token-chunk/1')
  expect(firstOf('vllm-0.10.1.json').ttft.id).toBe('vllm-first-choices-chunk/1')
  expect(firstOf('vllm-0.10.1.json').unknowns.map(({ family }) => family)).toContain('latency')
})

describe('sglang-0.5.23.jsonl', () => {
  const run = firstOf('sglang-0.5.23.jsonl')
  const own: Figures = JSON.parse(textOf('sglang-0.5.23.jsonl').replaceAll('Infinity', 'null'))

  it.each(['ttft', 'itl'] as const)('gives its own %s', (family) => {
    same(ours(run, family), [
      own[`median_${family}_ms`],
      own[`p95_${family}_ms`],
      own[`p99_${family}_ms`],
    ])
  })

  it('completes what it says, and takes no length that was only asked for', () => {
    expect(countOf(run, 'completed')).toBe(own.completed)
    expect(countOf(run, 'http-5xx')).toBe(60 - (own.completed ?? 0))
    expect(run.unknowns.map(({ family }) => family)).toEqual(
      expect.arrayContaining(['tpot', 'output_tokens', 'latency']),
    )
  })
})

describe('inference-perf 0.7.0', () => {
  const run = firstOf('inference-perf-0.7.0/per_request_lifecycle_metrics.json')
  const own = JSON.parse(textOf('inference-perf-0.7.0/summary_lifecycle_metrics.json'))

  it.each([
    ['ttft', 'time_to_first_token'],
    ['latency', 'request_latency'],
  ] as const)(
    'gives its own %s, once all that it takes for a success is counted',
    (family, name) => {
      const inSeconds = own.successes.latency[name]
      const values = run.records
        .filter(({ outcome }) => outcome !== 'http-5xx')
        .map(({ firstTokenMs = Number.NaN, sentMs = 0, endMs }) =>
          family === 'ttft' ? firstTokenMs - sentMs : endMs - sentMs,
        )
        .sort((a, b) => a - b)
      same(
        PERCENTS.map((percent) => quantile(values, percent / 100)),
        ['median', 'p95', 'p99'].map((percent) => 1000 * inSeconds[percent]),
      )
    },
  )

  it('sees what it did not: streams that broke off, and errors among the tokens', () => {
    expect(countOf(run, 'http-5xx')).toBe(own.failures.count)
    expect(countOf(run, 'truncated')).toBe(3)
    expect(countOf(run, 'stream-error')).toBe(6)
    expect(countOf(run, 'completed', 'truncated', 'stream-error')).toBe(own.successes.count)
  })

  it('takes its rate from the stage', () => {
    expect(run.load).toBe('open, 15 per second, poisson')
    expect(run.rates?.achieved).toBeCloseTo(15.36, 2)
  })
})

describe('llmperf of December 2024', () => {
  const run = firstOf('llmperf-2024-12/simulated_150_16_individual_responses.json')
  const own: Figures = JSON.parse(textOf('llmperf-2024-12/simulated_150_16_summary.json'))

  it.each([
    ['ttft', 'ttft_s'],
    ['latency', 'end_to_end_latency_s'],
  ] as const)('gives its own %s', (family, name) => {
    same(
      ours(run, family),
      PERCENTS.map((percent) => 1000 * (own[`results_${name}_quantiles_p${percent}`] ?? 0)),
    )
  })

  it('completes what it says, and does not believe that nothing failed', () => {
    expect(countOf(run, 'completed')).toBe(own.results_num_completed_requests)
    expect(run.unknowns.map(({ family }) => family)).toContain('error_rate')
  })
})

describe('k6 1.8.1, whose script put the time to the first byte into a Trend', () => {
  const run = firstOf('k6-1.8.1/k6.ndjson', { ttftMetric: 'ttft' })
  const own = JSON.parse(textOf('k6-1.8.1/summary.json')).metrics

  it('gives its own Trend', () => {
    same(
      ours(run, 'ttft'),
      ['med', 'p(95)', 'p(99)'].map((percent) => own.ttft[percent]),
    )
  })

  it('fails what it says, and takes the users for the load', () => {
    expect(countOf(run, 'http-5xx') / run.records.length).toBe(own.http_req_failed.value)
    expect(run.records).toHaveLength(own.http_reqs.count)
    expect(run.load).toBe('closed, 4 in flight')
  })
})
