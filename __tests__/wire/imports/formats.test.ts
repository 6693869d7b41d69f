import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodeRun, encodeRun } from '../../../src/wire/files/run-file.ts'
import { IMPORT_FORMATS } from '../../../src/wire/imports/formats.ts'
import { parseDocuments } from '../../../src/wire/imports/tolerant-json.ts'
import { sampleRun } from '../../baseline-samples.ts'
import { read, textOf, unknownFamilies } from './imported-file.ts'

/** A fixture with one change made to its JSON. */
function changed(name: string, change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(textOf(name))
  change(file)
  return JSON.stringify(file)
}

const AGGREGATES = [
  ['vllm-aggregates.json', 'vllm'],
  ['sglang-aggregates.jsonl', 'sglang'],
  ['aiperf/profile_export_aiperf.json', 'aiperf'],
  ['guidellm-aggregates.json', 'guidellm'],
  ['inference-perf/summary_lifecycle_metrics.json', 'inference-perf'],
  ['llmperf/m_128_16_summary.json', 'llmperf'],
  ['k6-summary.json', 'k6'],
] as const

describe('telling a format by content', () => {
  it('knows the files of every engine that hold no requests', () => {
    expect(AGGREGATES.map(([name]) => read(textOf(name)))).toEqual(
      AGGREGATES.map(([, format]) => `aggregates of ${format}`),
    )
  })

  it('lists what it knows when it knows nothing of a file', () => {
    for (const text of [
      '{"hello": 1}',
      '[]',
      '[1, 2]',
      '"text"',
      'null',
      '7',
      '{"benchmarks": []}',
    ]) {
      const problem = read(text)
      expect(problem).toMatch(/^is of no format that is known here: vllm /)
      for (const { name } of IMPORT_FORMATS) expect(problem).toContain(name)
    }
  })

  it('reads as the named format whatever the content says', () => {
    expect(read('{"hello": 1}', { format: 'guidellm' })).toBe('benchmarks is nothing, not a list')
    expect(read('{"hello": 1}', { format: 'vllm' })).toBe('run 1: ttfts is nothing, not a list')
    expect(read(textOf('vllm-aggregates.json'), { format: 'vllm' })).toBe('aggregates of vllm')
  })
})

describe('a file that is not what it claims to be', () => {
  it('is refused with the place', () => {
    const rows: readonly (readonly [string, string])[] = [
      [
        changed('vllm.json', (file) => {
          file.errors = []
        }),
        'run 1: errors has 0 values, and ttfts has 8',
      ],
      [
        changed('vllm.json', (file) => {
          file.start_times = Array(8).fill('x')
        }),
        'run 1: start_times is "x", not a finite number',
      ],
      [
        textOf('aiperf/profile_export.jsonl').replaceAll(
          '"request_start_ns": ',
          '"request_start_ns": -',
        ),
        'line 1: metadata.request_start_ns is "-1793534399800000123", not a finite number',
      ],
      [
        textOf('aiperf/profile_export.jsonl').replaceAll('"unit": "ms"', '"unit": "parsec"'),
        'line 3: metrics.time_to_first_token.unit is "parsec", not one of ns, us, ms, s, sec',
      ],
      [
        changed('guidellm.json', (file) => {
          file.benchmarks = [{ requests: { successful: [7] } }]
        }),
        'benchmarks[0].requests.successful[0] is 7, not an object',
      ],
      [
        textOf('inference-perf/per_request_lifecycle_metrics.json').replace(
          '"start_time": 5000.1',
          '"start_time": null',
        ),
        'element 0: start_time is null, not a finite number',
      ],
      [
        textOf('inference-perf/per_request_lifecycle_metrics.json').replace(
          /"end_time": 5000\.172\d*/,
          '"end_time": 1e12',
        ),
        'request 1 has a time of 999999995000000 ms, more than a year',
      ],
    ]
    expect(rows.map(([text]) => simplified(read(text)))).toEqual(
      rows.map(([, problem]) => simplified(problem)),
    )
  })

  it('is refused when it holds no request', () => {
    const empty = changed('vllm.json', (file) => {
      for (const [name, value] of Object.entries(file)) if (Array.isArray(value)) file[name] = []
    })
    expect(read(empty)).toBe('has no request')
  })

  it('is refused by the name of the file beside it, when that is the one', () => {
    const besides = new Map([['profile_export_aiperf.json', '{"cut": ']])
    expect(read(textOf('aiperf/profile_export.jsonl'), { besides })).toBe(
      'beside it, profile_export_aiperf.json is not JSON: line 1 or after; it seems to be cut short',
    )
  })

  it('names the Trends when k6 does not say which one is TTFT', () => {
    expect(read(textOf('k6.ndjson'))).toBe(
      'does not say which of its metrics is TTFT: name it with --ttft-metric; its Trends are llm_ttft',
    )
    expect(read(textOf('k6.ndjson'), { ttftMetric: 'ttft' })).toBe(
      'has no sample of the metric ttft; its Trends are llm_ttft',
    )
  })
})

