// The hidden line of a comment: whatever it is made of, it stays one HTML comment and can be read.

import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareRuns, isMarkedWith, readMarker, writeMarker } from '../../src/github/marker.ts'

const marker = { key: 'a.yml', headCommit: 'abc123', runId: 5, runAttempt: 2 }

describe('a marker', () => {
  it('is read as it was written', () => {
    expect(readMarker(`${writeMarker(marker)}\n\ntext`)).toEqual(marker)
  })

  it('cannot be ended, broken or forged by its key or commit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (key, headCommit) => {
          const written = writeMarker({ ...marker, key, headCommit })
          expect(written).toMatch(/^<!-- inference-gate:v1 [\w%=. ]* -->$/)
          const read = readMarker(written)
          expect(read !== undefined && isMarkedWith(read, key)).toBe(true)
          expect(read).toMatchObject({ runId: 5, runAttempt: 2 })
        },
      ),
      { seed: 7 },
    )
  })

  it('is none when it is not at the very beginning, or of another version', () => {
    expect(readMarker(` ${writeMarker(marker)}`)).toBeUndefined()
    expect(readMarker(writeMarker(marker).replace('v1', 'v2'))).toBeUndefined()
    expect(readMarker('')).toBeUndefined()
  })

  it('orders runs by id, then by attempt', () => {
    const runs = [{ ...marker, runId: 6, runAttempt: 1 }, { ...marker, runAttempt: 3 }, marker]
    expect(runs.sort(compareRuns).map(({ runId, runAttempt }) => [runId, runAttempt])).toEqual([
      [5, 2],
      [5, 3],
      [6, 1],
    ])
  })
})
