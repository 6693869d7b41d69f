// When a pull request can have changed what a gate measures: by its own settings and prompts, by paths,
// and never in doubt.

import { describe, expect, it } from '@jest/globals'
import { isAffected, isReadAlike, unmatchedGlobs } from '../../src/config/affected.ts'
import type { Gate } from '../../src/model/config.ts'
import { configOf, gateWith, issueLine, issuesOf } from './read-config.ts'

function gateOf(lines: string, files: Readonly<Record<string, string>> = {}): Gate {
  const [gate] = configOf(gateWith(lines), { files: new Map(Object.entries(files)) }).gates
  if (gate === undefined) throw new Error('no gate')
  return gate
}

describe('affected_by in a config', () => {
  it('is the paths beside the gate’s own settings, which always count', () => {
    expect(gateOf('affected_by: [config]').affectedBy).toEqual([])
    expect(gateOf("affected_by: ['prompts/**']").affectedBy).toEqual(['prompts/**'])
    expect(gateOf('reference: none').affectedBy).toBeUndefined()
  })

  it.each(['[]', '[/etc/passwd]', "['!src/**']", '[../up]', "['a/../b']", "['a\\b']", 'config'])(
    'refuses %s with the legal values',
    (value) => {
      const [issue] = issuesOf(gateWith(`affected_by: ${value}`))
      expect(issue?.path).toContain('affected_by')
      expect(issue?.message).toMatch(/`?config`?/)
    },
  )
})

describe('two readings of a gate', () => {
  const base = gateOf('workload: {prompts: p.jsonl}', { 'p.jsonl': '{"prompt": "one"}\n' })

  it('are alike whatever their limits and reference', () => {
    const other = gateOf('workload: {prompts: p.jsonl}\nlimits: {ttft_p50: {increase: 90%}}', {
      'p.jsonl': '{"prompt": "one"}\n',
    })
    expect(isReadAlike(base, other)).toBe(true)
  })

  it.each([
    ['a prompt', 'workload: {prompts: p.jsonl}', '{"prompt": "one, longer"}\n'],
    ['the requests', 'workload: {prompts: p.jsonl, requests: 150}', '{"prompt": "one"}\n'],
    [
      'the prices',
      'workload: {prompts: p.jsonl}\nprices: {input: $1/M, output: $2/M}',
      '{"prompt": "one"}\n',
    ],
  ])('differ by %s', (_, lines, prompts) => {
    expect(isReadAlike(base, gateOf(lines, { 'p.jsonl': prompts }))).toBe(false)
  })

  it('differ by a parameter of the endpoint', () => {
    const text = gateWith('reference: none')
    const [plain] = configOf(text).gates
    const [warmer] = configOf(text.replace('model: m', 'model: m, body: {temperature: 1}')).gates
    expect(plain && warmer && isReadAlike(plain, warmer)).toBe(false)
  })

  it('differ by who asks', () => {
    const text = gateWith('reference: none')
    const [plain] = configOf(text).gates
    const [other] = configOf(text.replace('model: m', 'model: m, auth: gcp')).gates
    expect(plain && other && isReadAlike(plain, other)).toBe(false)
    expect(plain && isReadAlike(plain, { ...plain })).toBe(true)
  })
})

describe('changed files', () => {
  const rows: readonly (readonly [string[], string[], boolean])[] = [
    [['README.md'], [], false],
    [['README.md'], ['prompts/**'], false],
    [['prompts/de/chat.jsonl'], ['prompts/**'], true],
    [['prompts/chat.jsonl'], ['prompts/*.jsonl'], true],
    [['prompts/de/chat.jsonl'], ['prompts/*.jsonl'], false],
    [['.hidden/llm.py'], ['**'], true],
    [['src/llm/client.ts'], ['docs/**', 'src/{llm,prompts}/**'], true],
    [['src/llmx/client.ts'], ['src/llm/**'], false],
    [[], ['**'], false],
  ]
  it.each(rows)('%j is in %j: %s', (changed, globs, expected) => {
    expect(isAffected(changed, { globs, always: [] })).toBe(expected)
  })

  it('count where they are the workflow that hands over inputs and environment', () => {
    const workflow = '.github/workflows/gate.yml'
    expect(isAffected([workflow], { globs: [], always: [workflow] })).toBe(true)
  })
})

describe('a glob that matches nothing', () => {
  const text = gateWith("affected_by: ['promts/**', 'src/llm/client.tz', 'docs/**']")
  const paths = ['prompts/chat.jsonl', 'src/llm/client.ts', 'docs/a.md']
  const lines = unmatchedGlobs(configOf(text).gates, { file: 'gate.yml', text }, paths).map(
    issueLine,
  )

  it('is a warning at its line with the nearest path', () => {
    expect(lines).toEqual([
      'gate.yml:4:18 warning gates.chat.affected_by: "promts/**" matches no file of the repository, so no change of one is noticed; the nearest path is "prompts"',
      'gate.yml:4:18 warning gates.chat.affected_by: "src/llm/client.tz" matches no file of the repository, so no change of one is noticed; the nearest path is "src/llm/client.ts"',
    ])
  })

  it('has no suggestion where nothing is near', () => {
    const far = gateWith("affected_by: ['zzzzzz/**']")
    const [issue] = unmatchedGlobs(configOf(far).gates, { file: 'g.yml', text: far }, paths)
    expect(issue?.message).toMatch(/noticed$/)
  })
})
