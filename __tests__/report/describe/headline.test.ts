// The one line that everything starts with.

import { describe, expect, it } from '@jest/globals'
import type { JobResult, MetricJudgement } from '../../../src/model/verdict.ts'
import { headline } from '../../../src/report/describe/describe.ts'
import { STATES } from '../states.ts'

function jobResultOf(name: string): JobResult {
  const state = STATES.find((one) => one.name === name)
  if (state === undefined || !('jobResult' in state)) throw new Error(`no result ${name}`)
  return state.jobResult
}

function changed(name: string, change: (metric: MetricJudgement) => MetricJudgement): JobResult {
  const jobResult = jobResultOf(name)
  const gates = jobResult.gates.map((gate) => ({ ...gate, metrics: gate.metrics.map(change) }))
  return { ...jobResult, gates }
}

describe('the headline', () => {
  it.each([
    ['passed', 'Passed: chat: no regression in 5 metrics; +20 % at TTFT p50 would have been seen'],
    ['improved', 'Passed: chat: TTFT p95 is 18 % faster'],
    ['failed-by-regression', 'Merge blocked: chat: TTFT p95 is 21 % slower'],
    ['failed-by-ceiling', 'Merge blocked: chat: TTFT p99 is above its ceiling of 5 s (and 1 more)'],
    ['inconclusive', 'Undecided, not blocking: chat: TTFT p50 looks 13 % slower, not proven'],
    ['no-baseline', 'No baseline, not blocking: chat: there is nothing to compare with yet'],
    [
      'invalidated-baseline',
      'Merge blocked, no baseline: chat: the load changed, so the stored runs cannot be compared',
    ],
    [
      'endpoint-down',
      'Merge blocked, could not measure: chat: the endpoint is down or cannot be reached',
    ],
    [
      'wrong-key',
      'Merge blocked, could not measure: chat: the endpoint refuses the key (HTTP 401)',
    ],
    ['client-saturated', 'Could not measure, not blocking: chat: the client was saturated'],
    ['accepted', 'Accepted: chat: TTFT p95 is 21 % slower'],
    ['many-gates', 'Merge blocked: chat-prod: TTFT p95 is 21 % slower (and 1 more gate)'],
    ['reshaped', 'Passed: no regression in chat, chat.proposed and legacy; gate legacy is removed'],
    ['dropped-gates', 'Merge blocked: 2 gates are dropped: legacy, old'],
    ['drifted', 'Merge blocked: chat: TTFT p50 has drifted 39 % slower since 2026-08-02'],
  ])('of the state %s says what it means', (name, text) => {
    expect(headline(jobResultOf(name))).toBe(text)
  })

  it('of many gates counts those that passed, and those that block beside the first', () => {
    const passed = jobResultOf('passed')
    const [chat] = passed.gates
    const [accepted] = jobResultOf('accepted').gates
    const [failed] = jobResultOf('failed-by-regression').gates
    if (!chat || !accepted || !failed) throw new Error('no gates to start from')
    expect(headline({ ...passed, gates: [chat, chat, chat] })).toBe(
      'Passed: no regression in chat, chat and chat',
    )
    expect(headline({ ...passed, gates: [accepted, chat] })).toBe(
      'Accepted: chat and chat, with a regression accepted',
    )
    expect(headline({ ...passed, verdict: 'failed', gates: [failed, failed, chat, failed] })).toBe(
      'Merge blocked: chat: TTFT p95 is 21 % slower (and 2 more gates)',
    )
    expect(headline({ ...passed, gates: [] })).toBe('Nothing was judged')
  })

  it('names the config where it is not the only one, or not in the usual place', () => {
    const { context, gates, ...rest } = jobResultOf('improved')
    const [gate] = gates
    if (!gate) throw new Error('no gate to start from')
    const of = (config: string, notes: typeof gate.notes = []) =>
      headline({ ...rest, context: { ...context, config }, gates: [{ ...gate, notes }] })
    const apart = { kind: 'other-config', runs: 2, configs: ['services/b.yml'] } as const
    expect(of('.github/inference-gate.yml')).toBe('Passed: chat: TTFT p95 is 18 % faster')
    expect(of('.github/inference-gate.yml', [apart])).toBe(
      'Passed: chat (.github/inference-gate.yml): TTFT p95 is 18 % faster',
    )
    expect(of('services/search/gate.yml')).toBe(
      'Passed: chat (services/search/gate.yml): TTFT p95 is 18 % faster',
    )
    expect(of(`${'deeply/'.repeat(9)}gate.yml`)).toBe(
      'Passed: chat (…eeply/deeply/deeply/deeply/gate.yml): TTFT p95 is 18 % faster',
    )
  })

  it('says what stays open', () => {
    const open = (reason: MetricJudgement['reason']): string =>
      headline(
        changed('inconclusive', (metric) =>
          metric.id === 'error_rate'
            ? { ...metric, verdict: 'inconclusive', reason }
            : { ...metric, verdict: 'pass' },
        ),
      )
    expect(open({ kind: 'interval-too-wide', mustDetect: 0.02 })).toBe(
      'Undecided, not blocking: chat: cannot tell whether error rate got higher',
    )
    expect(open({ kind: 'too-few-requests', has: 10, needs: 20 })).toBe(
      'Undecided, not blocking: chat: too few requests to judge error rate',
    )
  })

  it('speaks of the base branch while recording', () => {
    const failed = jobResultOf('failed-by-regression')
    const context = { ...failed.context, mode: 'record' as const }
    expect(headline({ ...failed, context })).toBe(
      'Base branch regressed: chat: TTFT p95 is 21 % slower',
    )
    const open = jobResultOf('no-baseline')
    expect(headline({ ...open, context })).toBe(
      'First run: chat: there is nothing to compare with yet',
    )
  })

  it('is at most 120 characters and one line, whatever the gates are called', () => {
    for (const state of STATES) {
      if (!('jobResult' in state)) continue
      const gates = state.jobResult.gates.map((gate) => ({ ...gate, gate: 'long '.repeat(60) }))
      for (const jobResult of [state.jobResult, { ...state.jobResult, gates }]) {
        expect([...headline(jobResult)].length).toBeLessThanOrEqual(120)
        expect(headline(jobResult)).not.toMatch(/\p{Cc}|undefined|NaN/u)
      }
    }
  })

  it('leads with the metric that is furthest beyond its own limit', () => {
    const jobResult = changed('failed-by-regression', (metric) =>
      metric.id === 'cost_per_answer'
        ? {
            ...metric,
            change: 0.2,
            verdict: 'fail',
            reason: { kind: 'worse-than-limit', pAdjusted: 0.001 },
          }
        : metric,
    )
    // +20.8 % of 10 % is twice the limit, +20 % of 5 % four times.
    expect(headline(jobResult)).toBe(
      'Merge blocked: chat: Cost per answer is 20 % more expensive (and 1 more)',
    )
  })

  it('says worse in the words of the metric', () => {
    const worse = (metric: Partial<MetricJudgement>): string =>
      headline(
        changed('failed-by-regression', (one) =>
          one.verdict === 'fail' ? { ...one, ...metric } : { ...one, verdict: 'not-gated' },
        ),
      )
    expect(
      worse({
        id: 'output_tokens_per_second',
        label: 'Output speed',
        better: 'higher',
        change: -0.2,
      }),
    ).toBe('Merge blocked: chat: Output speed is 20 % slower')
    expect(
      worse({ id: 'error_rate', label: 'Error rate', scale: 'difference', change: 0.034 }),
    ).toBe('Merge blocked: chat: Error rate is 3.4 pp higher')
    expect(worse({ id: 'output_tokens', label: 'Output tokens', change: 0.3 })).toBe(
      'Merge blocked: chat: Output tokens are 30 % higher',
    )
    expect(
      worse({
        id: 'goodput',
        label: 'Goodput',
        unit: 'ratio',
        better: 'higher',
        reason: { kind: 'above-ceiling', p: 0.001, over: 40, of: 200 },
        limit: {
          metric: 'goodput',
          family: 'goodput',
          floor: 0,
          ceiling: 0.9,
          mustDetect: 0.1,
          stated: true,
        },
      }),
    ).toBe('Merge blocked: chat: Goodput is below its minimum of 90 %')
    expect(
      worse({ reason: { kind: 'failures-beyond-quantile', failed: 12, of: 200, p: 0.001 } }),
    ).toBe('Merge blocked: chat: 12 of 200 requests failed, more than TTFT p95 allows')
  })
})
