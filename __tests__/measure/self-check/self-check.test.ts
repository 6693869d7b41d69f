import { describe, expect, it } from '@jest/globals'
import { checkRun } from '../../../src/measure/self-check/self-check.ts'
import type { EarlyStop, Measurement } from '../../../src/model/measurement.ts'
import type { Plan } from '../../../src/model/plan.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { Conditions } from '../../../src/model/run.ts'
import {
  answer,
  failure,
  measurement,
  QUIET,
  serverUsage,
  withoutUsage,
} from '../../judge/measured.ts'

function planOf(count: number): Plan {
  return {
    requests: Array.from({ length: count }, (_, index) => ({
      index,
      arm: 'candidate',
      kind: 'answer',
      warmup: false,
      prompt: 'p',
      promptClass: 'c',
      messages: [],
      maxOutputTokens: 16,
    })),
    load: { kind: 'closed', concurrency: 4 },
    maxClientDelayMs: 20,
    timeouts: { connectMs: 1, firstTokenMs: 1, idleMs: 1, totalMs: 1 },
    seed: 1,
  }
}

const ANSWERS = Array.from({ length: 100 }, (_, index) => answer(index))

function check(measured: Measurement, planned = 100) {
  return checkRun(measured, planOf(planned))
}

function withConditions(change: Partial<Conditions>, records = ANSWERS) {
  return check(measurement(records, { conditions: { ...QUIET, ...change } }))
}

function stoppedBy(stopped: EarlyStop, records: readonly RequestRecord[]) {
  return check(measurement(records, { stopped }))
}

const SOUND = { invalidities: [], warnings: [] }

describe('a sound run', () => {
  it('has nothing to say', () => {
    expect(check(measurement(ANSWERS))).toEqual(SOUND)
  })
})

describe('a run that its client made', () => {
  const rows: readonly [string, Partial<Conditions>, object][] = [
    ['event-loop-delay', { eventLoopDelayP99Ms: 21 }, { p99Ms: 21, limitMs: 20 }],
    ['send-lateness', { sendLatenessP99Ms: 25 }, { p99Ms: 25, limitMs: 20 }],
    ['load-not-reached', { achievedLoad: 3.5 }, { achieved: 3.5, intended: 4 }],
    ['fresh-connections', { unwarmedConnections: 21 }, { share: 0.21, limit: 0.2 }],
    ['clock-stepped', { clockDriftMs: -400 }, { driftMs: -400 }],
  ]
  it.each(rows)('is void for %s', (kind, change, expected) => {
    expect(withConditions(change).invalidities).toEqual([{ kind, ...expected }])
  })

  it('may be later the longer the endpoint takes', () => {
    const slow = ANSWERS.map((record) => ({ ...record, firstTokenMs: 2001 }))
    expect(withConditions({ eventLoopDelayP99Ms: 190 }, slow)).toEqual(SOUND)
    expect(withConditions({ eventLoopDelayP99Ms: 390 }, slow).invalidities).toEqual([])
    expect(withConditions({ eventLoopDelayP99Ms: 410 }, slow).invalidities).toEqual([
      { kind: 'event-loop-delay', p99Ms: 410, limitMs: 400 },
    ])
  })

  it('only warns where the median dwarfs the delay, and not where the delay is most of it', () => {
    const of = (ttftMs: number) =>
      ANSWERS.map((record) => ({ ...record, sentMs: 1, firstTokenMs: ttftMs + 1 }))
    expect(withConditions({ eventLoopDelayP99Ms: 54 }, of(300))).toEqual({
      invalidities: [],
      warnings: [{ kind: 'client-late', p99Ms: 54, medianMs: 300 }],
    })
    expect(withConditions({ sendLatenessP99Ms: 49 }, of(55)).invalidities).toEqual([
      { kind: 'send-lateness', p99Ms: 49, limitMs: 20 },
    ])
  })

  it('is void when an open loop met its bound', () => {
    // Asked 40 a second for 4 s; of what came, every answer takes 2 s and every second one is lost.
    const piled = Array.from({ length: 161 }, (_, index) =>
      answer(index, {
        intendedMs: index * 25,
        startedMs: index * 25,
        endMs: index * 25 + (index % 2 === 0 ? 2000 : 60_000),
      }),
    )
    const { invalidities } = stoppedBy({ what: 'max-in-flight', allowed: 64 }, piled)
    expect(invalidities).toEqual([
      { kind: 'too-many-in-flight', limit: 64, asked: 40, answered: 20 },
    ])
    const [only] = stoppedBy(
      { what: 'max-in-flight', allowed: 1 },
      ANSWERS.slice(0, 1),
    ).invalidities
    expect(only).toMatchObject({ kind: 'too-many-in-flight', limit: 1 })
  })

  it('is void when it was called off', () => {
    const { invalidities } = stoppedBy({ what: 'signal' }, ANSWERS.slice(0, 7))
    expect(invalidities).toEqual([{ kind: 'aborted', measured: 7 }])
  })
})

