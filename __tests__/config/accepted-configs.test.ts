import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { catalogueNamesOf } from '../../src/config/parse-config.ts'
import type { Limit } from '../../src/model/config.ts'
import { configOf, gateWith, warningsOf } from './read-config.ts'

const folder = join(import.meta.dirname, '../fixtures/configs/accepted')

function read(name: string) {
  return configOf(readFileSync(join(folder, `${name}.yml`), 'utf8'))
}

function only<T>(items: readonly T[]): T {
  const [first] = items
  if (first === undefined || items.length !== 1) throw new Error(`${items.length} items`)
  return first
}

function limitOf(limits: readonly Limit[], metric: string): Limit {
  return only(limits.filter((limit) => limit.metric === metric))
}

describe('parseConfig', () => {
  it('leaves nothing open in a config of a URL and a model', () => {
    const config = read('minimal')
    const { prompts, ...workload } = only(config.gates).workload
    expect(prompts.map(({ name }) => name)).toEqual([
      'short-1',
      'short-2',
      'medium-1',
      'medium-2',
      'long-1',
      'long-2',
      'document-1',
      'document-2',
    ])
    expect(workload).toEqual({
      requests: 200,
      probes: 120,
      maxClientDelayMs: 20,
      load: { kind: 'closed', concurrency: 4 },
      warmup: 4,
      warmsUntilSettled: true,
      promptCache: 'bypass',
      timeouts: { connectMs: 10_000, firstTokenMs: 30_000, idleMs: 15_000, totalMs: 120_000 },
      seed: 7,
    })
    expect({ ...config, gates: [{ ...only(config.gates), workload: 'above' }] }).toEqual({
      version: 1,
      gates: [
        {
          name: 'chat',
          endpoint: {
            api: 'openai-chat',
            url: 'https://inference.example.com/v1',
            model: 'llama-3.3-70b',
            headers: {},
            body: {},
          },
          reference: { kind: 'base' },
          compare: [],
          workload: 'above',
          limits: [
            {
              metric: 'ttft_p50',
              family: 'ttft',
              quantile: 0.5,
              worsening: 0.1,
              floor: 5,
              mustDetect: 0.2,
              autoDetect: true,
              stated: false,
            },
            {
              metric: 'ttft_p95',
              family: 'ttft',
              quantile: 0.95,
              worsening: 0.15,
              floor: 10,
              mustDetect: 0.3,
              autoDetect: true,
              stated: false,
            },
            {
              metric: 'ttft_p99',
              family: 'ttft',
              quantile: 0.99,
              worsening: 0.25,
              floor: 20,
              mustDetect: 0.5,
              autoDetect: true,
              stated: false,
            },
            {
              metric: 'error_rate',
              family: 'error_rate',
              worsening: 0.01,
              floor: 0,
              ceiling: 0.05,
              mustDetect: 0.02,
              autoDetect: true,
              stated: false,
            },
          ],
          prices: { kind: 'none' },
        },
      ],
      budget: { costUsd: 1, durationMs: 600_000, requests: 2000 },
      confirmAfterMs: 60_000,
      baseline: { branch: 'inference-gate', keep: 20, maxAgeMs: 2_592_000_000 },
      policy: {
        inconclusive: 'pass',
        noBaseline: 'pass',
        noSecrets: 'pass',
        droppedGate: 'pass',
        baseRegressed: 'pass',
        invalid: 'fail',
        acceptLabel: 'accept-inference-regression',
        allowedHosts: [],
        allowedEnv: [],
      },
    })
  })

  it('reads a file with a byte order mark and the line ends of Windows', () => {
    expect(only(read('byte-order-mark-and-crlf').gates).endpoint.url).toBe('https://a.example.com')
  })

  it('lets gates share blocks by anchor and merge', () => {
    const [one, two] = read('anchors-and-merge').gates
    expect(one?.workload.load).toEqual({ kind: 'closed', concurrency: 2 })
    expect(two?.workload.load).toEqual({ kind: 'closed', concurrency: 8 })
    expect(two?.workload.requests).toBe(100)
    expect(two?.endpoint).toEqual({
      api: 'openai-chat',
      url: 'https://a.example.com/v1',
      model: 'n',
      headers: { 'x-team': 'search' },
      body: {},
    })
  })

  it('reads a limit of every kind of metric in the unit of the model', () => {
    const { limits } = only(read('every-metric').gates)
    const plain = limits.map(({ metric, worsening, floor, ceiling, mustDetect, drift }) => [
      metric,
      [worsening, floor, ceiling, mustDetect, drift],
    ])
    expect(Object.fromEntries(plain)).toEqual({
      ttft_p95: [0.15, 50, 2000, 0.3, 0.4],
      ttft_p99: [undefined, 0, 5000, 0.5, undefined],
      ttfot_p90: [0.3, 0, undefined, 0.3, undefined],
      tpot_p50: [0.1, 0.5, undefined, 0.2, undefined],
      'itl_p99.5': [undefined, 0, 60_000, 0.5, undefined],
      latency_p95: [0.025, 0, undefined, 1, undefined],
      error_rate: [0.005, 0, 0.02, 0.02, 0.03],
      cost_per_answer: [0.05, 0.0001, 0.002, 0.1, undefined],
      output_tokens: [0.1, 2, 64.5, 0.1, undefined],
      output_tokens_per_second: [0.1, 1.5, 40, 0.2, undefined],
      goodput: [0.02, 0, 0.95, 0.05, undefined],
    })
    expect(limits.every(({ stated }) => stated)).toBe(true)
  })

  it('keeps the default limits of metrics that the file does not name', () => {
    const { limits } = only(configOf(gateWith('limits: {ttft_p95: {ceiling: 2s}}')).gates)
    expect(limits.map(({ metric, stated }) => [metric, stated])).toEqual([
      ['ttft_p95', true],
      ['ttft_p50', false],
      ['ttft_p99', false],
      ['error_rate', false],
    ])
    expect(limitOf(limits, 'ttft_p95').worsening).toBeUndefined()
  })

  it('gates a p99 by default from as many requests and probes on as it needs to pass', () => {
    const metricsOf = (workload: string) =>
      only(configOf(gateWith(`workload: ${workload}`)).gates).limits.map(({ metric }) => metric)
    expect(metricsOf('{requests: 200, probes: 98}')).not.toContain('ttft_p99')
    expect(metricsOf('{requests: 200, probes: 99}')).toContain('ttft_p99')
  })

  it('plans first tokens for a p99, unless somebody says how much is sent', () => {
    const planned = (workload: string) => {
      const { requests, probes } = only(configOf(gateWith(`workload: ${workload}`)).gates).workload
      return [requests, probes]
    }
    expect(planned('{}')).toEqual([200, 120])
    expect(planned('{requests: 200}')).toEqual([200, 0])
    expect(planned('{probes: 0}')).toEqual([200, 0])
    expect(planned('{requests: 50, probes: 10}')).toEqual([50, 10])
  })

  it('has room for several gates in the default budget', () => {
    const gate = '{endpoint: {url: "https://a.example.com", model: m}}'
    const of = (count: number) =>
      `gates:\n${Array.from({ length: count }, (_, i) => `  g${i}: ${gate}`).join('\n')}\n`
    expect(configOf(of(6)).gates).toHaveLength(6)
    expect(() => configOf(of(7))).toThrow(/the gates plan 2268 requests/)
  })

  it('keeps the default limits of rates within what the requests can show', () => {
    const errorsWith = (workload: string) =>
      limitOf(only(configOf(gateWith(`workload: ${workload}`)).gates).limits, 'error_rate')
    expect(errorsWith('{requests: 1000, concurrency: 1, warmup: 0}')).toMatchObject({
      ceiling: 0.05,
      mustDetect: 0.02,
    })
    expect(errorsWith('{requests: 100}')).toMatchObject({ ceiling: 0.05, mustDetect: 0.04 })
    expect(errorsWith('{requests: 30, probes: 10}')).toMatchObject({
      ceiling: 0.075,
      mustDetect: 0.1,
    })
    expect(errorsWith('{requests: 1}')).toMatchObject({ ceiling: 1, mustDetect: 1 })
  })

  it('accepts a ceiling of no error at all', () => {
    const text = gateWith('limits: {error_rate: {ceiling: 0%}}')
    expect(only(only(configOf(text).gates).limits.filter(({ stated }) => stated)).ceiling).toBe(0)
  })

  it('gates cost by default only where prices are known, GPU hours more widely', () => {
    const costOf = (line: string) =>
      only(configOf(gateWith(line)).gates).limits.filter(
        ({ family }) => family === 'cost_per_answer',
      )
    expect(costOf('')).toEqual([])
    expect(only(costOf('prices: {input: $1/M, output: $2/M}'))).toMatchObject({
      worsening: 0.05,
      mustDetect: 0.1,
    })
    expect(only(costOf('prices: {gpu_hour: $3}'))).toMatchObject({
      worsening: 0.1,
      mustDetect: 0.2,
    })
  })

  it.each([
    ['ttft_p25', 0.2],
    ['ttft_p50', 0.2],
    ['ttft_p70', 0.225],
    ['ttft_p90', 0.25],
    ['ttft_p92.5', 0.275],
    ['ttft_p99.9', 0.5],
  ])('asks a pass of %s to rule out %p unless told otherwise', (metric, mustDetect) => {
    const text = gateWith(`workload: {requests: 900}\nlimits: {${metric}: {increase: 1%}}`)
    expect(limitOf(only(configOf(text).gates).limits, metric).mustDetect).toBe(mustDetect)
  })

  it('never asks a pass to rule out less than is tolerated', () => {
    const { limits } = only(configOf(gateWith('limits: {ttft_p50: {increase: 60%}}')).gates)
    expect(limitOf(limits, 'ttft_p50').mustDetect).toBe(0.6)
  })

  it('reads an open loop, and warms up the connections of two seconds', () => {
    const loadOf = (arrivals: string) =>
      only(configOf(gateWith(`workload: {arrivals: ${arrivals}}`)).gates).workload
    expect(loadOf('{rate: 90/min}')).toMatchObject({
      load: { kind: 'open', ratePerSecond: 1.5, process: 'poisson', maxInFlight: 256 },
      warmup: 4,
    })
    expect(loadOf('{rate: 20/s, process: constant}').warmup).toBe(40)
    expect(loadOf('{rate: 500/s}').warmup).toBe(64)
    expect(loadOf('{rate: 500/s, max_in_flight: 9}').warmup).toBe(9)
  })

  it('keeps a stated warm-up, even of none', () => {
    const { workload } = only(configOf(gateWith('workload: {warmup: 0}')).gates)
    expect(workload.warmup).toBe(0)
  })

  it('prices cached input as input and reasoning as output unless told otherwise', () => {
    const pricesOf = (prices: string) => only(configOf(gateWith(`prices: ${prices}`)).gates).prices
    expect(pricesOf('{input: $0.60/M, output: $2.40/M}')).toEqual({
      kind: 'tokens',
      input: 0.6e-6,
      cachedInput: 0.6e-6,
      output: 2.4e-6,
      reasoning: 2.4e-6,
      request: 0,
    })
    expect(pricesOf('{per_request: $0.01}')).toMatchObject({ input: 0, output: 0, request: 0.01 })
    expect(pricesOf('{gpu_hour: $3.20, gpus: 8}')).toEqual({
      kind: 'gpu-hour',
      usdPerHour: 3.2,
      gpus: 8,
    })
  })
})

