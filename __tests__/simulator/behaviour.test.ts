import { describe, expect, it } from '@jest/globals'
import type { AnswerPlan, Behaviour, ScriptedAnswer } from '../../src/simulator/behaviour.ts'
import { planAnswer, runEffect } from '../../src/simulator/behaviour.ts'
import { HEALTHY, PROFILES, REGRESSED } from '../../src/simulator/profiles.ts'

const ASKED = {
  prompt: 'Say hello.',
  inputTokens: 100,
  cachedTokens: 0,
  maxOutputTokens: 10,
  turn: 1,
}
const STEADY: Behaviour = {
  ...HEALTHY,
  ttftMedianMs: 100,
  ttftPerInputTokenMs: 0,
  ttftSigma: 0,
  tailShare: 0,
  drift: 1,
  tokenGapMs: 5,
  tokenGapSigma: 0,
}
const AT = { seed: 1, version: 'main', run: 0, index: 0, script: undefined }

function plan(
  behaviour: Partial<Behaviour>,
  script?: ScriptedAnswer,
  asked: Partial<typeof ASKED> = {},
): AnswerPlan {
  return planAnswer({ ...STEADY, ...behaviour }, { ...ASKED, ...asked }, { ...AT, script })
}

function firstTokensMs(behaviour: Behaviour, answers = 4000): readonly number[] {
  const plans = Array.from({ length: answers }, (_, index) =>
    planAnswer(behaviour, ASKED, { ...AT, index }),
  )
  return plans.map((one) => one.tokensAtMs[0] ?? 0).sort((a, b) => a - b)
}

describe('a planned answer', () => {
  it('is the same for the same seed, version, run and index, and for no other', () => {
    const at = (other: Partial<typeof AT>) => planAnswer(HEALTHY, ASKED, { ...AT, ...other })
    expect(at({})).toEqual(at({}))
    for (const other of [{ seed: 2 }, { version: 'slow' }, { run: 1 }, { index: 1 }]) {
      expect(at(other).tokensAtMs).not.toEqual(at({}).tokensAtMs)
    }
  })

  it('has the role first, then tokens at the pace', () => {
    expect(plan({ roleShare: 0.25 })).toMatchObject({
      roleAtMs: 25,
      tokensAtMs: [100, 105, 110, 115, 120, 125, 130, 135, 140, 145],
      finish: 'length',
      fault: undefined,
    })
  })

  it.each([
    ['as many tokens as asked', {}, 10, 'length'],
    ['fewer when it has no more to say', { outputTokens: 4 }, 4, 'stop'],
    ['no more than asked', { outputTokens: 40 }, 10, 'length'],
    [
      'more than asked when it ignores the limit',
      { outputTokens: 40, ignoresOutputLimit: true },
      40,
      'length',
    ],
  ] as const)('has %s', (_what, behaviour, tokens, finish) => {
    const planned = plan(behaviour)
    expect(planned.tokensAtMs).toHaveLength(tokens)
    expect(planned.finish).toBe(finish)
  })

  it('takes longer for a longer prompt, and less for a cached one', () => {
    const behaviour = { ttftPerInputTokenMs: 0.5, cacheSaving: 0.8 }
    expect(plan(behaviour).tokensAtMs[0]).toBe(150)
    expect(plan(behaviour, undefined, { cachedTokens: 50 }).tokensAtMs[0]).toBeCloseTo(90)
    expect(plan(behaviour, undefined, { inputTokens: 0 }).tokensAtMs[0]).toBe(100)
  })

  it('has the median of the first text that the prompt contains', () => {
    const ttftMedianByTextMs = { 'long ': 500, hello: 50 }
    expect(plan({ ttftMedianByTextMs }).tokensAtMs[0]).toBe(50)
    const asked = { prompt: 'A long hello' }
    expect(plan({ ttftMedianByTextMs }, undefined, asked).tokensAtMs[0]).toBe(500)
  })

  it('follows its script', () => {
    const script: ScriptedAnswer = {
      roleDelayMs: 7,
      firstTokenMs: 20,
      gapsMs: [1, 2],
      tokens: 5,
      reasoningTokens: 2,
      finish: 'content-filter',
      cachedTokens: 64,
      fault: 'http-429',
      retryAfterS: 9,
    }
    expect(plan({}, script)).toMatchObject({
      roleAtMs: 7,
      tokensAtMs: [20, 21, 23, 25, 27],
      reasoningTokens: 2,
      finish: 'content-filter',
      cachedTokens: 64,
      fault: 'http-429',
      retryAfterS: 9,
    })
    expect(plan({}, { tokens: 0 }).tokensAtMs).toEqual([])
    expect(plan({}, { gapsMs: [], tokens: 2, firstTokenMs: 1 }).tokensAtMs).toEqual([1, 1])
  })

  it('fails with the probabilities it is given', () => {
    const behaviour = { ...STEADY, faults: { 'http-500': 0.2, 'no-token': 0.1 } as const }
    const faults = Array.from(
      { length: 5000 },
      (_, index) => planAnswer(behaviour, ASKED, { ...AT, index }).fault,
    )
    const share = (fault: string | undefined) =>
      faults.filter((one) => one === fault).length / faults.length
    // Four standard errors of 5 000 draws are below 0.027.
    expect(Math.abs(share('http-500') - 0.2)).toBeLessThan(0.027)
    expect(Math.abs(share('no-token') - 0.1)).toBeLessThan(0.027)
    expect(Math.abs(share(undefined) - 0.7)).toBeLessThan(0.027)
  })
})