describe('what a file cannot say', () => {
  function unknownIn(text: string): readonly string[] {
    const runs = read(text, { ttftMetric: 'llm_ttft' })
    if (typeof runs === 'string') throw new Error(runs)
    return runs.flatMap(unknownFamilies)
  }

  it('grows with what an older vLLM leaves out', () => {
    const old = changed('vllm.json', (file) => {
      delete file.latencies
      delete file.start_times
      file.completed = 2
    })
    expect(unknownIn(old)).toEqual(['ttfot', 'latency', 'output_tokens_per_second', 'error_rate'])
  })

  it('includes every first token where answers were not streamed', () => {
    const whole = textOf('aiperf/profile_export.jsonl').replaceAll('time_to_first', 'no_first')
    expect(unknownIn(whole)).toEqual(['ttft', 'ttfot', 'tpot'])
    const blind = textOf('inference-perf/per_request_lifecycle_metrics.json').replaceAll(
      'chunk_times',
      'no_times',
    )
    expect(unknownIn(blind)).toEqual(['ttfot', 'ttft', 'tpot', 'itl'])
    const null_ = textOf('guidellm-v1.json').replaceAll(/_ms": 5\d\.0/g, '_ms": null')
    expect(unknownIn(null_)).toEqual(['itl', 'ttft', 'ttfot', 'tpot'])
  })

  it('includes gaps and tokens where AIPerf kept none', () => {
    const bare = textOf('aiperf/profile_export.jsonl').replaceAll(
      /"(inter_chunk_latency|usage_prompt_tokens|input_sequence_length)"/g,
      '"other"',
    )
    expect(unknownIn(bare)).toEqual(['itl', 'tpot', 'output_tokens', 'output_tokens_per_second'])
  })

  it('includes the failures of k6 where samples and requests do not add up', () => {
    const more = `${textOf('k6.ndjson')}{"metric":"http_reqs","type":"Point","data":{"time":"2026-11-01T12:00:09Z","value":1,"tags":null}}\n`
    expect(unknownIn(more)).toContain('error_rate')
  })
})

describe('hostile files', () => {
  const names = [
    'vllm.json',
    'sglang.jsonl',
    'aiperf/profile_export.jsonl',
    'guidellm.json',
    'inference-perf/per_request_lifecycle_metrics.json',
    'llmperf/m_128_16_individual_responses.json',
    'k6.ndjson',
  ]
  const ODD = [null, true, -1, 0, 1e308, 1e15, 1.5, '', 'x', [], {}, [null], [[1e308]], 'Infinity']

  /** A fixture's lines with one value somewhere in it replaced. */
  function spoiled(name: string, at: number, value: unknown): string {
    const documents = [...parseDocuments(textOf(name))]
    const places = placesOf(documents)
    const place = places[at % places.length]
    if (place !== undefined) place.holder[place.member] = value
    return documents.map((document) => JSON.stringify(document)).join('\n')
  }

  it('never crash the reader: any value in any place is refused, or read as what can be stored', () => {
    const change = fc.tuple(fc.constantFrom(...names), fc.nat(1_000_000), fc.constantFrom(...ODD))
    fc.assert(
      fc.property(change, ([name, at, value]) => {
        const runs = read(spoiled(name, at, value), { ttftMetric: 'llm_ttft' })
        if (typeof runs === 'string') return
        for (const { records } of runs) {
          const stored = decodeRun(encodeRun({ ...sampleRun(), records, costsUsd: [] }), 'run.json')
          expect([stored.ok, stored.ok && stored.run.records.length]).toEqual([
            true,
            records.length,
          ])
        }
      }),
      { numRuns: 3000 },
    )
  })
})

type Holder = Record<string, unknown>

function placesOf(value: unknown): { readonly holder: Holder; readonly member: string }[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Holder
  return Object.keys(holder).flatMap((member) => [{ holder, member }, ...placesOf(holder[member])])
}

/** Long fractions are not worth spelling out. */
function simplified(text: unknown): string {
  return String(text).replaceAll(/(\d+\.\d{3})\d+/g, '$1')
}
