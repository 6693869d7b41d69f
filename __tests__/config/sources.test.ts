// What reaches a configuration from outside its text: the environment, inputs, prompt files, and
// the trusted policy.

import { describe, expect, it } from '@jest/globals'
import { promptFilesOf } from '../../src/config/parse-config.ts'
import { configOf, gateWith, issueLine, issuesOf } from './read-config.ts'

const reference = (name: string) => '$'.concat(`{{ env.${name} }}`)
const withHeader = (value: string) =>
  `gates: {chat: {endpoint: {url: https://a.example.com, model: m, headers: {x-key: '${value}'}}}}`

describe('the environment', () => {
  it('is filled into headers and URLs for names of our own', () => {
    const text = `gates:
  chat:
    endpoint:
      url: https://${reference('INFERENCE_GATE_HOST')}/v1
      model: m
      headers: {authorization: 'Bearer ${reference('INFERENCE_GATE_TOKEN')}'}
`
    const env = { INFERENCE_GATE_HOST: 'b.example.com', INFERENCE_GATE_TOKEN: 't' }
    expect(configOf(text, { env }).gates[0]?.endpoint).toMatchObject({
      url: 'https://b.example.com/v1',
      headers: { authorization: 'Bearer t' },
    })
  })

  it('is filled in for names that the policy lists', () => {
    const text = `${withHeader(reference('GATEWAY'))}\npolicy: {allowed_env: [GATEWAY]}\n`
    const { gates } = configOf(text, { env: { GATEWAY: 'g' } })
    expect(gates[0]?.endpoint.headers).toEqual({ 'x-key': 'g' })
  })

  it("binds a pull request to the base branch's list, whatever the head allows itself", () => {
    const text = `${withHeader(reference('AWS_SECRET'))}\npolicy: {allowed_env: [AWS_SECRET]}\n`
    const trusted = { allowedEnv: [], allowedHosts: [] }
    const [issue] = issuesOf(text, { env: { AWS_SECRET: 'hunter2' }, trusted })
    expect(issue?.message).toMatch(/AWS_SECRET may not be read/)
  })

  it('may be unset where a file is only looked at', () => {
    const text = `gates:
  chat:
    endpoint: {url: '${reference('INFERENCE_GATE_URL')}', model: m, headers: {x-a: 'a${reference('INFERENCE_GATE_A')}'}}
`
    expect(issuesOf(text)).toHaveLength(2)
    const { gates } = configOf(text, { unsetEnv: 'blank' })
    expect(gates[0]?.endpoint.headers).toEqual({ 'x-a': 'a' })
  })

  it('does not lend out what objects inherit', () => {
    const text = `${withHeader(reference('constructor'))}\npolicy: {allowed_env: [constructor]}\n`
    expect(issuesOf(text)[0]?.message).toMatch(/constructor is not set/)
  })
})

