import { describe, expect, it } from '@jest/globals'
import { metricRow } from '../../../src/model/metric.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import { quantile } from '../../../src/stats/quantile.ts'
import {
  firstOf,
  outcomesOf,
  read,
  recordAt,
  rounded,
  runsIn,
  textOf,
  ttftsOf,
  unknownFamilies,
} from './imported-file.ts'

describe('vLLM bench serve', () => {
  const run = firstOf('vllm.json')

  it('reads seconds as milliseconds, and a request as failed by its error or for want of tokens', () => {
    expect(ttftsOf(run)).toEqual([40, 45, 50, 55, 60, 'rate-limited', 48, 12])
    expect(outcomesOf(run).slice(5)).toEqual(['rate-limited', 'truncated', 'empty'])
    expect(recordAt(run, 6).detail).toBe('ClientPayloadError')
    expect(recordAt(run, 0).gapsMs.map(rounded)).toEqual([10, 11, 12])
    expect(metricRow('tpot').read(recordAt(run, 0)).map(rounded)).toEqual([11])
    expect(metricRow('latency').read(recordAt(run, 0)).map(rounded)).toEqual([74])
    expect(recordAt(run, 4).startedMs).toBeCloseTo(80, 6)
  })

  it('says what was asked, and its date as one of UTC', () => {
    expect(run.startedAt).toBe('2026-11-01T12:00:00Z')
    expect(run.load).toBe('closed, 4 in flight')
    expect(run.shape).toEqual({ api: 'openai-chat', 'input tokens': 'about 130' })
    expect(run.subject).toEqual({ backend: 'openai-chat', model: 'llama-3.3-70b' })
    expect(run.ttft.id).toBe('vllm-first-token-chunk/1')
  })

  it('tells by the gaps whether a chunk with the role alone counted as the first token', () => {
    const file = JSON.parse(textOf('vllm.json'))
    const idOf = (change: object) => {
      const runs = read(JSON.stringify({ ...file, ...change }))
      return typeof runs === 'string' ? runs : runs[0]?.ttft.id
    }
    const gaps = (more: number) =>
      file.output_lens.map((tokens: number) => Array(Math.max(0, tokens + more)).fill(0.01))
    expect(idOf({ itls: gaps(-1) })).toBe('vllm-first-token-chunk/1')
    expect(idOf({ itls: gaps(1) })).toBe('vllm-first-choices-chunk/1')
    // A completion has no role: its first chunk is a token in every version.
    const completions = { endpoint_type: 'openai', backend: 'openai', itls: gaps(-1) }
    expect(idOf(completions)).toBe('vllm-first-choices-chunk/1')
  })

  it('takes token counts for estimates, those of a cut stream too, and none for a refusal', () => {
    expect(recordAt(run, 0).usage).toMatchObject({
      source: 'estimated',
      inputTokens: 128,
      outputTokens: 4,
    })
    expect(recordAt(run, 5).usage).toBeUndefined()
    expect(recordAt(run, 6).usage).toMatchObject({ inputTokens: 128, outputTokens: 2 })
  })

  it('knows the error rate only where its own count agrees with its lists', () => {
    expect(unknownFamilies(run)).toEqual(['ttfot'])
  })
})

describe('SGLang bench_serving', () => {
  const [chat, native] = runsIn('sglang.jsonl')
  if (chat === undefined || native === undefined) throw new Error('the fixture has two runs')

  it('does not take an answer without text for one of 0 ms', () => {
    expect(ttftsOf(chat)).toEqual([30, 32, 'empty', 'http-5xx'])
    expect(recordAt(chat, 3).status).toBe(503)
  })

  it('distrusts lengths that may be those asked for', () => {
    expect(unknownFamilies(chat)).toEqual([
      'ttfot',
      'latency',
      'output_tokens_per_second',
      'tpot',
      'output_tokens',
    ])
    expect(recordAt(chat, 0).usage).toBeUndefined()
    expect(unknownFamilies(native)).toEqual(['ttfot', 'latency', 'output_tokens_per_second'])
    expect(recordAt(native, 0).usage?.outputTokens).toBe(16)
  })

  it('reads a rate of Infinity as a closed loop, and leaves the server info where it is', () => {
    expect(chat.load).toBe('closed, 2 in flight')
    expect(native.load).toBe('open, 4 per second, poisson')
    expect(JSON.stringify([chat, native])).not.toMatch(/sk-not-for-anybody|model_path/)
    expect(chat.subject).toEqual({ backend: 'sglang-oai-chat', tag: 'nightly' })
  })
})

