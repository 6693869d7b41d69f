// A trace as a workload: the recorded order, times and lengths, shared beginnings where the trace has
// them, and one sentence with its line for whatever is no trace.

import { describe, expect, it } from '@jest/globals'
import { parseConfig, promptFilesOf } from '../../src/config/parse-config.ts'
import { comparableOf } from '../../src/measure/load-shape.ts'
import { planWorkload } from '../../src/measure/measure.ts'
import { requestsWithin, sendingMs } from '../../src/model/arrival-stages.ts'
import type { Gate } from '../../src/model/config.ts'

/** As the Mooncake trace has it (2024): milliseconds, tokens, blocks of 512 tokens. */
const MOONCAKE = `{"timestamp": 27482, "input_length": 1200, "output_length": 52, "hash_ids": [46, 47, 48]}
{"timestamp": 27582, "input_length": 1300, "output_length": 26, "hash_ids": [46, 47, 49]}
{"timestamp": 30482, "input_length": 40, "output_length": 0, "hash_ids": [50]}
`

/** As an access log gives it. */
const OURS = `{"time": "2026-11-03T09:00:00.000Z", "input_tokens": 300, "output_tokens": 20, "prefix": "tenant-a", "prefix_tokens": 200}
{"time": "2026-11-03T09:00:01.500Z", "input_tokens": 320, "output_tokens": 20, "prefix": "tenant-a", "prefix_tokens": 200, "class": "agent"}
`

function parsed(trace: string, more = '', member = '{file: t.jsonl}') {
  const text = `gates:
  chat:
    endpoint: {url: "https://inference.example.com/v1", model: m}
    workload: {trace: ${member}${more}}
    limits: {ttft_p50: off, ttft_p95: off, ttft_p99: off, error_rate: off}
`
  expect(promptFilesOf(text)).toContain('t.jsonl')
  return parseConfig({ file: 'gate.yml', text, files: new Map([['t.jsonl', trace]]), env: {} })
}

function gateOf(trace: string, more = '', member?: string): Gate {
  const result = parsed(trace, more, member)
  const gate = result.ok ? result.config.gates[0] : undefined
  if (gate === undefined) throw new Error(JSON.stringify(result))
  return gate
}

function problemsOf(trace: string, more = '') {
  const result = parsed(trace, more)
  if (result.ok) return []
  return result.issues
    .filter(({ severity }) => severity !== 'warning')
    .map(({ file, line, message }) => `${file}:${line} ${message}`)
}

const planOf = ({ workload }: Gate, requests: number, arms: 'candidate' | 'pairs' = 'candidate') =>
  planWorkload(workload, { arms, requests, probes: 0, warmup: 0, round: 0, nonce: 'n' }).requests

const textOf = (gate: Gate, index: number) =>
  gate.workload.prompts[index]?.messages[0]?.content ?? ''

function sharedWords(gate: Gate): number {
  const [a = [], b = []] = [0, 1].map((index) => textOf(gate, index).split(' '))
  return a.findIndex((word, index) => word !== b[index])
}