describe('the latency law', () => {
  const law = { ...STEADY, ttftSigma: 0.3, tailShare: 0.05, tailStart: 2, tailShape: 2 }

  it('has the stated median and a tail that begins where it is said to', () => {
    const values = firstTokensMs(law)
    const quantile = (p: number) => values[Math.floor(p * values.length)] ?? 0
    // The tail lifts the median of the mixture to the 0.526 quantile of the body.
    expect(quantile(0.5)).toBeGreaterThan(97)
    expect(quantile(0.5)).toBeLessThan(107)
    const beyond = values.filter((value) => value > 400).length / values.length
    // P(tail > 2 * tailStart * median) = 0.05 / 4; the body alone reaches 400 ms in 2 of a million.
    expect(Math.abs(beyond - 0.0125)).toBeLessThan(0.0071)
  })

  it('is cut at the longest TTFT', () => {
    const values = firstTokensMs({ ...law, tailShape: 0.1, longestTtftMs: 700 })
    expect(values.at(-1)).toBe(700)
  })

  it('drifts from run to run, by one factor on everything in the run', () => {
    const drifting = { ...STEADY, drift: 0, driftSigma: 0.1 }
    const logs = Array.from({ length: 2000 }, (_, run) =>
      Math.log(runEffect(drifting, { ...AT, run })),
    )
    const sd = Math.sqrt(logs.reduce((sum, x) => sum + x * x, 0) / logs.length)
    expect(Math.abs(sd - 0.1)).toBeLessThan(0.01)
    const effect = runEffect(drifting, { ...AT, run: 3 })
    const planned = planAnswer(drifting, ASKED, { ...AT, run: 3 })
    expect(planned.tokensAtMs[0]).toBeCloseTo(100 * effect)
    expect(planned.tokensAtMs[1]).toBeCloseTo(105 * effect)
  })

  it('has the drift that is stated instead', () => {
    expect(plan({ drift: 1.5 }).tokensAtMs.slice(0, 2)).toEqual([150, 157.5])
  })
})

describe('the ready-made profiles', () => {
  it('differ by 60 % at the median, and more in the tail', () => {
    const healthy = firstTokensMs({ ...HEALTHY, drift: 1 }, 8000)
    const regressed = firstTokensMs({ ...REGRESSED, drift: 1 }, 8000)
    const ratio = (p: number) => {
      const at = Math.floor(p * healthy.length)
      return (regressed[at] ?? 0) / (healthy[at] ?? 1)
    }
    expect(ratio(0.5)).toBeGreaterThan(1.55)
    expect(ratio(0.5)).toBeLessThan(1.72)
    expect(ratio(0.95)).toBeGreaterThan(ratio(0.5) * 1.1)
    expect(healthy[4000]).toBeGreaterThan(25)
    expect(regressed[4000]).toBeLessThan(60)
  })

  it('are named', () => {
    expect(Object.keys(PROFILES)).toEqual(['healthy', 'regressed'])
  })
})
