// Conversations as they are written: in the config and in a file of prompts, and one sentence for each way
// to get them wrong.

import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../src/config/parse-config.ts'
import type { Gate } from '../../src/model/config.ts'

const TRACK = '{type: function, function: {name: track}}'

type Written = { readonly api?: string; readonly file?: string; readonly workload?: string }

function parsed(prompts: string, { api = 'openai-chat', file = '', workload = '' }: Written = {}) {
  const text = `gates:
  chat:
    endpoint: {api: ${api}, url: "https://inference.example.com/v1", model: m}
    workload:
      requests: 60
      prompts: ${prompts}
${workload}
    limits: {ttft_p50: off, ttft_p95: off, ttft_p99: off, error_rate: off}
`
  const files = new Map([['p.jsonl', file]])
  return parseConfig({ file: 'gate.yml', text, files, env: {} })
}

function gateOf(prompts: string, written?: Written): Gate {
  const result = parsed(prompts, written)
  const gate = result.ok ? result.config.gates[0] : undefined
  if (gate === undefined) throw new Error(JSON.stringify(result))
  return gate
}

function problemsOf(prompts: string, written?: Written) {
  const result = parsed(prompts, written)
  if (result.ok) return []
  return result.issues
    .filter(({ severity }) => severity !== 'warning')
    .map(({ path, message }) => `${path}: ${message}`)
}

