import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { sha256Hex } from '../../src/model/digest.ts'

describe('sha256Hex', () => {
  it('gives the digests of FIPS 180-4', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(sha256Hex('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })

  it('agrees with node:crypto at every length around a block and on any text', () => {
    const nodeDigest = (text: string) => createHash('sha256').update(text).digest('hex')
    for (let length = 50; length <= 130; length += 1) {
      expect(sha256Hex('é'.repeat(length))).toBe(nodeDigest('é'.repeat(length)))
      expect(sha256Hex('x'.repeat(length))).toBe(nodeDigest('x'.repeat(length)))
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(nodeDigest(text))
      }),
      { numRuns: 100, seed: 1 },
    )
  })
})
