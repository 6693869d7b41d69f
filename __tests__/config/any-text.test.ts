// Whatever the text, the parser answers: with a configuration, or with problems that have a place.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { parseConfig, promptFilesOf } from '../../src/config/parse-config.ts'
import { readYaml } from '../../src/config/yaml/read-yaml.ts'
import { sourcesOf } from './read-config.ts'

function check(text: string): void {
  const parsed = parseConfig(sourcesOf(text))
  promptFilesOf(text)
  if (parsed.ok) {
    expect(parsed.config.gates.length).toBeGreaterThan(0)
    return
  }
  expect(parsed.issues.length).toBeGreaterThan(0)
  const lines = text.split(/\r\n|\n|\r/).length
  for (const { message, line, column } of parsed.issues) {
    expect(message).toMatch(/^[^\n\r]+$/)
    if (line === undefined) continue
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines + 1)
    expect(column).toBeGreaterThanOrEqual(1)
  }
}

const keys = [
  ...['gates', 'chat', 'endpoint', 'url', 'model', 'headers', 'body', 'workload', 'prompts'],
  ...['limits', 'ttft_p95', 'error_rate', 'increase', 'floor', 'budget', 'policy', 'requests'],
  ...['__proto__', 'constructor', '<<', '', '0'],
]

/** Documents that look like a configuration, with anything at all in any place. */
const document = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1.5,
      Number.POSITIVE_INFINITY,
      '',
      'x',
      '10%',
      '1pp',
      '2s',
      '$1',
      '$1/M',
      'off',
    ),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 4 }),
  ),
})).tree

/** A sound configuration with one member replaced by anything. */
const oneWrong = fc.tuple(fc.nat(30), document).map(([position, wrong]) => {
  const text = JSON.stringify({
    gates: {
      chat: {
        endpoint: { url: 'https://a.example.com', model: 'm', headers: { a: 'b' }, body: { c: 1 } },
        reference: { url: 'https://b.example.com' },
        workload: {
          prompts: [{ prompt: 'a' }, { messages: [{ role: 'user', content: 'b' }] }],
          arrivals: { rate: '9/s' },
          timeouts: { total: '60s' },
        },
        limits: { ttft_p95: { increase: '10%' }, goodput: { minimum: '9%' } },
        prices: { gpu_hour: '$1', gpus: 2 },
      },
    },
    budget: { cost: '$1' },
    baseline: { keep: 3 },
    policy: { allowed_hosts: ['*.example.com'], allowed_env: ['A'] },
  })
  let seen = 0
  return JSON.stringify(
    JSON.parse(text, (_, value: unknown) => (seen++ === position ? wrong : value)),
  )
})

describe('parseConfig', () => {
  it('answers any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom(...'{}[]:,-&*!|>%@`"\'#\n\t  abg?<~$'), maxLength: 80 }),
    )
    fc.assert(fc.property(text, check), { numRuns: 300 })
  })

  it('answers any document', () => {
    fc.assert(
      fc.property(document, (data) => check(stringify(data))),
      { numRuns: 400 },
    )
  })

  it('answers a configuration with anything in one place', () => {
    fc.assert(fc.property(oneWrong, check), { numRuns: 400 })
  })

  it('answers a file that is too long without reading it', () => {
    const parsed = parseConfig(sourcesOf(`# ${'x'.repeat(300_000)}`))
    expect(parsed).toMatchObject({
      ok: false,
      issues: [{ message: 'the file has 300002 characters; the most is 262144' }],
    })
  })

  it('does not let a key reach into what objects inherit', () => {
    const text =
      'gates: {chat: {endpoint: {url: "https://a.example.com", model: m, body: {__proto__: {x: 1}}}}}'
    parseConfig(sourcesOf(text))
    expect('x' in {}).toBe(false)
  })
})

describe('readYaml', () => {
  it('places any member where it is written', () => {
    const text = 'a:\n  b: 1\n  c:\n    - x\n    - {d: 2}\n'
    const { locate } = readYaml(text)
    expect(locate(['a', 'b'], 'key')).toEqual({ line: 2, column: 3 })
    expect(locate(['a', 'b'], 'value')).toEqual({ line: 2, column: 6 })
    expect(locate(['a', 'c', '1', 'd'], 'value')).toEqual({ line: 5, column: 11 })
    expect(locate(['a', 'c', '1'], 'key')).toEqual({ line: 5, column: 7 })
  })

  it('places what is not written at its nearest ancestor', () => {
    const { locate } = readYaml('a:\n  b: 1\n')
    expect(locate(['a', 'x', 'y'], 'value')).toEqual({ line: 1, column: 1 })
    expect(locate(['z'], 'value')).toEqual({ line: 1, column: 1 })
  })
})
