import { describe, expect, it } from '@jest/globals'
import { waitRatios } from '../../src/judge/pair-values.ts'
import type { RequestRecord } from '../../src/model/request-record.ts'
import type { Run } from '../../src/model/run.ts'
import { answer } from './measured.ts'

function run(api: string, records: readonly RequestRecord[]): Run {
  return { loadShape: { api }, records } as unknown as Run
}

describe('how long the one arm makes wait over the other', () => {
  it('is of first tokens, pair by pair, where both have one', () => {
    const own = [
      answer(0, { pair: 1, firstTokenMs: 101 }),
      answer(1, { pair: 2, firstTokenMs: 51 }),
    ]
    const other = [answer(0, { pair: 1, firstTokenMs: 51 }), answer(1, { pair: 3 })]
    expect(waitRatios(run('openai-chat', own), run('openai-chat', other))).toEqual([Math.log(2)])
  })

  it('is of whole answers where there is no first token', () => {
    const vectors = { pair: 1, items: 2, firstTokenMs: undefined, sentMs: 1 }
    const own = [answer(0, { ...vectors, endMs: 301 })]
    const other = [answer(0, { ...vectors, endMs: 101 })]
    expect(waitRatios(run('rerank', own), run('rerank', other))).toEqual([Math.log(3)])
  })
})
