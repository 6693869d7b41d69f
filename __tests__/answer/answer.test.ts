// What an answer has to be: every member, what it refuses, and that nothing a stranger writes hangs.

import { describe, expect, it } from '@jest/globals'
import { compileExpectation, type GivenAnswer } from '../../src/answer/answer.ts'
import type { AnswerExpectation } from '../../src/model/expectation.ts'

function held(expectation: AnswerExpectation, answer: Partial<GivenAnswer>) {
  const compiled = compileExpectation(expectation)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.check({ text: '', tools: [], outputTokens: 0, ...answer })
}

function problems(expectation: AnswerExpectation): readonly string[] {
  const compiled = compileExpectation(expectation)
  return compiled.ok
    ? []
    : compiled.problems.map(({ at, message }) => `${at.join('.')}: ${message}`)
}

const CITY = {
  type: 'object',
  required: ['city'],
  properties: { city: { type: 'string', pattern: '^[A-Z]' } },
}

describe('an answer', () => {
  it.each<[AnswerExpectation, Partial<GivenAnswer>, object | undefined]>([
    [{ jsonSchema: CITY }, { text: ' {"city":"Paris"}\n' }, undefined],
    [
      { jsonSchema: CITY },
      { text: '{"city":7}' },
      { kind: 'json-schema', problem: '/city must be string' },
    ],
    [
      { jsonSchema: CITY },
      { text: '{"city":"paris"}' },
      { kind: 'json-schema', problem: '/city must match pattern "^[A-Z]"' },
    ],
    [{ jsonSchema: CITY }, { text: 'Here you are: {"city":"Paris"}' }, { kind: 'no-json' }],
    [{ jsonSchema: true }, { text: '' }, { kind: 'no-json' }],
    [{ regex: '(?i)paris' }, { text: 'It is PARIS.' }, undefined],
    [{ regex: '^\\d+$' }, { text: 'It is 7.' }, { kind: 'regex' }],
    [
      { contains: ['Paris', 'France'] },
      { text: 'Paris' },
      { kind: 'contains', problem: 'lacks "France"' },
    ],
    [{ minTokens: 5 }, { outputTokens: 5 }, undefined],
    [{ minTokens: 5 }, { outputTokens: 4 }, { kind: 'min-tokens', problem: 'has 4 tokens' }],
    [{ tool: 'get_weather' }, { tools: ['get_weather'] }, undefined],
    [
      { tool: 'get_weather' },
      { tools: ['get_time'] },
      { kind: 'tool', problem: 'called get_time' },
    ],
    [{ tool: 'get_weather' }, { text: 'It rains.' }, { kind: 'tool' }],
    [
      { minTokens: 1, contains: ['a'] },
      { text: 'b', outputTokens: 3 },
      { kind: 'contains', problem: 'lacks "a"' },
    ],
  ])('to %j is held against all of it', (expectation, answer, found) => {
    expect(held(expectation, answer)).toEqual(found)
  })

  it('may be of any draft that its schema names', () => {
    const tuple = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'null' }] }
    expect(held({ jsonSchema: tuple }, { text: '[1]' })).toMatchObject({
      problem: '/0 must be null',
    })
    const ours = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      prefixItems: [{ type: 'null' }],
    }
    expect(held({ jsonSchema: ours }, { text: '[1]' })).toMatchObject({
      problem: '/0 must be null',
    })
  })

  it('that is nested past all measure is invalid, where the schema goes along', () => {
    const schema = { type: 'array', items: { $ref: '#' } }
    const text = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(held({ jsonSchema: schema }, { text })).toMatchObject({ kind: 'json-schema' })
  })
})

describe('an expectation that cannot be checked', () => {
  it.each<[AnswerExpectation, string]>([
    [
      { jsonSchema: { type: 'objekt' } },
      'json_schema.type: Ajv refuses the schema: it must be equal to one of the allowed values: array, boolean',
    ],
    [
      { jsonSchema: { properties: { a: { minimum: 'x' } } } },
      'json_schema.properties.a.minimum: Ajv refuses the schema: it must be number',
    ],
    [
      { jsonSchema: { $ref: 'https://example.com/other.json' } },
      "json_schema.$ref: Ajv refuses the schema: can't resolve reference",
    ],
    [
      { jsonSchema: { $schema: 'https://example.com/x' } },
      'json_schema.$schema: this `$schema` is not known',
    ],
    [
      { jsonSchema: { properties: { a: { pattern: '(' } } } },
      'json_schema.properties.a.pattern: the pattern is not one that RE2 knows (missing closing ): `(`)',
    ],
    [
      { regex: 'a(?=b)' },
      'regex: the pattern is not one that RE2 knows (invalid or unsupported Perl syntax: `(?=`); it has no look-around',
    ],
    [
      { regex: '(a)\\1' },
      'regex: the pattern is not one that RE2 knows (invalid escape sequence: `\\1`); it has no look-around and no back-references',
    ],
    [
      { regex: '((a{100}){100}){100}' },
      'regex: the pattern is not one that RE2 knows (invalid repeat count',
    ],
  ])('%j is refused by place', (expectation, problem) => {
    const [first = ''] = problems(expectation)
    expect(first.slice(0, problem.length)).toBe(problem)
  })
})

it('refuses a schema of any size', () => {
  const [first] = problems({ jsonSchema: { enum: ['x'.repeat(70_000)] } })
  expect(first).toBe('json_schema: the schema has 70013 characters; expected at most 65536')
})

describe('a pattern that would hang another engine', () => {
  // Each doubles the work of a backtracking engine with every letter: 65,536 of them never end there.
  it.each(['(a+)+$', '^(a|a)*$', '^(a?){200}a{200}$', '(.*)(.*)(.*)(.*)(.*)x$', '([a-z]+)*!'])(
    '%s does not',
    (regex) => {
      const text = `${'a'.repeat(65_536)}\n`
      expect(held({ regex }, { text })).toEqual({ kind: 'regex' })
      const jsonSchema = { type: 'string', pattern: regex }
      expect(held({ jsonSchema }, { text: JSON.stringify(text) })).toMatchObject({
        kind: 'json-schema',
      })
    },
  )
})
