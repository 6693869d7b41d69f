// The comment in the room that GitHub gives it, and what must never be lost for want of room.

import { describe, expect, it } from '@jest/globals'
import type { GateResult, JobResult } from '../../../../src/model/verdict.ts'
import { describe as describeResult } from '../../../../src/report/describe/describe.ts'
import { markdown, summaryMarkdown } from '../../../../src/report/render/markdown/markdown.ts'
import { STATES } from '../../states.ts'

function jobResultOf(name: string): JobResult {
  const state = STATES.find((one) => one.name === name)
  if (state === undefined || !('jobResult' in state)) throw new Error(`no result ${name}`)
  return state.jobResult
}

function manyGates(count: number, of: (index: number) => GateResult): JobResult {
  const jobResult = jobResultOf('many-gates')
  return { ...jobResult, gates: Array.from({ length: count }, (_none, index) => of(index)) }
}

const [failed] = jobResultOf('failed-by-regression').gates
const [passed] = jobResultOf('passed').gates
if (failed === undefined || passed === undefined) throw new Error('no gates to start from')

const bytes = (text: string): number => new TextEncoder().encode(text).length

describe('the comment', () => {
  it('begins with the verdict and one alert', () => {
    const text = markdown(describeResult(jobResultOf('failed-by-regression')), 65_000)
    const [title, , alert, decisive] = text.split('\n')
    expect(title).toBe('### ❌ Merge blocked: chat: TTFT p95 is 21 % slower')
    expect(alert).toBe('> [!CAUTION]')
    expect(decisive).toContain('**TTFT p95: 412 ms → 498 ms, +21 %** (90 % interval [+12 %')
    expect(text.match(/^> \[!/gm)).toHaveLength(1)
  })

  it('opens as many folds as it closes, each with a blank line before its content', () => {
    for (const state of STATES) {
      if (!('jobResult' in state)) continue
      const text = markdown(describeResult(state.jobResult), 65_000)
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length)
      expect(text).not.toMatch(/<\/summary>\n(?!\n)/)
      expect(text).not.toMatch(/undefined|NaN|\[object/)
    }
  })

  it('drops charts, then folded parts, then what passed, as the room shrinks', () => {
    const jobResult = manyGates(12, (index) => ({
      ...(index % 3 === 0 ? failed : passed),
      gate: `gate-${index}`,
    }))
    const document = describeResult(jobResult)
    const whole = markdown(document, 1_000_000)
    expect(whole).toContain('```mermaid')
    const lengths = [...Array(40).keys()].map((step) => {
      const maxCharacters = Math.round(bytes(whole) * (1 - step / 41))
      const text = markdown(document, maxCharacters)
      expect(bytes(text)).toBeLessThanOrEqual(maxCharacters)
      expect(text.startsWith('### ❌ Merge blocked')).toBe(true)
      for (const index of [0, 3, 6, 9]) expect(text).toContain(`gate-${index}`)
      expect(text.match(/\*\*498\u00a0ms\*\*/g)).toHaveLength(4)
      return bytes(text)
    })
    expect(new Set(lengths).size).toBeGreaterThanOrEqual(4)
    expect(markdown(document, 20_000)).toContain('Shortened to fit into a comment.')
  })

  it('of 400 failing gates still says the verdict, and how many more block', () => {
    const jobResult = manyGates(400, (index) => ({ ...failed, gate: `chat-${index}` }))
    const text = markdown(describeResult(jobResult), 65_000)
    expect(bytes(text)).toBeLessThanOrEqual(65_000)
    expect(text).toContain('### ❌ Merge blocked')
    expect(text).toContain('`chat-0`')
    const more = Number(/And (\d+) more that block\./.exec(text)?.[1] ?? 0)
    const rows = text.match(/^\* `chat-\d+`/gm)?.length ?? text.match(/❌\u00a0fail/g)?.length
    expect((rows ?? 0) + more).toBe(400)
  })

  it('counts bytes, which are never fewer than characters', () => {
    const jobResult = manyGates(60, (index) => ({
      ...failed,
      gate: `模型-${index}-${'測'.repeat(60)}`,
    }))
    const text = markdown(describeResult(jobResult), 65_000)
    expect(bytes(text)).toBeLessThanOrEqual(65_000)
    expect(text).not.toContain('\ufffd')
  })
})

describe('the job summary', () => {
  it('is the same, below 1 MiB', () => {
    const jobResult = manyGates(500, (index) => ({ ...failed, gate: `chat-${index}` }))
    const text = summaryMarkdown(describeResult(jobResult))
    expect(text.startsWith('### ❌ Merge blocked')).toBe(true)
    expect(bytes(text)).toBeLessThan(1024 * 1024)
  })
})
