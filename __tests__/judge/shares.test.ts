// Limits between gates: what a share's numbers decide, and what they leave open.

import { describe, expect, it } from '@jest/globals'
import { withShares } from '../../src/judge/judge.ts'
import type { Run } from '../../src/model/run.ts'
import type { ShareLimit } from '../../src/model/share.ts'
import type { GateResult } from '../../src/model/verdict.ts'
import { shareFailure, shareSentences } from '../../src/report/describe/shares.ts'
import { plainText } from '../../src/report/phrase.ts'
import { sampleRun } from '../baseline-samples.ts'

const LIMIT: ShareLimit = {
  gate: 'cold',
  metric: 'ttft_p50',
  family: 'ttft',
  quantile: 0.5,
  share: 0.5,
  side: 'at-most',
}
const RESULT = { gate: 'warm', verdict: 'passed' } as GateResult

const of = (medianTtftMs: number, seed: number, requests = 200): Run =>
  sampleRun({ medianTtftMs, seed, requests, tokens: 3 })

function shared(run: Run | undefined, other: Run | undefined, change: Partial<ShareLimit> = {}) {
  const others = new Map(other === undefined ? [] : [['cold', other]])
  const limits = [{ ...LIMIT, ...change }]
  return withShares({ result: RESULT, run, limits, others })
}

function said(result: GateResult): string {
  return shareSentences(result).map(plainText).join('\n')
}

describe('a limit between gates', () => {
  it('holds where the share is below it beyond noise', () => {
    const result = shared(of(120, 1), of(400, 2))
    expect(result.verdict).toBe('passed')
    expect(result.shares).toMatchObject([{ verdict: 'pass' }])
    expect(said(result)).toMatch(
      /^Between gates: TTFT p50 is [\d.]+ % of that of cold, \d+ ms beside \d+ ms \(90 % interval [\d.]+ % to [\d.]+ %\); limit at most 50 %: it holds\.$/,
    )
  })

  it('fails the gate where it is above it beyond noise', () => {
    const result = shared(of(390, 1), of(400, 2))
    expect(result.verdict).toBe('failed')
    expect(shareFailure(result)).toMatch(
      /^TTFT p50 is [\d.]+ % of cold’s, above its limit of 50 %$/,
    )
    expect(said(result)).toContain('it is breached')
  })

  it('is open where the interval crosses it, and says so', () => {
    const result = shared(of(200, 1), of(400, 2))
    expect(result.verdict).toBe('inconclusive')
    expect(said(result)).toContain('the interval crosses the limit')
  })

  it('is open with too few requests, and where a gate was not measured', () => {
    expect(said(shared(of(120, 1, 6), of(400, 2, 6)))).toContain('6 requests of each gate cannot')
    expect(said(shared(of(120, 1), undefined))).toContain('one of the two gates has no sound run')
    const isVoid = { ...of(120, 1), invalidities: [{ kind: 'aborted' as const, measured: 3 }] }
    expect(shared(isVoid, of(400, 2)).shares).toMatchObject([{ open: { kind: 'not-measured' } }])
  })

  it('is mirrored where more is better', () => {
    const speed = {
      metric: 'output_tokens_per_second',
      family: 'output_tokens_per_second',
    } as const
    const faster = { ...speed, share: 0.5, side: 'at-least' as const }
    expect(shared(of(300, 1), of(300, 2), faster).shares).toMatchObject([{ verdict: 'pass' }])
    expect(shared(of(300, 1), of(300, 2), { ...faster, share: 2 }).verdict).toBe('failed')
  })

  it('is judged wrongly no more often than it may be, with no difference from its limit', () => {
    let failed = 0
    let passed = 0
    for (let seed = 1; seed <= 100; seed += 1) {
      const [share] = shared(of(200, seed, 100), of(400, 1000 + seed, 100)).shares ?? []
      if (share?.verdict === 'fail') failed += 1
      if (share?.verdict === 'pass') passed += 1
    }
    // 5 % each: more than 13 of 100 has a chance below 0.1 %.
    expect(failed).toBeLessThanOrEqual(13)
    expect(passed).toBeLessThanOrEqual(13)
  })
})