describe('AIPerf', () => {
  const run = firstOf('aiperf/profile_export.jsonl')

  it('leaves the warm-up out and keeps the rest in the order in which it was sent', () => {
    expect(run.warmupRequests).toBe(1)
    expect(ttftsOf(run)).toEqual([
      50.25,
      51.1,
      52.5,
      'rate-limited',
      'truncated',
      'empty',
      'aborted',
    ])
    expect(run.records.map(({ startedMs }) => startedMs)).toEqual([0, 20, 40, 60, 80, 100, 120])
  })

  it('goes by the units that stand beside the values', () => {
    expect(ttftsOf(run)[1]).toBe(51.1)
  })

  it('keeps the server usage, the gaps, reasoning and fresh connections', () => {
    expect(recordAt(run, 0).usage).toEqual({
      source: 'server',
      inputTokens: 128,
      cachedInputTokens: 64,
      outputTokens: 4,
      reasoningTokens: 1,
    })
    expect(metricRow('ttfot').read(recordAt(run, 0)).map(rounded)).toEqual([55.25])
    expect(recordAt(run, 2).gapsMs).toEqual([10, 11, 12])
    expect(run.records.map(({ freshConnection }) => freshConnection).slice(0, 2)).toEqual([
      true,
      false,
    ])
  })

  it('says what was asked by the file beside it, without its secrets', () => {
    expect(run.startedAt).toBe('2026-11-01T12:00:00.020Z')
    expect(run.engine).toBe('AIPerf 0.13')
    expect(run.seed).toBe(5)
    expect(run.load).toBe('closed, 4 in flight')
    expect(run.subject).toEqual({
      model: 'llama-3.3-70b',
      streaming: 'true',
      url: 'http://inference.example.com/v1',
    })
    expect(JSON.stringify(run)).not.toContain('secret')
    expect(run.unknowns).toEqual([])
  })
})

describe('GuideLLM', () => {
  const [closed, open] = runsIn('guidellm.json')
  if (closed === undefined || open === undefined) throw new Error('the fixture has two runs')

  it('puts its lists back into the order of sending, and knows what it cut itself', () => {
    expect(outcomesOf(closed)).toEqual([
      'completed',
      'rate-limited',
      'completed',
      'truncated',
      'completed',
      'empty',
      'timeout-total',
      'aborted',
    ])
  })

  it('has no TTFT where the clock was stepped back, and none of 0 where there was none', () => {
    expect(ttftsOf(closed)).toEqual([
      50,
      'rate-limited',
      48.5,
      33,
      'completed',
      'empty',
      'timeout-total',
      'aborted',
    ])
  })

  it('tells reasoning from the rest', () => {
    expect(metricRow('ttfot').read(recordAt(closed, 2)).map(rounded)).toEqual([68.5])
  })

  it('says what was asked, without prompts, keys or queries', () => {
    expect(closed.engine).toBe('GuideLLM 0.8')
    expect(closed.load).toBe('closed, 4 in flight')
    expect(closed.shape).toEqual({
      api: '/v1/chat/completions',
      'input tokens': 'about 130',
      'output tokens asked': 'about 4',
    })
    expect(closed.subject).toEqual({
      backend: 'openai_http',
      model: 'llama-3.3-70b',
      url: 'http://inference.example.com/v1/',
    })
    expect(JSON.stringify([closed, open])).not.toContain('secret')
  })

  it('gates no rate of failures when the requests are a sample', () => {
    expect(unknownFamilies(closed)).toEqual(['itl'])
    expect(unknownFamilies(open)).toEqual([
      'itl',
      'error_rate',
      'cost_per_answer',
      'ttft',
      'ttfot',
      'latency',
    ])
  })

  it('keeps when an open loop wanted to send', () => {
    expect(open.load).toBe('open, 20 per second, constant')
    expect(recordAt(open, 1).intendedMs).toBeCloseTo(48, 2)
    expect(recordAt(closed, 1).intendedMs).toBeUndefined()
  })

  it('reads the report of before version 2', () => {
    const old = firstOf('guidellm-v1.json')
    expect(old.engine).toBe('GuideLLM 0.5')
    expect(old.load).toBe('closed, 1 in flight')
    expect(old.subject).toMatchObject({
      model: 'llama-3.3-70b',
      url: 'http://inference.example.com',
    })
    expect(ttftsOf(old)).toEqual([50, 52])
  })
})

describe('a file that AIPerf 0.13.0 wrote', () => {
  const run = firstOf('aiperf-0.13.0/profile_export.jsonl')
  const own = JSON.parse(textOf('aiperf-0.13.0/profile_export_aiperf.json'))

  it.each([
    [
      'time_to_first_token',
      ({ firstTokenMs = 0, sentMs = 0 }: RequestRecord) => firstTokenMs - sentMs,
    ],
    ['request_latency', ({ endMs, sentMs = 0 }: RequestRecord) => endMs - sentMs],
  ])('gives its own %s', (name, value) => {
    const values = run.records.map(value).sort((a, b) => a - b)
    expect(values).toHaveLength(own[name].count)
    for (const percent of [50, 90, 95, 99]) {
      expect(quantile(values, percent / 100)).toBeCloseTo(own[name][`p${percent}`], 3)
    }
  })
})