describe('the inputs', () => {
  const text = gateWith('reference: {url: https://prod.example.com/v1, model: n}')

  it('may say what two deployments differ by, beside an endpoint or of the base branch’s own', () => {
    const stated = 'reference: {url: https://prod.example.com/v1, differs: 8%}'
    expect(configOf(gateWith(stated)).gates[0]?.reference).toMatchObject({
      kind: 'endpoint',
      endpoint: { url: 'https://prod.example.com/v1', model: 'm' },
      differs: 0.08,
    })
    expect(configOf(gateWith('reference: {differs: 0%}')).gates[0]?.reference).toEqual({
      kind: 'base',
      differs: 0,
    })
    expect(configOf(text).gates[0]?.reference).not.toHaveProperty('differs')
  })

  it('measure another URL with the rest of the endpoint', () => {
    const { gates } = configOf(text, { endpointUrl: 'https://pr-7.example.com/v1/' })
    expect(gates[0]?.endpoint).toMatchObject({ url: 'https://pr-7.example.com/v1', model: 'm' })
    expect(gates[0]?.reference).toMatchObject({
      endpoint: { url: 'https://prod.example.com/v1', model: 'n' },
    })
  })

  it('do not ask for variables of a URL they replace', () => {
    const endpoint = `{url: '${reference('INFERENCE_GATE_URL')}', model: m}`
    const { gates } = configOf(`gates: {chat: {endpoint: ${endpoint}}}`, {
      endpointUrl: 'https://pr-7.example.com',
    })
    expect(gates[0]?.endpoint.url).toBe('https://pr-7.example.com')
  })

  it('name the second arm, with the settings of its block or of the endpoint', () => {
    const referenceUrl = 'https://stable.example.com/v1'
    expect(configOf(text, { referenceUrl }).gates[0]?.reference).toMatchObject({
      kind: 'endpoint',
      endpoint: { url: referenceUrl, model: 'n' },
    })
    expect(
      configOf(gateWith('reference: {differs: 8%}'), { referenceUrl }).gates[0]?.reference,
    ).toMatchObject({ kind: 'endpoint', endpoint: { url: referenceUrl }, differs: 0.08 })
    expect(configOf(gateWith(''), { referenceUrl }).gates[0]?.reference).toMatchObject({
      kind: 'endpoint',
      endpoint: { url: referenceUrl, model: 'm' },
    })
  })

  it('are refused by name when they are no URL, or no allowed one', () => {
    const bound = `${gateWith('')}policy: {allowed_hosts: [inference.example.com]}\n`
    expect(
      issuesOf(bound, { endpointUrl: 'preview', referenceUrl: 'https://evil.example.org' }).map(
        issueLine,
      ),
    ).toEqual([
      'endpoint-url error endpoint-url: this is not a URL; expected one such as https://inference.example.com/v1',
      'reference-url error reference-url: https://evil.example.org is not among policy.allowed_hosts; allowed: inference.example.com',
    ])
  })

  it('replace the one URL that several gates share, and refuse to replace two', () => {
    const two = (second: string) => `gates:
  a: {endpoint: {url: https://a.example.com, model: m}}
  b: {endpoint: {url: ${second}, model: m}}
`
    const endpointUrl = 'https://pr-7.example.com'
    const { gates } = configOf(two('https://a.example.com'), { endpointUrl })
    expect(gates.map(({ endpoint }) => endpoint.url)).toEqual([endpointUrl, endpointUrl])
    const [issue] = issuesOf(two('https://b.example.com'), { endpointUrl })
    expect(issue?.message).toMatch(/2 different ones/)
  })
})

describe('trusted hosts', () => {
  it("bind a pull request's endpoint to the base branch's list", () => {
    const text = `${gateWith('reference: {url: "http://localhost:9000"}')}policy: {allowed_hosts: []}\n`
    const trusted = { allowedEnv: [], allowedHosts: ['*.example.org', 'localhost:8000'] }
    expect(issuesOf(text, { trusted }).map(({ path }) => path)).toEqual([
      'gates.chat.endpoint.url',
      'gates.chat.reference.url',
    ])
  })
})

