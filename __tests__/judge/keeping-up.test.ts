// Whether an endpoint keeps up: a conversation's later turns are no arrivals, so the time in which only
// they are left says nothing of a queue.

import { describe, expect, it } from '@jest/globals'
import { backlogOf } from '../../src/judge/keeping-up.ts'
import { paceOf } from '../../src/measure/self-check/pace.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import { answer } from './measured.ts'

/** Ten conversations, one every 100 ms; the second turn a second after the first. */
const TALKS: readonly RequestRecord[] = Array.from({ length: 10 }, (_, conversation) => {
  const at = 100 * conversation
  return [
    { turn: 1, intendedMs: at, startedMs: at, endMs: at + 50 },
    { turn: 2, startedMs: at + 1000, endMs: at + 1050 },
  ].map((turn, half) => answer(2 * conversation + half, { conversation, ...turn }))
}).flat()

describe('the end of the arrivals', () => {
  it('is that of what came by itself', () => {
    const { cameBetween, atEnd } = backlogOf(TALKS)
    expect(cameBetween).toBe(5)
    expect(atEnd).toBe(1)
    const pace = paceOf(TALKS)
    expect(pace?.asked).toBeCloseTo(5 / 0.45)
  })

  it('is the last request where prompts are asked alone', () => {
    const alone = TALKS.map(({ turn: _t, conversation: _c, ...record }) => record)
    expect(backlogOf(alone).cameBetween).toBe(10)
  })
})
