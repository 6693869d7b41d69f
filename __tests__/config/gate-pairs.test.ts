// Which gate of the base branch a gate of the head is, whatever it is called.

import { describe, expect, it } from '@jest/globals'
import { pairGates } from '../../src/config/gate-pairs.ts'
import { configOf } from './read-config.ts'

type Lines = Readonly<Record<string, { readonly url: string; readonly requests?: number }>>

function gatesOf(lines: Lines) {
  const text = Object.entries(lines).map(
    ([name, { url, requests = 200 }]) =>
      `  ${name}: {endpoint: {url: "https://${url}/v1", model: m}, workload: {requests: ${requests}}}`,
  )
  return configOf(`gates:\n${text.join('\n')}\n`).gates
}

function pairs(base: Lines, head: Lines): readonly string[] {
  return pairGates(gatesOf(base), gatesOf(head)).map(
    (pair) => `${pair.base?.name ?? '-'} > ${pair.head?.name ?? '-'}`,
  )
}

/** A decoy in front must not take the place of the gate that only has a new name. */
const DECOY: Lines = { decoy: { url: 'fast', requests: 9 }, z: { url: 'a' } }

const rows: readonly (readonly [string, Lines, Lines, readonly string[]])[] = [
  ['its name', { a: { url: 'a' } }, { a: { url: 'other' } }, ['a > a']],
  ['its endpoint', { a: { url: 'a' } }, { z: { url: 'a', requests: 90 } }, ['a > z']],
  [
    'what it asks',
    { a: { url: 'a', requests: 90 }, b: { url: 'b' } },
    { y: { url: 'y' }, z: { url: 'z', requests: 90 } },
    ['b > y', 'a > z'],
  ],
  ['nothing but that it goes', { a: { url: 'a' } }, { z: { url: 'z', requests: 9 } }, ['a > z']],
  ['its endpoint before a decoy', { a: { url: 'a' } }, DECOY, ['- > decoy', 'a > z']],
  [
    'no other where it is new',
    { a: { url: 'a' } },
    { a: { url: 'a' }, z: { url: 'z' } },
    ['a > a', '- > z'],
  ],
  [
    'none where it is gone',
    { a: { url: 'a' }, b: { url: 'b' } },
    { b: { url: 'b' } },
    ['b > b', 'a > -'],
  ],
]

describe('a gate is found again', () => {
  it.each(rows)('by %s', (_, base, head, expected) => {
    expect(pairs(base, head)).toEqual(expected)
  })
})
