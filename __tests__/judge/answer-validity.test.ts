// A run whose answers became rubbish fails by `answer_validity`, with the statistics of the error rate,
// and an invalid answer costs like a failure where the config says so.

import { describe, expect, it } from '@jest/globals'
import { gateResult } from '../../src/judge/gate-result.ts'
import { judgeBy } from '../../src/judge/judge.ts'
import { summarize } from '../../src/judge/summarize.ts'
import type { Limit } from '../../src/model/config.ts'
import type { Validity } from '../../src/model/expectation.ts'
import type { Run } from '../../src/model/run.ts'
import { costPerAnswerUsd } from '../../src/model/summary.ts'
import { invalidAnswerDetail } from '../../src/report/describe/invalid-answers.ts'
import { plainText } from '../../src/report/phrase.ts'
import { DAY_MS, NOON_MS, sampleRun } from '../baseline-samples.ts'

const LIMIT: Limit = {
  metric: 'answer_validity',
  family: 'answer_validity',
  worsening: 0.02,
  floor: 0,
  mustDetect: 0.05,
  autoDetect: true,
  stated: true,
}

function answered(day: number, wrong: number, change: Partial<Run> = {}): Run {
  const run = sampleRun({ seed: day, startedMs: NOON_MS + day * DAY_MS, requests: 200 })
  const validity = (i: number): Validity => (i % 200 < wrong ? 'json-schema' : 'valid')
  const records = run.records.map((record, i) => ({ ...record, validity: validity(i * 7) }))
  return { ...run, expectation: 'e1', ...change, records }
}

const history = (change: Partial<Run> = {}) =>
  [1, 2, 3, 4, 5].map((day) => answered(day, 2, change))

function judgedBy(runs: readonly Run[], run: Run) {
  const history = { runs, anchor: [], notes: [], place: '' }
  const { decision, summary } = judgeBy(history, { gate: { limits: [LIMIT] } })({ run })
  const metric = decision.metrics.find(({ id }) => id === 'answer_validity')
  return { decision, summary, metric }
}

describe('answers that became invalid', () => {
  it('fail the gate', () => {
    const { decision, metric } = judgedBy(history(), answered(6, 30))
    expect(metric).toMatchObject({ verdict: 'fail', baseline: 0.99, candidate: 0.85 })
    expect(decision.verdict).toBe('failed')
  })

  it('pass while they are as usual', () => {
    expect(judgedBy(history(), answered(6, 2)).metric?.verdict).toBe('pass')
  })

  it('are not held against runs that expected something else', () => {
    const { metric } = judgedBy(history({ expectation: 'e0' }), answered(6, 30))
    expect(metric).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'history-unusable', problem: 'no run of it has this metric' },
    })
  })

  it('cost like failures where only valid answers count', () => {
    const usd = (change: Partial<Run>) => costPerAnswerUsd(summarize(answered(6, 100, change), []))
    expect(usd({ costPer: 'valid-answer' })).toBeCloseTo(2 * (usd({}) ?? 0), 10)
  })

  it('are shown with one example of each kind, as code', () => {
    const run = answered(6, 30, {
      invalidAnswers: [
        { kind: 'json-schema', prompt: 'a|b', problem: '/x must be string', begins: '{"x":`7`}' },
      ],
    })
    const { decision, summary } = judgedBy(history(), run)
    const effort = { pairs: 0, looks: 0, addedRequests: 0, reference: 'none' } as const
    const result = gateResult({
      gate: 'chat',
      run,
      summary,
      history: { runs: history(), anchor: [], notes: [], place: '' },
      decision,
      spent: run.spent,
      effort,
    })
    expect(result.validity).toMatchObject({ checked: 200, invalid: [{ count: 30 }] })
    const [shown] = invalidAnswerDetail(result)
    expect(plainText(shown?.title ?? [])).toBe('Invalid answers by kind (30 of 200 answers)')
    expect(shown?.blocks).toMatchObject([
      { kind: 'table', table: { rows: [{ cells: [{}, {}, {}] }] } },
    ])
    const [table] = shown?.blocks ?? []
    const cells = table?.kind === 'table' ? table.table.rows[0]?.cells : []
    expect(cells?.map(plainText)).toEqual([
      'does not fit the schema',
      '30',
      '/x must be string: {"x":`7`} (prompt a|b)',
    ])
  })
})
