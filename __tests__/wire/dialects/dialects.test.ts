import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DIALECTS, hasTokens } from '../../../src/model/config.ts'
import { reportedModel, usageOf } from '../../../src/wire/dialects/dialect.ts'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'

describe('the table of dialects', () => {
  it.each(DIALECTS)('has %s under its own name', (name) => {
    expect(dialectOf(name).name).toBe(name)
  })

  it.each(DIALECTS)('has a test that reads every fixture of %s', (name) => {
    const test = readFileSync(new URL(`${name}.test.ts`, import.meta.url), 'utf8')
    const files = readdirSync(new URL(`../../fixtures/streams/${name}/`, import.meta.url))
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) expect(test).toContain(`'${file.replace(/\.\w+$/, '')}'`)
  })
})

it('has items in the answers of exactly the APIs without tokens', () => {
  for (const api of DIALECTS) {
    expect(dialectOf(api).fewestItems === undefined).toBe(hasTokens(api))
  }
})

describe('the documentation of dialects', () => {
  const text = readFileSync(new URL('../../../docs/dialects.md', import.meta.url), 'utf8')

  it.each(DIALECTS)('tells where %s is asked and how it limits the output', (name) => {
    const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\` | \`/`)) ?? ''
    const endpoint = { api: name, url: 'https://h/v1', model: 'MODEL', headers: {}, body: {} }
    const request = dialectOf(name).request({
      endpoint,
      apiKey: 'sk-secret',
      messages: [],
      maxOutputTokens: 99,
    })
    expect(row).toContain(`\`${request.url.replace('https://h', '')}\``)
    const key = Object.entries(request.headers).find(([, value]) => value.includes('sk-secret'))
    expect(row).toContain(key?.[0])
    const framing = {
      sse: `| \`${name}\` | server-sent events | `,
      ndjson: `| \`${name}\` | lines of JSON | `,
      'event-stream': `| \`${name}\` | AWS event stream | `,
      json: 'answer with one JSON document',
    }[dialectOf(name).framing]
    expect(text).toContain(framing)
    const limit = /"(\w+)":99/.exec(request.body)?.[1] ?? 'nothing'
    expect(row).toContain(limit)
  })
})

describe('a hostile stream', () => {
  /** Real events with parts replaced by anything JSON can hold. */
  const members = fc.constantFrom(
    ...['choices', 'delta', 'content', 'usage', 'error', 'type', 'response', 'item', 'message'],
    ...['candidates', 'parts', 'finish_reason', 'finishReason', 'usageMetadata', 'tool_calls'],
    ...['function', 'name', 'arguments', 'text', 'done', 'done_reason', 'stop_reason', 'status'],
    ...['prompt_tokens', 'completion_tokens', 'input_tokens', 'output_tokens', 'eval_count'],
    ...['__proto__', 'constructor', 'toString'],
  )
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, -1, 1e308, 0.5, '', 'x', 'error', 'stop', 'message_delta', '503'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(members, tie('value'), { maxKeys: 5 }),
    ),
  }))

  it.each(DIALECTS)('cannot make the reader of %s throw or count nonsense', (name) => {
    const { read } = dialectOf(name)
    fc.assert(
      fc.property(fc.constantFrom('', 'error', 'message_start'), value, (event, data) => {
        const reading = read({ kind: 'event', name: event, data: JSON.stringify(data) })
        const counts = [reading.textCharacters, reading.reasoningCharacters, reading.toolCharacters]
        expect(counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true)
        for (const count of Object.values(reading.usage ?? {}))
          expect(count).toBeGreaterThanOrEqual(0)
        expect(reading.error?.message.length ?? 0).toBeLessThanOrEqual(500)
      }),
      { numRuns: 500 },
    )
  })
})

describe("the model's name", () => {
  it('is cut to a length that a report can show, and left out where it is empty', () => {
    expect(reportedModel({ model: 'x'.repeat(10_000) }, 'model')).toHaveLength(200)
    expect(reportedModel({ model: '' }, 'model')).toBeUndefined()
    expect(reportedModel({ model: 5 }, 'model')).toBeUndefined()
    expect(reportedModel(undefined, 'model')).toBeUndefined()
  })
})

describe('usage', () => {
  it('is not known until both input and output have been counted', () => {
    expect(usageOf(undefined)).toBeUndefined()
    expect(usageOf({ inputTokens: 1 })).toBeUndefined()
    expect(usageOf({ outputTokens: 1 })).toBeUndefined()
    expect(usageOf({ inputTokens: 1, outputTokens: 2 })).toEqual({
      source: 'server',
      inputTokens: 1,
      cachedInputTokens: 0,
      outputTokens: 2,
      reasoningTokens: 0,
    })
  })
})