describe('a catalogue', () => {
  const answer = {
    kind: 'prices',
    input: 1e-6,
    cachedInput: 0.5e-6,
    output: 4e-6,
    reasoning: 4e-6,
    request: 0,
    source: 'catalogue 1.2.3: openai/gpt-4o',
  } as const
  const text = gateWith('prices: {catalogue: openai/gpt-4o}')

  it('is asked for the names in the file, each once', () => {
    const twice = `${text}${text.replace('gates:\n', '').replace('chat:', 'other:')}`
    expect(catalogueNamesOf(twice)).toEqual(['openai/gpt-4o'])
    expect(catalogueNamesOf(gateWith('prices: {catalogue: [1]}'))).toEqual([])
    expect(catalogueNamesOf('gates: 5')).toEqual([])
  })

  it('gives the prices and says where they are from; cost is gated by default', () => {
    const catalogue = new Map([['openai/gpt-4o', answer]])
    const gate = only(configOf(text, { catalogue }).gates)
    expect(gate.prices).toEqual({ ...answer, kind: 'tokens' })
    expect(gate.limits.map(({ metric }) => metric)).toContain('cost_per_answer')
  })
})

describe('parseConfig warns of', () => {
  it.each([
    [
      'a percentile that can never pass',
      'workload: {requests: 200}\nlimits: {ttft_p99: {increase: 25%}}',
      /needs 299$/,
    ],
    [
      'a percentile of full answers that probes cannot help',
      'workload: {requests: 50, probes: 300}\nlimits: {latency_p95: {increase: 25%}}',
      /50 requests; it needs 59$/,
    ],
    [
      'an error ceiling too low for the requests',
      'workload: {probes: 0}\nlimits: {error_rate: {ceiling: 1%}}',
      /200 requests and probes; it needs 299$/,
    ],
    ['a default that too few requests leave out', 'workload: {requests: 40}', /needs 59 to pass$/],
    [
      'a reference without room in the budget',
      'reference: {model: n}\nworkload: {requests: 1970}',
      /leaves 26 requests for the reference/,
    ],
    ['a cost limit without prices', 'limits: {cost_per_answer: {increase: 5%}}', /no `prices`/],
  ])('%s', (_, lines, message) => {
    const warning = only(warningsOf(gateWith(lines)))
    expect(warning.message).toMatch(message)
    expect(warning.severity).toBe('warning')
    expect(warning.line).toBeGreaterThan(3)
  })

  it('nothing in a plain file', () => {
    expect(warningsOf(gateWith(''))).toEqual([])
  })
})
