// Requests at once: the base branch's bound, whatever a head asks for or allows itself.

import { describe, expect, it } from '@jest/globals'
import { mostInFlight } from '../../src/config/config.ts'
import { COMMON_IN_FLIGHT } from '../../src/model/in-flight.ts'
import { configOf, gateWith, issuesOf } from './read-config.ts'

const closed = (concurrency: number) =>
  gateWith(`workload: {requests: 1000, warmup: 0, concurrency: ${concurrency}}`)
const open = (most: number) =>
  gateWith(`workload: {requests: 200, warmup: 0, arrivals: {rate: 5/s, max_in_flight: ${most}}}`)

describe('the most requests at once', () => {
  it('are the same number in the schema, which fills it in for an open loop', () => {
    const { load } =
      configOf(gateWith('workload: {arrivals: {rate: 5/s}}')).gates[0]?.workload ?? {}
    expect(load).toMatchObject({ maxInFlight: COMMON_IN_FLIGHT })
  })

  it('are what a config says, else what its gates need, else a common number', () => {
    expect(mostInFlight(configOf(closed(4)))).toBe(256)
    expect(mostInFlight(configOf(closed(700)))).toBe(700)
    expect(mostInFlight(configOf(open(900)))).toBe(900)
    expect(mostInFlight(configOf(`${closed(4)}\nbudget: {in_flight: 8}`))).toBe(8)
  })

  it.each([
    ['a closed loop', closed(9), 'gates.chat.workload.concurrency'],
    ['an open loop', open(9), 'gates.chat.workload.arrivals.max_in_flight'],
    ['a file that allows it itself', `${closed(9)}\nbudget: {in_flight: 9}`, 'concurrency'],
  ])('are refused past those of the base branch in %s', (_, text, path) => {
    const [issue, ...others] = issuesOf(text, { mostInFlight: 8 })
    expect(others).toEqual([])
    expect(issue?.path).toContain(path)
    expect(issue?.line).toBeDefined()
    expect(issue?.message).toBe(
      '9 in flight are more than the 8 that the base branch allows at once; ask for fewer, or raise `budget.in_flight` on the base branch first',
    )
    expect(issuesOf(text, { mostInFlight: 9 })).toEqual([])
  })

  it('contradict a gate of the same file that asks for more', () => {
    const [issue] = issuesOf(`${closed(9)}\nbudget: {in_flight: 8}`)
    expect(issue?.message).toMatch(/^9 in flight are more than the 8 of `budget.in_flight`/)
  })
})
