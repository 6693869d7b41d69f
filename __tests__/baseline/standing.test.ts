import { describe, expect, it } from '@jest/globals'
import { standingOf } from '../../src/baseline/standing.ts'
import type {
  GateResult,
  GateVerdict,
  MetricJudgement,
  MetricVerdict,
} from '../../src/model/verdict.ts'

function metric(id: string, verdict: MetricVerdict, more: Partial<MetricJudgement> = {}) {
  return {
    id,
    label: id,
    unit: 'ms',
    better: 'lower',
    scale: 'ratio',
    verdict,
    reason: { kind: 'better' },
    evidence: 'history',
    requests: 100,
    history: 8,
    settles: [],
    ...more,
  } satisfies MetricJudgement
}

function result(verdict: GateVerdict, metrics: readonly MetricJudgement[] = []): GateResult {
  return {
    gate: 'chat',
    verdict,
    metrics,
    invalidities: verdict === 'invalid' ? [{ kind: 'aborted', measured: 3 }] : [],
    warnings: [],
    notes: [],
    errors: {},
    requests: 100,
    completed: 100,
    probes: 0,
    spent: { estimated: false },
    subject: {},
    subjectChanges: [],
    loadShape: {},
    baselinePlace: 'here',
    baselineRuns: 8,
    effort: { pairs: 0, looks: 1, addedRequests: 0, reference: 'none' },
    seed: 7,
  }
}

describe('the standing of a fresh run', () => {
  it('is accepted when it passed, and when nothing could be told', () => {
    for (const verdict of ['passed', 'inconclusive', 'no-baseline'] as const) {
      const some = [metric('ttft_p50', 'pass'), metric('ttft_p95', 'inconclusive')]
      expect(standingOf(result(verdict, some))).toEqual({ kind: 'accepted', opensEpoch: false })
    }
  })

  it('is held when any metric failed, by a ceiling too, and names them', () => {
    const some = [
      metric('ttft_p50', 'pass'),
      metric('ttft_p95', 'fail'),
      metric('error_rate', 'fail', { evidence: 'ceiling' }),
    ]
    expect(standingOf(result('failed', some))).toEqual({
      kind: 'held',
      failed: ['ttft_p95', 'error_rate'],
    })
  })

  it('opens an epoch when a fail was accepted', () => {
    const some = [metric('ttft_p50', 'pass', { accepted: { label: 'accept', by: 'octocat' } })]
    expect(standingOf(result('passed', some))).toEqual({ kind: 'accepted', opensEpoch: true })
  })

  it('is held when only some of its fails were accepted', () => {
    const some = [
      metric('ttft_p50', 'pass', { accepted: { label: 'accept' } }),
      metric('error_rate', 'fail'),
    ]
    expect(standingOf(result('failed', some))).toEqual({ kind: 'held', failed: ['error_rate'] })
  })

  it('is none when the measurement cannot be trusted', () => {
    expect(standingOf(result('invalid'))).toEqual({
      kind: 'not-recorded',
      because: [{ kind: 'aborted', measured: 3 }],
    })
  })
})
