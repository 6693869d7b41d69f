// Body members of one prompt: tools and response formats in the words of the API, with the same refusals
// as the endpoint's own.

import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../src/config/parse-config.ts'
import { comparableOf } from '../../src/measure/load-shape.ts'
import { estimateOfPlan, planWorkload } from '../../src/measure/measure.ts'

const TOOL =
  '{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}'

function parsed(prompts: string, file = '') {
  const text = `gates:
  chat:
    endpoint: {url: "https://inference.example.com/v1", model: m, body: {temperature: 0, tools: []}}
    workload: {requests: 60, prompts: ${prompts}}
    prices: {input: $1.00/M, output: $1.00/M}
`
  const files = new Map([['p.jsonl', file]])
  return parseConfig({ file: 'gate.yml', text, files, env: {} })
}

function gateOf(prompts: string, file?: string) {
  const result = parsed(prompts, file)
  const gate = result.ok ? result.config.gates[0] : undefined
  if (gate === undefined) throw new Error(JSON.stringify(result))
  return gate
}

describe('the body of a prompt', () => {
  it('reaches the plan, of that prompt alone', () => {
    const { workload } = gateOf(
      `[{name: a, prompt: hi, body: {tools: [${TOOL}]}}, {name: b, prompt: ho}]`,
    )
    const { requests } = planWorkload(workload, {
      ...{ arms: 'candidate', requests: 20, probes: 0, warmup: 0, round: 0, nonce: 'n' },
    })
    const bodies = new Map(requests.map(({ prompt, body }) => [prompt, body]))
    expect(bodies.get('a')).toEqual({ tools: [JSON.parse(TOOL)] })
    expect(bodies.get('b')).toBeUndefined()
  })

  it('is part of the load and of what a prompt is estimated to cost', () => {
    const plain = gateOf('[{name: a, prompt: hi}]')
    const tooled = gateOf(`[{name: a, prompt: hi, body: {tools: [${TOOL}]}}]`)
    expect(comparableOf(tooled).loadShapeHash).not.toBe(comparableOf(plain).loadShapeHash)
    const [cheap = 0, more = 0] = [plain, tooled].map((gate) => estimateOfPlan(gate).costUsd)
    expect(more).toBeGreaterThan(cheap)
  })

  it('is read from a file of prompts, and refused there with its line', () => {
    const file = `{"prompt": "hi", "body": {"response_format": {"type": "json_object"}}}\n`
    expect(gateOf('p.jsonl', file).workload.prompts[0]?.body).toEqual({
      response_format: { type: 'json_object' },
    })
    const result = parsed('p.jsonl', `{"prompt": "ok"}\n{"prompt": "hi", "body": {"n": 4}}\n`)
    expect(
      result.ok ? [] : result.issues.map(({ file, line, message }) => [file, line, message]),
    ).toEqual([
      ['p.jsonl', 2, expect.stringContaining('`n` asks for several answers to one request')],
    ])
  })

  it.each([
    ['{model: other}', '`model` cannot be set in the body'],
    ['{max_tokens: 9000}', '`max_tokens` cannot be set in the body; set `max_output_tokens`'],
    ['{options: {num_predict: 9000}}', '`num_predict` cannot be set in the body'],
  ])('%s is refused as at the endpoint', (body, message) => {
    const result = parsed(`[{prompt: hi, body: ${body}}]`)
    expect(result.ok ? [] : result.issues.map((issue) => issue.message)).toEqual([
      expect.stringContaining(message),
    ])
  })
})
