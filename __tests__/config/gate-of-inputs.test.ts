import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  configOfInputs,
  type GateInputs,
  gateInputProblems,
  inputOfMember,
} from '../../src/config/gate-of-inputs.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { configOf, warningsOf } from './read-config.ts'

const least: GateInputs = {
  url: 'https://inference.example.com/v1',
  model: 'llama-3.3-70b',
  api: '',
  limits: '',
  requests: '',
}

describe('a gate of inputs', () => {
  it('is what the shortest config says, with every documented default', () => {
    const file = `gates: {endpoint: {endpoint: {url: '${least.url}', model: llama-3.3-70b}}}`
    expect(configOf(configOfInputs(least))).toEqual(configOf(file))
    expect(warningsOf(configOfInputs(least))).toEqual([])
  })

  it('takes an API, a number of requests and limits', () => {
    const given = { ...least, api: 'gemini', requests: '120', limits: 'ttft_p95 +15% <=2s' }
    const [gate] = configOf(configOfInputs(given)).gates
    expect(gate?.endpoint.api).toBe('gemini')
    expect(gate?.workload.requests).toBe(120)
    expect(gate?.limits[0]).toMatchObject({ metric: 'ttft_p95', worsening: 0.15, ceiling: 2000 })
  })

  it.each([
    [
      'ttft_p50 +10%, error_rate +1pp <=2%',
      'ttft_p50: {increase: 10%}, error_rate: {increase: 1pp, ceiling: 2%}',
    ],
    [
      'ttft_p99 off; cost_per_answer <= $0.002',
      'ttft_p99: off, cost_per_answer: {ceiling: $0.002}',
    ],
    [
      'output_tokens_per_second -10% >=30',
      'output_tokens_per_second: {decrease: 10%, minimum: 30}',
    ],
    ['latency_p90 <=3s\nttft_p50 +5%', 'latency_p90: {ceiling: 3s}, ttft_p50: {increase: 5%}'],
  ])('reads the limits %j as a config does', (limits, written) => {
    const file = `gates: {endpoint: {endpoint: {url: '${least.url}', model: llama-3.3-70b}, limits: {${written}}, prices: {input: $1/M, output: $1/M}}}`
    const text = `${configOfInputs({ ...least, limits })}    prices: {input: $1/M, output: $1/M}\n`
    expect(gateInputProblems({ ...least, limits })).toEqual([])
    expect(configOf(text).gates[0]?.limits).toEqual(configOf(file).gates[0]?.limits)
  })

  it.each(['ttft_p95', 'ttft_p95 fast', 'ttft_p95 15%', '+15%', 'ttft_p95 +15% <=', 'a: {b: c}'])(
    'does not take %j for a limit, and says what is one',
    (limits) => {
      expect(gateInputProblems({ ...least, limits })).toEqual([
        `input limits has "${limits}"; a limit is a metric and +15%, -10%, <=2s, >=0.9 or off, as in "ttft_p95 +15% <=2s, error_rate <=2%"`,
      ])
    },
  )

  it('needs url and model', () => {
    expect(gateInputProblems({ ...least, model: '', limits: 'ttft_p50 +5%' })).toEqual([
      'input model is missing: a gate without a config needs url and model (given: url, limits)',
    ])
  })

  it('names the input that a problem came from', () => {
    const wrong = {
      url: 'ftp://x',
      model: 'm',
      api: 'openai',
      limits: 'ttft_p59x +5%, error_rate +5%',
      requests: 'many',
    }
    const parsed = parseConfig({
      file: 'inputs',
      text: configOfInputs(wrong),
      files: new Map(),
      env: {},
    })
    const named = parsed.ok ? [] : parsed.issues.map(({ path }) => inputOfMember(path))
    expect(new Set(named)).toEqual(new Set(['api', 'url', 'requests', 'limits']))
  })

  it('lets no value become another member', () => {
    let read = 0
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (model) => {
        const text = configOfInputs({ ...least, model })
        const parsed = parseConfig({ file: 'inputs', text, files: new Map(), env: {} })
        const gates = parsed.ok ? parsed.config.gates : []
        read += gates.length
        expect(gates.every(({ endpoint }) => endpoint.model === model)).toBe(true)
        expect(gates.every(({ endpoint }) => endpoint.url === least.url)).toBe(true)
      }),
    )
    expect(read).toBeGreaterThan(0)
  })
})