describe('a conversation', () => {
  it('is read from turns that are texts, and from turns with more to say', () => {
    const [prompt] = gateOf(`
        - name: parcel
          max_output_tokens: 40
          turns:
            - {role: system, content: Be brief.}
            - Where is my parcel?
            - {role: user, content: And when?, think_time: 2s, max_output_tokens: 9}`).workload
      .prompts
    expect(prompt).toEqual({
      name: 'parcel',
      promptClass: 'default',
      weight: 1,
      maxOutputTokens: 40,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Where is my parcel?' },
      ],
      later: [{ thinkMs: 2000, said: { by: 'user', content: 'And when?' }, maxOutputTokens: 9 }],
    })
  })

  it('gives the results of tools that follow one another together', () => {
    const tools = `{tools: [${TRACK}, {type: function, function: {name: weather}}]}`
    const [prompt] = gateOf(`
        - body: ${tools}
          turns:
            - Where is my parcel, and does it rain there?
            - {role: tool, name: track, content: in Lyon}
            - {role: tool, name: weather, content: sun, think_time: 300ms}
            - Thanks.`).workload.prompts
    expect(prompt?.later?.map(({ said, thinkMs }) => [said, thinkMs])).toEqual([
      [
        {
          by: 'tools',
          results: [
            { name: 'track', content: 'in Lyon' },
            { name: 'weather', content: 'sun' },
          ],
        },
        300,
      ],
      [{ by: 'user', content: 'Thanks.' }, 0],
    ])
  })

  it('is one line of a file of prompts', () => {
    const file = '{"name": "parcel", "turns": ["Where?", {"role": "user", "content": "When?"}]}\n'
    const { prompts } = gateOf('p.jsonl', { file }).workload
    expect(prompts[0]?.later).toHaveLength(1)
  })

  it('is asked without probes, of which the default workload has some', () => {
    const result = parsed('[{turns: [a, b]}]')
    expect(result.ok && result.config.gates[0]?.workload.probes).toBe(0)
  })

  it.each([
    [
      '[{turns: [{role: system, content: a}]}]',
      'prompts[0].turns: this conversation has no user turn; expected at least one, such as {role: user, content: …}',
    ],
    [
      '[{turns: [{role: tool, name: track, content: a}, b]}]',
      'turns[0]: a conversation cannot begin with what a tool gave; expected a user turn before it',
    ],
    [
      '[{turns: [a, {role: system, content: b}]}]',
      'turns[1]: a system turn stands before all others, or what is said after it could be in no prefix cache; move it to the beginning',
    ],
    [
      '[{turns: [a, {role: assistant, content: b}, c]}]',
      'turns[1].role: "assistant" is not legal here; expected system, user or tool: the assistant\'s turns are what the endpoint answers',
    ],
    ['[{turns: [a, {role: usr, content: b}]}]', 'turns[1].role'],
    ['[{turns: [a, {role: user, content: ""}]}]', 'turns[1].content'],
    ['[{turns: [a, ""]}]', 'turns[1]'],
    ['[{turns: []}]', 'turns'],
    ['[{turns: [a, {role: user, content: b, think_time: -2s}]}]', 'turns[1].think_time'],
    [
      '[{turns: [a, {role: user, content: b, think_time: 1h}]}]',
      'turns[1]: 1h is too long to think in a job; expected at most 10m',
    ],
    [
      '[{turns: [{role: user, content: a, think_time: 1s}, b]}]',
      'turns[0]: nothing is waited for before the first turn; expected `think_time` in a later one',
    ],
    [
      '[{turns: [{role: system, content: a, max_output_tokens: 4}, b, c]}]',
      'turns[0]: `max_output_tokens` is of a turn that is answered; take it out',
    ],
    [
      '[{turns: [a, {role: user, name: track, content: b}]}]',
      'turns[1]: `name` is that of a tool, and this is a user turn; take it out',
    ],
    [
      `[{body: {tools: [${TRACK}]}, turns: [a, {role: tool, content: b}]}]`,
      'turns[1]: which tool gave this is not said; expected `name`, the name of one of the `tools`',
    ],
    [
      `[{body: {tools: [${TRACK}]}, turns: [a, {role: tool, name: track, content: b}, {role: tool, name: track, content: c}]}]`,
      'turns[2]: "track" gives two results in one turn; expected one, or a user turn between them',
    ],
    [
      '[{name: x, turns: [a, {role: tool, name: track, content: b}]}]',
      'the conversation "x" gives the result of "track", but no tools are offered; expected `tools` in its `body` or the endpoint\'s',
    ],
    [
      `[{name: x, body: {tools: [${TRACK}]}, turns: [a, {role: tool, name: trak, content: b}]}]`,
      'the conversation "x" gives the result of "trak", which is none of its tools; expected track',
    ],
    ['[{prompt: a, turns: [a, b]}]', '`prompt` and `turns` cannot stand together; keep one'],
    [
      '[{messages: [{role: user, content: a}], turns: [a, b]}]',
      '`messages` and `turns` cannot stand together; keep one',
    ],
    [
      '[{body: {messages: []}, turns: [a, b]}]',
      '`messages` cannot be set in the body; set `prompts` of the workload',
    ],
    [
      '[{expect: {contains: x}, turns: [a, b]}]',
      '`expect` of a conversation stands in the turn whose answer it is about; move it there',
    ],
    ['[{turns: [a, {role: user, content: b, expect: {regex: "("}}]}]', 'turns[1].expect.regex'],
  ])('refuses %s', (prompts, message) => {
    const problems = problemsOf(prompts)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(message)
  })

  it('refuses what the rest of the gate cannot do with it', () => {
    expect(problemsOf('[{turns: [a, b]}]', { api: 'openai-completions' })).toEqual([
      'gates.chat.endpoint.api: openai-completions has no messages that an answer could be put back into, and the workload has `turns`; expected a chat dialect such as openai-chat',
    ])
    expect(problemsOf('[{turns: [a, b]}]', { workload: '      probes: 20' })).toEqual([
      'gates.chat.workload.probes: a probe ends at the first token, and a conversation goes on with the answer; take `probes` out',
    ])
  })

  it.each(['{"name": "track"}', '{"functionDeclarations": [{"name": "track"}]}', TRACK])(
    'knows the tools of every dialect by name: %s',
    (tool) => {
      const of = (name: string) =>
        problemsOf(
          `[{body: {tools: [${tool}]}, turns: [a, {role: tool, name: ${name}, content: b}]}]`,
        )
      expect(of('track')).toEqual([])
      expect(of('trak')).toHaveLength(1)
    },
  )

  it('is refused in a file with its line', () => {
    const file = '{"prompt": "hi"}\n{"turns": ["a", {"role": "tool", "content": "b"}]}\n'
    const result = parsed('p.jsonl', { file })
    const [issue] = result.ok ? [] : result.issues
    expect([issue?.file, issue?.line]).toEqual(['p.jsonl', 2])
  })
})
