// The arrivals of an open loop as they are written: what is read, and one sentence for each mistake.

import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../src/config/parse-config.ts'

function parsed(arrivals: string) {
  const text = `gates:
  chat:
    endpoint: {url: "https://inference.example.com/v1", model: m}
    workload: {arrivals: ${arrivals}}
`
  return parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
}

function loadOf(arrivals: string) {
  const result = parsed(arrivals)
  return result.ok ? result.config.gates[0]?.workload.load : result.issues
}

function problemsOf(arrivals: string): readonly string[] {
  const result = parsed(arrivals)
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`)
}

describe('arrivals', () => {
  it('in stages have the mean of their rates, and ramps where they say so', () => {
    expect(loadOf('{stages: [{rate: 1/s, to: 5/s, for: 30s}, {rate: 0/s, for: 10s}]}')).toEqual({
      kind: 'open',
      process: 'poisson',
      ratePerSecond: 2.25,
      maxInFlight: 256,
      stages: [
        { fromPerSecond: 1, toPerSecond: 5, forMs: 30_000 },
        { fromPerSecond: 0, toPerSecond: 0, forMs: 10_000 },
      ],
    })
  })

  it('may come in bursts', () => {
    expect(loadOf('{rate: 2/s, process: gamma, burstiness: 0.25}')).toMatchObject({
      process: 'gamma',
      burstiness: 0.25,
    })
  })

  it.each([
    ['{process: constant}', 'there is no rate; expected `rate` or `stages`'],
    [
      '{rate: 1/s, stages: [{rate: 1/s, for: 1s}]}',
      '`rate` and `stages` cannot stand together; keep one',
    ],
    [
      '{stages: [{rate: 0/s, for: 5s}]}',
      'the stages send nothing; expected a rate above 0 in one of them',
    ],
    ['{stages: [{rate: 1/s, for: 0s}]}', '0s is no length of a stage; expected 1ms or more'],
    [
      '{stages: [{rate: 1/s, to: 20000/s, for: 5s}]}',
      '20000/s cannot be sent; expected at most 10000/s',
    ],
    [
      '{rate: 1/s, process: gamma}',
      '`process: gamma` needs `burstiness`; expected a number, such as 0.25',
    ],
    [
      '{rate: 1/s, burstiness: 0.5}',
      '`burstiness` belongs to `process: gamma`, and this is poisson; change that, or take this out',
    ],
    ['{rate: 0/s}', '0/s cannot be sent; expected more than 0 and at most 10000/s'],
  ])('%s: %s', (arrivals, message) => {
    expect(problemsOf(arrivals)).toEqual([expect.stringContaining(`: ${message}`)])
  })
})