describe('a trace', () => {
  it('in the format of Mooncake keeps times, order and lengths', () => {
    const gate = gateOf(MOONCAKE)
    expect(gate.workload).toMatchObject({ requests: 3, probes: 0 })
    expect(gate.workload.load).toMatchObject({
      kind: 'open',
      process: 'trace',
      timesMs: [0, 100, 3000],
    })
    const asked = planOf(gate, 3)
    expect(asked.map(({ intendedMs }) => intendedMs)).toEqual([0, 100, 3000])
    expect(asked.map(({ prompt }) => prompt)).toEqual(['trace-1', 'trace-2', 'trace-3'])
    expect(asked.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([52, 26, 1])
    const words = [0, 1, 2].map((index) => textOf(gate, index).split(' ').length)
    // About a token a word.
    expect(words[0]).toBeGreaterThan(1190)
    expect(words[0]).toBeLessThan(1210)
    expect(words[2]).toBeLessThan(45)
  })

  it('of an access log is read by our own names, with its classes', () => {
    const gate = gateOf(OURS, '', '{file: t.jsonl, speed: 3}')
    expect(gate.workload.load).toMatchObject({ timesMs: [0, 500] })
    expect(gate.workload.prompts.map(({ promptClass }) => promptClass)).toEqual([
      'up to 500 tokens',
      'agent',
    ])
    expect(sharedWords(gate)).toBeGreaterThanOrEqual(200)
    expect(sharedWords(gate)).toBeLessThan(240)
  })

  it('makes prompts begin alike as far as their hashes do, and no further', () => {
    // Two blocks of 512 tokens, behind the words of the task.
    expect(sharedWords(gateOf(MOONCAKE))).toBeGreaterThanOrEqual(1024)
    expect(sharedWords(gateOf(MOONCAKE))).toBeLessThan(1060)
    expect(textOf(gateOf(MOONCAKE), 0)).toBe(textOf(gateOf(MOONCAKE), 0))
  })

  it('begins again where more is asked than it has, and sends both halves of a pair at one time', () => {
    const gate = gateOf(MOONCAKE)
    const more = planOf(gate, 5)
    expect(more.map(({ prompt }) => prompt).slice(3)).toEqual(['trace-1', 'trace-2'])
    expect(more.map(({ intendedMs }) => intendedMs)).toEqual([0, 100, 3000, 4500, 4600])
    const pairs = planOf(gate, 2, 'pairs')
    expect(pairs.map(({ intendedMs }) => intendedMs)).toEqual([0, 0, 100, 100])
    const { load } = gate.workload
    if (load.kind !== 'open') throw new Error('a trace is an open loop')
    expect(sendingMs(load, 5)).toBe(4600)
    expect(requestsWithin(load, 4550)).toBe(4)
  })

  it('is another load than the same prompts at other times, and than its beginning alone', () => {
    const shape = (gate: Gate) => comparableOf(gate).loadShapeHash
    const whole = shape(gateOf(MOONCAKE))
    expect(shape(gateOf(MOONCAKE))).toBe(whole)
    expect(shape(gateOf(MOONCAKE, '', '{file: t.jsonl, speed: 2}'))).not.toBe(whole)
    expect(shape(gateOf(MOONCAKE, ', requests: 2'))).not.toBe(whole)
    expect(comparableOf(gateOf(MOONCAKE)).loadShape.load).toMatch(
      /^open, trace of 3 requests over 3 s, digest [0-9a-f]{12}$/,
    )
  })

  it('warns where its shared beginnings would be hidden from every cache', () => {
    const warningsOf = (more: string, trace = MOONCAKE) => {
      const result = parsed(trace, more)
      return result.ok ? result.warnings.map(({ message }) => message) : []
    }
    expect(warningsOf('')).toEqual([expect.stringContaining('no prefix cache sees what')])
    expect(warningsOf(', prompt_cache: keep')).toEqual([])
    expect(warningsOf('', MOONCAKE.replaceAll(/, "hash_ids": [^}]*/g, ''))).toEqual([])
  })

  it('takes as many of its lines as are asked for', () => {
    expect(gateOf(MOONCAKE, ', requests: 2').workload.prompts).toHaveLength(2)
  })

  it.each([
    [
      '{"timestamp": 9, "input_length": 5, "output_length": 1}\n{"timestamp": 8, "input_length": 5, "output_length": 1}',
      't.jsonl:2 this request came before the one above it; expected times in order: sort the trace',
    ],
    [
      '{"prompt": "hello"}',
      't.jsonl:1 this request lacks `timestamp` (milliseconds) or `time` (ISO 8601), `input_length` or `input_tokens`, `output_length` or `output_tokens`; expected',
    ],
    [
      '{"timestamp": 1, "input_length": 0, "output_length": 1}',
      't.jsonl:1 0 is not legal here; expected a whole number of tokens from 1 to 200000',
    ],
    [
      '{"timestamp": "1", "input_length": 5, "output_length": 1}',
      't.jsonl:1 "1" is not legal here; expected milliseconds, 0 or more',
    ],
    [
      '{"time": "yesterday", "input_tokens": 5, "output_tokens": 1}',
      't.jsonl:1 "yesterday" is not legal here; expected a time with its zone, such as 2026-11-03T09:00:00.120Z',
    ],
    ['timestamp,input\n1,2', 't.jsonl:1 this line is not valid JSON; expected one request a line'],
    ['', 't.jsonl:undefined the trace has 0 requests; expected 1 to 1000000'],
  ])('%s is refused with its line', (trace, sentence) => {
    expect(problemsOf(trace)[0]).toContain(sentence)
  })

  it('with too much text for one run says how to take less', () => {
    const line = '{"timestamp": 1, "input_length": 200000, "output_length": 1}\n'
    expect(problemsOf(line.repeat(26))).toEqual([
      't.jsonl:undefined the first 26 requests of the trace have 5200000 tokens of input; expected at most 5000000 in all: lower `requests`',
    ])
  })

  it.each(['concurrency: 4', 'arrivals: {rate: 1/s}', 'probes: 10', 'prompts: p.jsonl'])(
    'does not stand beside %s',
    (member) => {
      const name = member.split(':')[0]
      const text = problemsOf(MOONCAKE, `, ${member}`)
      expect(text).toContain(
        `gate.yml:4 \`${name}\` and \`trace\` cannot stand together: a trace says what is asked and when; keep one`,
      )
    },
  )
})
