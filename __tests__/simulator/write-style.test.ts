import { describe, expect, it } from '@jest/globals'
import type { Behaviour } from '../../src/simulator/behaviour.ts'
import { planAnswer } from '../../src/simulator/behaviour.ts'
import type { TimedWrite } from '../../src/simulator/delivery.ts'
import { composeDelivery } from '../../src/simulator/disturbance.ts'
import { HEALTHY } from '../../src/simulator/profiles.ts'
import { openaiChatSpeech } from '../../src/simulator/speech/openai-chat.ts'
import { byteByByte, tell } from '../wire/stream-replay.ts'

/** The writes of one answer of 12 tokens: role, tokens, ending. */
function writes(style: Partial<Behaviour>): readonly TimedWrite[] {
  const behaviour = { ...HEALTHY, tokenGapMs: 5, ...style }
  const asked = { prompt: 'x', inputTokens: 1, cachedTokens: 0, maxOutputTokens: 12, turn: 1 }
  const at = { seed: 1, version: 'main', run: 0, index: 0, script: undefined }
  return composeDelivery({
    plan: planAnswer(behaviour, asked, at),
    speech: openaiChatSpeech,
    facts: {
      id: '0',
      model: 'm',
      inputTokens: 1,
      cachedTokens: 0,
      tool: 'lookup',
      items: 0,
      usageAsked: true,
    },
    behaviour,
    elsewhere: '',
  }).writes
}

const bytes = (list: readonly TimedWrite[]) => Buffer.concat(list.map((w) => Buffer.from(w.bytes)))
const tokens = (list: readonly TimedWrite[]) => list.map((write) => write.tokens)
const plain = writes({})

describe('the style of writes', () => {
  it('is one token a write, unless told otherwise', () => {
    expect(tokens(plain)).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0])
  })

  it.each([
    ['the same bytes', { coalesce: 5 }],
    ['other bytes', { lineEnd: '\r\n' }],
    ['other bytes', { lineEnd: '\r' }],
    ['the same bytes', { splitUtf8: true }],
    ['other bytes', { pingEvery: 1 }],
    ['other bytes', { coalesce: 3, lineEnd: '\r\n', splitUtf8: true, pingEvery: 2 }],
  ] as const)('says the same in %s with %j', (which, style) => {
    const styled = writes(style)
    expect(bytes(styled).equals(bytes(plain))).toBe(which === 'the same bytes')
    expect(tell('openai-chat', byteByByte(bytes(styled)))).toEqual(
      tell('openai-chat', [bytes(plain)]),
    )
    expect(tokens(styled).reduce((a, b) => a + b)).toBe(12)
    const times = styled.map((write) => write.atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('puts up to so many tokens into one write, at the time of the last', () => {
    const styled = writes({ coalesce: 5 })
    expect(tokens(styled)).toEqual([0, 5, 5, 2, 0])
    expect(styled[1]?.atMs).toBe(plain[5]?.atMs)
  })

  it('cuts writes inside a character', () => {
    const cut = writes({ splitUtf8: true }).filter((write) => {
      const last = Buffer.from(write.bytes).at(-1) ?? 0
      return last >= 0x80
    })
    expect(cut.length).toBeGreaterThan(0)
    expect(cut.every((write) => write.tokens === 0)).toBe(true)
  })

  it('pings before every n-th token, the first one not excepted', () => {
    const pings = writes({ pingEvery: 1 }).filter((write) => write.bytes === ': ping\n\n')
    expect(pings).toHaveLength(12)
    const [first] = pings
    expect(first?.atMs).toBeLessThan(plain[1]?.atMs ?? 0)
  })
})