describe('a run in which nothing completed', () => {
  it('is told by its commonest failure', () => {
    const refused = { outcome: 'http-4xx', status: 401, detail: 'HTTP 401: no such key' } as const
    const records = [
      failure(0, { outcome: 'timeout-total' }),
      ...[1, 2, 3].map((index) => failure(index, refused)),
    ]
    expect(check(measurement(records)).invalidities).toEqual([
      { kind: 'nothing-completed', count: 3, ...refused },
    ])
  })

  it('is told by its warm-up when that was all', () => {
    const warmup = [failure(0, { outcome: 'connect', detail: 'connect ECONNREFUSED' })]
    const stopped: EarlyStop = { what: 'endpoint-down', arm: 'candidate' }
    const { invalidities } = check(measurement([], { warmup, stopped }))
    expect(invalidities).toEqual([
      {
        kind: 'nothing-completed',
        outcome: 'connect',
        count: 1,
        detail: 'connect ECONNREFUSED',
      },
    ])
  })

  it('blames no client for the load it did not keep', () => {
    const records = [failure(0, { outcome: 'connect' })]
    const conditions = { ...QUIET, achievedLoad: 0.1 }
    expect(check(measurement(records, { conditions })).invalidities).toHaveLength(1)
  })

  it('is no matter of the reference arm', () => {
    const down = failure(200, { outcome: 'connect', arm: 'reference' })
    expect(check(measurement([...ANSWERS, down])).invalidities).toEqual([])
  })
})

describe('a budget that ran out', () => {
  it('shortens a run that still has half of its plan', () => {
    const { invalidities, warnings } = stoppedBy({ what: 'cost', allowed: 1 }, ANSWERS.slice(0, 60))
    expect(invalidities).toEqual([])
    expect(warnings).toEqual([
      { kind: 'budget-shortened', what: 'cost', measured: 60, planned: 100 },
    ])
  })

  it('voids a run with less, and says what the whole would need', () => {
    const { invalidities } = stoppedBy({ what: 'cost', allowed: 1 }, ANSWERS.slice(0, 20))
    expect(invalidities).toEqual([
      { kind: 'budget', what: 'cost', allowed: 1, needed: 5, measured: 20 },
    ])
  })

  it('reckons time from the time it took', () => {
    const { invalidities } = stoppedBy({ what: 'duration', allowed: 10_000 }, ANSWERS.slice(0, 10))
    expect(invalidities[0]).toMatchObject({ needed: 110_000 })
  })

  it('means nothing when everything had been sent', () => {
    expect(stoppedBy({ what: 'duration', allowed: 1 }, ANSWERS)).toEqual({
      invalidities: [],
      warnings: [],
    })
  })
})

describe('a warning', () => {
  const tokens = (outputTokens: number) => serverUsage({ inputTokens: 100, outputTokens })

  it('names a model that ignores its limit', () => {
    const records = ANSWERS.map((record) =>
      answer(record.index, { usage: tokens(40), tokenEvents: 40, tokenReads: 40 }),
    )
    expect(check(measurement(records)).warnings).toContainEqual({
      kind: 'output-tokens-ignored',
      asked: 16,
      got: 40,
    })
  })

  it('names usage that counts more than was streamed token by token', () => {
    const records = ANSWERS.map((record) => answer(record.index, { usage: tokens(15) }))
    expect(check(measurement(records)).warnings).toEqual([
      { kind: 'usage-disagrees', server: 1500, counted: 1000 },
    ])
  })

  it('names usage that counts fewer tokens than events', () => {
    const records = ANSWERS.map((record) => answer(record.index, { usage: tokens(5) }))
    expect(check(measurement(records)).warnings).toEqual([
      { kind: 'usage-disagrees', server: 500, counted: 1000 },
    ])
  })

  it('names usage that differs from the limit an answer ended at', () => {
    const records = ANSWERS.map((record) =>
      answer(record.index, {
        usage: tokens(24),
        finish: 'length',
        tokenEvents: 2,
        tokenReads: 2,
        outputCharacters: 64,
      }),
    )
    expect(check(measurement(records)).warnings).toContainEqual({
      kind: 'usage-disagrees',
      server: 2400,
      counted: 1600,
    })
  })

  it('does not guess where several tokens share an event', () => {
    const records = ANSWERS.map((record) =>
      answer(record.index, { usage: tokens(12), tokenEvents: 2, tokenReads: 2 }),
    )
    expect(check(measurement(records)).warnings).toEqual([])
  })

  it('does not mind a tenth', () => {
    const records = ANSWERS.map((record) => answer(record.index, { usage: tokens(11) }))
    expect(check(measurement(records)).warnings).toEqual([])
  })

  it('counts answers without usage', () => {
    const records = [...ANSWERS, withoutUsage(100)]
    expect(check(measurement(records)).warnings).toEqual([{ kind: 'usage-missing', requests: 1 }])
  })

  it('names probes that cannot show a token', () => {
    const empty = [100, 101].map((index) => failure(index, { kind: 'probe', outcome: 'empty' }))
    const { warnings } = check(measurement([...ANSWERS, ...empty]))
    expect(warnings).toEqual([{ kind: 'probes-empty', empty: 2, probes: 2 }])
  })

  it('names coalesced reads', () => {
    const records = ANSWERS.map((record) => answer(record.index, { tokenReads: 5 }))
    expect(check(measurement(records)).warnings).toEqual([{ kind: 'coalesced-reads', share: 0.5 }])
  })

  it('names a server that closes its connections', () => {
    expect(withConditions({ freshConnections: 50 }).warnings).toEqual([
      { kind: 'server-closes-connections', share: 0.5 },
    ])
  })

  it('counts rate limits and keeps the longest wait', () => {
    const limited = [5, 9].map((retryAfterS, at) =>
      failure(100 + at, { outcome: 'rate-limited', status: 429, retryAfterS }),
    )
    expect(check(measurement([...ANSWERS, ...limited])).warnings).toEqual([
      { kind: 'rate-limited', requests: 2, retryAfterS: 9 },
    ])
  })
})
