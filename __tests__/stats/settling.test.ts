import { describe, expect, it } from '@jest/globals'
import { isSettled } from '../../src/stats/settling.ts'

const four = (ms: number) => [ms, ms * 1.05, ms * 0.95, ms]
const fresh = {}
const known = { expectedMs: 400 }

describe('isSettled', () => {
  it.each([
    ['one batch of an endpoint that nobody knows', [four(400)], fresh, false],
    ['two alike', [four(400), four(390)], fresh, true],
    ['one that fell', [four(5200), four(2000)], fresh, false],
    ['one that has fallen', [four(5200), four(2000), four(410), four(400), four(400)], fresh, true],
    ['a slow fall', [four(1000), four(850), four(720)], fresh, false],
    ['as fast as before', [four(450)], known, true],
    ['slower than before', [four(1200)], known, false],
    ['slower than before for long', Array(9).fill(four(1200)), known, true],
    ['slower than before, then faster', [...Array(7).fill(four(5200)), four(410)], known, false],
    ['and settled', [...Array(7).fill(four(5200)), four(410), four(400), four(400)], known, true],
    ['no token', [Array(4).fill(Number.POSITIVE_INFINITY)], fresh, false],
    ['nothing', [], fresh, false],
  ])('%s', (_, batches: number[][], by, settled) => {
    expect(isSettled(batches, by)).toBe(settled)
  })

  it('waits for the 31st request of an endpoint that is cold for thirty, where it was faster before', () => {
    const ttft = (request: number) => (request < 30 ? 5200 : 410)
    const batches: number[][] = []
    while (!isSettled(batches, known)) {
      const at = batches.length * 4
      batches.push([0, 1, 2, 3].map((offset) => ttft(at + offset)))
    }
    expect(batches.length * 4).toBe(40)
  })
})