describe('secrets of the environment', () => {
  const env = { INFERENCE_GATE_TEAM: 'team-secret', INFERENCE_GATE_GIT_TOKEN: 'ghs_1' }
  const text = (url: string) => `gates:
  chat:
    endpoint:
      url: https://inference.example.com/v1
      model: m
      headers: {x-team: "${reference('INFERENCE_GATE_TEAM')}", x-lane: fast}
    reference: {url: "${url}"}
`
  const headersAt = (url: string) => {
    const [gate] = configOf(text(url), { env }).gates
    return gate?.reference.kind === 'endpoint' ? gate.reference.endpoint.headers : undefined
  }

  it('are inherited by a reference of the same origin, and by no other', () => {
    expect(headersAt('https://inference.example.com/v2')).toEqual({
      'x-team': 'team-secret',
      'x-lane': 'fast',
    })
    for (const url of [
      'https://prod.example.com/v1',
      'http://inference.example.com/v1',
      'https://inference.example.com:8443/v1',
    ]) {
      expect(headersAt(url)).toEqual({ 'x-lane': 'fast' })
    }
  })

  it('of the program itself cannot be named, whatever the policy allows', () => {
    const own = [
      'INFERENCE_GATE_API_KEY',
      'INFERENCE_GATE_REFERENCE_API_KEY',
      'INFERENCE_GATE_GIT_TOKEN',
    ]
    for (const name of own) {
      const named = text('https://prod.example.com').replace('INFERENCE_GATE_TEAM', name)
      const [issue] = issuesOf(named, {
        env: { ...env, [name]: 'secret-value' },
        trusted: { allowedHosts: [], allowedEnv: own },
      })
      expect(issue?.message).toContain(`${name} is the program's own`)
    }
  })
})

describe('a request that costs as much as many', () => {
  const withBody = (body: string, api = 'openai-chat') =>
    issuesOf(
      `gates: {chat: {endpoint: {url: https://a.example.com, model: m, api: ${api}, body: ${body}}}}`,
    ).map(({ message }) => message)

  it.each([
    '{n: 64}',
    '{N: 2}',
    '{best_of: 4}',
    '{extra_body: {n: 3}}',
    '{generationConfig: {candidateCount: 8}}',
    '{max_tokens: 4096}',
    '{max_completion_tokens: 9}',
    '{options: {num_predict: -1}}',
    '{generationConfig: {maxOutputTokens: 9000}}',
    '{options: null}',
    '{max_tokens: null, max_completion_tokens: null}',
  ])('is refused: %s', (body) => {
    expect(withBody(body)).not.toEqual([])
  })

  it.each([
    '{n: 1}',
    '{max_tokens: null}',
    '{temperature: 0, options: {seed: 3}}',
    '{tools: [{name: f, parameters: {properties: {n: {type: number}}}}]}',
  ])('is not %s', (body) => {
    expect(withBody(body)).toEqual([])
  })
})

describe('promptFilesOf', () => {
  it('names each file once, as written', () => {
    const text = `gates:
  a: {workload: {prompts: prompts/a.jsonl}}
  b: {workload: {prompts: prompts/b.jsonl}}
  c: {workload: {prompts: prompts/a.jsonl}}
  d: {workload: {prompts: [Hello]}}
`
    expect(promptFilesOf(text)).toEqual(['prompts/a.jsonl', 'prompts/b.jsonl'])
  })

  it.each([
    ['broken YAML', 'gates: {a: {workload: {prompts: a.jsonl}'],
    ['an empty file', ''],
    ['a list', '- a'],
    ['gates that are none', 'gates: 5'],
    ['a gate that is none', 'gates: {a: null, b: [1]}'],
    ['a path out of the repository', 'gates: {a: {workload: {prompts: ../a.jsonl}}}'],
    ['an absolute path', 'gates: {a: {workload: {prompts: /etc/passwd}}}'],
    ['a drive', 'gates: {a: {workload: {prompts: "C:/a.jsonl"}}}'],
    ['a home', 'gates: {a: {workload: {prompts: ~root/a.jsonl}}}'],
    ['backslashes', 'gates: {a: {workload: {prompts: "..\\\\a.jsonl"}}}'],
  ])('names none in %s', (_, text) => {
    expect(promptFilesOf(text)).toEqual([])
  })
})

