// A socket's read is stamped, and what it brought waits: decoding one must not delay the stamp of another.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { AfterReads, type Reader } from '../../../src/measure/load/after-reads.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function readerInto(taken: string[], name: string): Reader {
  return { take: (chunk) => taken.push(`${name}: ${new TextDecoder().decode(chunk)}`) }
}

describe('what was read', () => {
  it('is decoded once every socket of the turn has been read, in their order', async () => {
    const taken: string[] = []
    const reads = new AfterReads()
    const [one, other] = [readerInto(taken, 'one'), readerInto(taken, 'other')]
    const turns = ['first', 'second'].map((text) => {
      const turn = reads.turnOf(bytes(text))
      reads.read(text === 'first' ? one : other, bytes(text))
      return turn
    })
    expect(turns).toEqual([0, 0])
    expect(taken).toEqual([])
    await nextTurn()
    expect(taken).toEqual(['one: first', 'other: second'])
    expect(reads.turnOf(bytes('later'))).toBe(1)
  })

  it('ends the turn early where there is no room for more', async () => {
    const taken: string[] = []
    const reads = new AfterReads(8)
    const reader = readerInto(taken, 'one')
    for (const text of ['123456', '789012']) {
      reads.turnOf(bytes(text))
      reads.read(reader, bytes(text))
    }
    expect(taken).toEqual(['one: 123456'])
    await nextTurn()
    expect(taken).toEqual(['one: 123456', 'one: 789012'])
  })
})
