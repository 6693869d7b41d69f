import { describe, expect, it } from '@jest/globals'
import { counterparts } from '../../../src/measure/plan/counterparts.ts'
import type { Prompt } from '../../../src/model/config.ts'

function prompt(name: string, text = name, promptClass = 'default'): Prompt {
  const messages = [{ role: 'user' as const, content: text }]
  return { name, promptClass, weight: 1, messages, maxOutputTokens: 64 }
}

function paired(head: readonly Prompt[], base: readonly Prompt[]): Record<string, string> {
  return Object.fromEntries(
    [...counterparts(head, base)].map(([own, { name }]) => [own.name, name]),
  )
}

describe('the prompt that each one is compared with', () => {
  it('is the one of its name, whatever both say and wherever they stand', () => {
    const head = [prompt('b', 'new text'), prompt('a')]
    expect(paired(head, [prompt('a'), prompt('b')])).toEqual({ a: 'a', b: 'b' })
  })

  it('is the one of the same content where the name is new', () => {
    const head = [prompt('x', 'second'), prompt('y', 'first')]
    expect(paired(head, [prompt('a', 'first'), prompt('b', 'second')])).toEqual({ x: 'b', y: 'a' })
  })

  it('is one of its class otherwise, and by position where it has none', () => {
    const base = [prompt('a', 'a', 'long'), prompt('b', 'b', 'short'), prompt('c', 'c', 'other')]
    const head = [prompt('x', 'x', 'short'), prompt('y', 'y', 'long'), prompt('z', 'z', 'new')]
    expect(paired(head, base)).toEqual({ x: 'b', y: 'a', z: 'c' })
  })

  it('is shared where there are more prompts than before, those of a class first', () => {
    const base = [prompt('a', 'a', 'long'), prompt('b', 'b', 'short')]
    const head = ['1', '2', '3'].map((name) => prompt(name, name, 'short'))
    expect(paired(head, base)).toEqual({ 1: 'b', 2: 'b', 3: 'b' })
    expect(paired([prompt('p', 'p', 'new'), ...head], [prompt('a')])).toMatchObject({ p: 'a' })
  })

  it('is nobody else’s where a prompt of its own name is there', () => {
    const head = [prompt('x', 'a'), prompt('a', 'changed')]
    expect(paired(head, [prompt('a', 'a'), prompt('b', 'b')])).toEqual({ a: 'a', x: 'b' })
  })
})