describe('a prompt file', () => {
  const text = gateWith('workload: {prompts: prompts/chat.jsonl, max_output_tokens: 32}')
  const withLines = (...lines: readonly string[]) => ({
    files: new Map([['prompts/chat.jsonl', lines.join('\n')]]),
  })

  it('gives one prompt a line', () => {
    const { gates } = configOf(
      text,
      withLines(
        '\uFEFF{"prompt": "Hello"}\r',
        '',
        '{"name": "two", "class": "short", "weight": 2.5, "max_output_tokens": 8, "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}',
        '"Bye"',
      ),
    )
    expect(gates[0]?.workload.prompts).toEqual([
      {
        name: 'prompt-1',
        promptClass: 'default',
        weight: 1,
        messages: [{ role: 'user', content: 'Hello' }],
        maxOutputTokens: 32,
      },
      {
        name: 'two',
        promptClass: 'short',
        weight: 2.5,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
        maxOutputTokens: 8,
      },
      {
        name: 'prompt-3',
        promptClass: 'default',
        weight: 1,
        messages: [{ role: 'user', content: 'Bye' }],
        maxOutputTokens: 32,
      },
    ])
  })

  it('tells its mistakes with its own lines and columns', () => {
    const issues = issuesOf(
      text,
      withLines(
        '{"prompt": "Hello"}',
        '{"prompt": "Hello",}',
        '{"prompt": "Hello"',
        '{"promt": "Hello"}',
        '{"prompt": "Hello", "weight": "heavy"}',
        '[1]',
        '{"class": "short"}',
        '{"name": "prompt-1", "prompt": "Hi"}',
      ),
    )
    expect(issues.map(issueLine).map((line) => line.slice(0, 80))).toEqual([
      'prompts/chat.jsonl:2:20 error gates.chat.workload.prompts: this line is not vali',
      'prompts/chat.jsonl:3:19 error gates.chat.workload.prompts: this line is not vali',
      'prompts/chat.jsonl:4:2 error gates.chat.workload.prompts: "promt" is not a key o',
      'prompts/chat.jsonl:5:31 error gates.chat.workload.prompts: "heavy" is not legal ',
      'prompts/chat.jsonl:6:1 error gates.chat.workload.prompts: a list is not legal he',
      'prompts/chat.jsonl:7:1 error gates.chat.workload.prompts: this prompt asks nothi',
      'prompts/chat.jsonl:8:1 error gates.chat.workload.prompts: the prompt name "promp',
    ])
  })

  it('limits the validity of answers by default where one of its prompts expects something', () => {
    const limitOf = (...lines: readonly string[]) =>
      configOf(text, withLines(...lines)).gates[0]?.limits.find(
        ({ metric }) => metric === 'answer_validity',
      )
    expect(limitOf('"a"')).toBeUndefined()
    const limit = limitOf('"a"', '{"prompt": "b", "expect": {"contains": "c"}}')
    expect(limit).toMatchObject({ worsening: 0.02, ceiling: 0.5, stated: false })
  })

  it('tells the place of what cannot be checked of an answer', () => {
    const lines = withLines(
      '{"prompt": "a", "expect": {"contains": "b"}}',
      '{"prompt": "a", "expect": {"regex": "(?=b)"}}',
      '{"prompt": "a", "expect": {"json_schema": {"type": "object", "required": "b"}}}',
    )
    expect(
      issuesOf(text, lines)
        .map(issueLine)
        .map((line) => line.slice(0, 100)),
    ).toEqual([
      'prompts/chat.jsonl:2:37 error gates.chat.workload.prompts: the pattern is not one that RE2 knows (in',
      'prompts/chat.jsonl:3:74 error gates.chat.workload.prompts: Ajv refuses the schema: it must be array',
    ])
  })

  it('is refused when it holds nothing', () => {
    expect(issuesOf(text, withLines('', '  ')).map(issueLine)).toEqual([
      'prompts/chat.jsonl error gates.chat.workload.prompts: the prompt file has 0 prompts; expected 1 to 10000',
    ])
  })

  it('of another kind altogether does not bury its first mistake', () => {
    const issues = issuesOf(text, withLines(...Array.from({ length: 500 }, () => 'a,b,c')))
    expect(issues).toHaveLength(101)
    expect(issues[0]?.line).toBe(1)
    expect(issues[100]?.message).toBe('400 more problems follow; these are the first 100')
  })
})
