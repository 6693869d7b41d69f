import { describe, expect, it } from '@jest/globals'
import { costPartsOf } from '../../src/judge/cost-parts.ts'
import { errorExamples } from '../../src/judge/error-examples.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import { answer, failure, serverUsage, withoutUsage } from './measured.ts'

function runOf(records: readonly RequestRecord[]): Run {
  return { records } as unknown as Run
}

function answers(outputTokens: number, cachedInputTokens = 0): readonly RequestRecord[] {
  const usage = serverUsage({ inputTokens: 100, outputTokens, cachedInputTokens })
  return [0, 1, 2, 3].map((index) => answer(index, { usage }))
}

describe('what moved the cost of an answer', () => {
  it('is named part by part, the largest move first', () => {
    const parts = costPartsOf(runOf(answers(30, 50)), [runOf(answers(24)), runOf(answers(24))])
    expect(parts).toEqual([
      { part: 'cached-tokens', baseline: 0, candidate: 50 },
      { part: 'output-tokens', baseline: 24, candidate: 30 },
    ])
  })

  it('counts failures that were paid for', () => {
    const failing = [...answers(24), failure(4, { outcome: 'truncated' })]
    expect(costPartsOf(runOf(failing), [runOf(answers(24))])).toEqual([
      { part: 'failures', baseline: 0, candidate: 0.25 },
    ])
  })

  it('is nothing where tokens are not known, or nothing is compared with', () => {
    expect(costPartsOf(runOf(answers(30)), [])).toEqual([])
    expect(costPartsOf(runOf([withoutUsage(0)]), [runOf(answers(24))])).toEqual([])
  })
})

describe('an example of each failure', () => {
  it('is what was said the most often', () => {
    const busy = { outcome: 'http-5xx', status: 503, detail: 'HTTP 503: overloaded' } as const
    const records = [
      answer(0),
      failure(1, { outcome: 'http-5xx', status: 500, detail: 'HTTP 500' }),
      failure(2, busy),
      failure(3, busy),
      failure(4, { outcome: 'truncated' }),
    ]
    expect(errorExamples(records)).toEqual({
      'http-5xx': { status: 503, detail: 'HTTP 503: overloaded' },
    })
  })
})
