// First and later turns of conversations as metrics of their own.

import { describe, expect, it } from '@jest/globals'
import { attribute } from '../../src/judge/attribute/attribute.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { pairValues } from '../../src/judge/pair-values.ts'
import { summarize } from '../../src/judge/summarize.ts'
import { classOfTurn } from '../../src/model/conversation.ts'
import { plannedSamples } from '../../src/model/planned-samples.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import type { MetricJudgement } from '../../src/model/verdict.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { sampleRun } from '../baseline-samples.ts'
import { answer, failure } from './measured.ts'

const INFINITY = Number.POSITIVE_INFINITY

/** First turns of 100 ms, later ones of 20. */
function talk(conversation: number, ttfts: readonly number[]): readonly RequestRecord[] {
  return ttfts.map((ms, at) => {
    const index = 10 * conversation + at
    const place = { conversation, turn: at + 1, pair: index }
    return Number.isFinite(ms)
      ? answer(index, { ...place, sentMs: 1, firstTokenMs: 1 + ms })
      : failure(index, { ...place, outcome: 'timeout-first-token', sentMs: 1, endMs: 500 })
  })
}

function runOf(...talks: readonly (readonly RequestRecord[])[]): Run {
  const records = talks.flat()
  return { ...sampleRun(), records, costsUsd: records.map(() => 0.001) }
}

describe('the metrics of turns', () => {
  it('read first and later turns apart, and count a failed one in its own alone', () => {
    const { series } = summarize(runOf(talk(0, [100, 20, 21]), talk(1, [101, INFINITY])), [])
    expect(series.first_turn_ttft).toMatchObject({ values: [100, 101], of: 2, leftOut: 0 })
    expect(series.later_turn_ttft).toMatchObject({ values: [20, 21, INFINITY], of: 3 })
    expect(series.ttft?.of).toBe(5)
  })

  it('are not there where prompts are asked alone', () => {
    const { series } = summarize(sampleRun(), [])
    expect(series.first_turn_ttft).toBeUndefined()
    expect(series.later_turn_ttft).toBeUndefined()
  })

  it('are shown beside the usual ones of a run that has them', () => {
    const idsOf = (run: Run) =>
      compare({ candidate: summarize(run, []), history: [], anchor: [], limits: [] }).metrics.map(
        ({ id }) => id,
      )
    expect(idsOf(runOf(talk(0, [100, 20])))).toEqual(
      expect.arrayContaining(['first_turn_ttft_p50', 'later_turn_ttft_p50', 'ttft_p50']),
    )
    expect(idsOf(sampleRun())).not.toContain('later_turn_ttft_p50')
  })

  it('are paired turn by turn', () => {
    const pairs = pairValues(runOf(talk(0, [100, 20])), runOf(talk(0, [90, 22])))
    expect(pairs.first_turn_ttft).toEqual([[100, 90]])
    expect(pairs.later_turn_ttft).toEqual([[20, 22]])
    expect(pairs.ttft).toHaveLength(2)
  })

  it('are fed by as many of the planned requests as are such turns', () => {
    const later = Array.from({ length: 4 }, () => {
      return { thinkMs: 0, said: { by: 'user', content: 'a' }, maxOutputTokens: 1 } as const
    })
    const size = { requests: 120, probes: 0, prompts: [{ weight: 1, later }, { weight: 1 }] }
    expect(plannedSamples('first_turn_ttft', size)).toBe(20)
    expect(plannedSamples('later_turn_ttft', size)).toBe(80)
    expect(plannedSamples('ttft', size)).toBe(120)
    expect(plannedSamples('later_turn_ttft', { requests: 120, probes: 0 })).toBe(0)
  })
})

/** 40 conversations of three turns with a spread of a tenth. */
function manyTalks(seed: number, laterMs: number): Run {
  const random = seededRandom(seed)
  const about = (ms: number) => ms * Math.exp(0.1 * (random() + random() - 1))
  const talks = Array.from({ length: 40 }, (_, conversation) =>
    talk(conversation, [about(100), about(laterMs), about(laterMs)]).map((record) => {
      return { ...record, promptClass: classOfTurn('default', record.turn ?? 1) }
    }),
  )
  return runOf(...talks)
}

describe('why later turns became slower', () => {
  it.each(['later_turn_ttft_p50', 'ttft_p50'])('is said where %s failed', (id) => {
    const history = [1, 2, 3, 4].map((seed) => manyTalks(seed, 20))
    const failed = { id, verdict: 'fail' } as unknown as MetricJudgement
    expect(attribute(manyTalks(5, 40), history, [failed])).toMatchObject([
      { kind: 'one-class', promptClass: 'later-turn' },
    ])
  })
})