describe('inference-perf', () => {
  const run = firstOf('inference-perf/per_request_lifecycle_metrics.json')

  it('has a TTFT for an answer of one chunk, and calls one of none empty', () => {
    expect(ttftsOf(run)).toEqual([45, 50, 55, 'empty', 'http-5xx', 'timeout-total'])
    expect(recordAt(run, 1).gapsMs.map(rounded)).toEqual([10, 0, 10])
  })

  it('prefers the usage of the server to its own count', () => {
    expect(recordAt(run, 0).usage).toMatchObject({ source: 'server', cachedInputTokens: 16 })
    expect(recordAt(run, 2).usage).toMatchObject({ source: 'estimated', inputTokens: 130 })
  })

  it('takes the load from the summary beside it, and nothing but the model from what was sent', () => {
    expect(run.load).toBe('open, 10 per second, poisson')
    expect(run.rates).toEqual({ intended: 10, achieved: 9.8 })
    expect(run.subject).toEqual({ model: 'llama-3.3-70b' })
    expect(JSON.stringify(run)).not.toContain('secret')
    expect(unknownFamilies(run)).toEqual(['ttfot'])
  })

  it('takes what only the stage says from its file: 32 and 128 in flight are two loads', () => {
    const loadWith = (concurrency: number) => {
      const load = (load_summary: object) => JSON.stringify({ load_summary, successes: {} })
      const runs = read(textOf('inference-perf/per_request_lifecycle_metrics.json'), {
        besides: new Map([
          ['summary_lifecycle_metrics.json', load({ requested_rate: null, concurrency: null })],
          ['stage_0_lifecycle_metrics.json', load({ concurrency })],
        ]),
      })
      return typeof runs === 'string' ? runs : runs[0]?.load
    }
    expect([loadWith(32), loadWith(128)]).toEqual(['closed, 32 in flight', 'closed, 128 in flight'])
  })

  it('sees in the stream it keeps whether an answer was cut or ended with an error', () => {
    const chunk = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
    const outcomeWith = (response: string) => {
      const times = { output_tokens: 1, chunk_times: [1.1] }
      const element = { start_time: 1, end_time: 1.2, response, error: null }
      const runs = read(JSON.stringify([{ ...element, info: { response_metrics: times } }]))
      return typeof runs === 'string' ? runs : runs[0]?.records[0]?.outcome
    }
    const said = 'data: {"choices":[{"delta":{"content":"\\"finish_reason\\": \\"stop\\""}}]}\n\n'
    expect([
      outcomeWith(`${chunk}data: [DONE]\n\n`),
      outcomeWith(`${chunk}data: {"choices":[{"delta":{},"finish_reason":"length"}]}\n\n`),
      outcomeWith(`event: x\n${chunk}event: message_stop\ndata: {"type":"message_stop"}\n\n`),
      outcomeWith(chunk),
      outcomeWith(`${chunk}data: {"choices":[{"delta":{"content":"b"},"finish_reason":null}]}\n\n`),
      outcomeWith(said),
      outcomeWith(`${chunk}data: {"error":{"message":"overloaded"}}\n\ndata: [DONE]\n\n`),
      outcomeWith('an answer that was not streamed'),
    ]).toEqual([
      'completed',
      'completed',
      'completed',
      'truncated',
      'truncated',
      'truncated',
      'stream-error',
      'completed',
    ])
  })
})

describe('llmperf', () => {
  const run = firstOf('llmperf/m_128_16_individual_responses.json')

  it('calls an answer of 0 s empty, and reads past NaN', () => {
    expect(ttftsOf(run)).toEqual([50, 60, 'empty', 'rate-limited', 'timeout-total'])
  })

  it('never gates its error rate, which loses failures', () => {
    expect(unknownFamilies(run)).toEqual(['error_rate', 'ttfot', 'itl', 'tpot'])
    expect(run.load).toBe('closed, 4 in flight')
    expect(run.startedAt).toBe('2026-11-01T12:00:00.000Z')
  })
})

describe('k6', () => {
  const run = firstOf('k6.ndjson', { ttftMetric: 'llm_ttft' })

  it('has its load in the points of its users', () => {
    const loadWith = (users: readonly number[]) => {
      const points = users.map((value, second) => ({
        metric: 'vus',
        type: 'Point',
        data: { time: `2026-11-01T12:00:0${second}.000Z`, value },
      }))
      const lines = [textOf('k6.ndjson').trim(), ...points.map((point) => JSON.stringify(point))]
      const runs = read(lines.join('\n'), { ttftMetric: 'llm_ttft' })
      return typeof runs === 'string' ? runs : runs[0]?.load
    }
    expect(loadWith([32, 32, 32, 7])).toBe('closed, 32 in flight')
    expect(loadWith([1, 8, 16, 32])).toBe('ramping, up to 32 in flight')
    expect(loadWith([])).toBe(run.load)
  })

  it('takes the named Trend for TTFT and failed requests for failures', () => {
    expect(ttftsOf(run)).toEqual([50, 55.5, 52.25, 'rate-limited', 'timeout-total'])
    expect(run.ttft.id).toBe('k6-trend-llm_ttft/1')
    expect(run.startedAt).toBe('2026-11-01T12:00:00.000Z')
    expect(unknownFamilies(run)).not.toContain('error_rate')
    expect(unknownFamilies(run)).toContain('latency')
  })
})
