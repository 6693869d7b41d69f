// The checks every dialect has to pass, so that a dialect's test is a table of streams and requests.

import { describe, expect, it } from '@jest/globals'
import type { DialectName, Endpoint } from '../../../src/model/config.ts'
import type { Message } from '../../../src/model/conversation.ts'
import type { JsonValue } from '../../../src/model/json-value.ts'
import type { Usage } from '../../../src/model/request-record.ts'
import { dialectOf } from '../../../src/wire/dialects/dialects.ts'
import type { Told } from '../stream-replay.ts'
import { byteByByte, everyCut, fixtureBytes, tell } from '../stream-replay.ts'

/** What a fixture says; counts that are left out are 0. */
export type StreamRow = readonly [name: string, expected: Partial<Told>]

/** The server's usage with these counts and 0 for the rest. */
export function usage(counts: Partial<Usage>): Usage {
  const none = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0 }
  return { source: 'server', ...none, ...counts }
}

const SILENT = { text: 0, reasoning: 0, tool: 0, tokenEvents: 0, outputTokenEvents: 0 }

/** Reads every fixture whole, byte by byte and cut at every byte, with every kind of line end. */
export function describeStreams(dialect: DialectName, rows: readonly StreamRow[]): void {
  describe.each(rows)(`${dialect} reads the stream %s`, (name, expected) => {
    it.each(fixtureBytes(dialect, name))('with %s, however it is cut', (_end, bytes) => {
      const told = tell(dialect, [bytes])
      expect(told).toEqual({ ...SILENT, ...expected })
      expect(tell(dialect, byteByByte(bytes))).toEqual(told)
      const text = JSON.stringify(told)
      for (const pieces of everyCut(bytes)) {
        const again = JSON.stringify(tell(dialect, pieces))
        if (again !== text) throw new Error(`cut at ${pieces[0]?.length}: ${again}, not ${text}`)
      }
    })
  })

  it(`${dialect} calls an event that is no JSON object malformed, without repeating it`, () => {
    for (const data of ['{"a', '[1]', '"text"', '12', 'null']) {
      const reading = dialectOf(dialect).read({ kind: 'event', name: '', data })
      expect(reading.malformed).toMatch(/not a JSON object/)
      expect(reading.malformed).not.toContain(data)
    }
  })

  it(`${dialect} reads an object of the wrong shape as nothing`, () => {
    for (const data of ['{}', '{"choices":5,"message":[],"candidates":{},"usage":"x","type":7}']) {
      const reading = dialectOf(dialect).read({ kind: 'event', name: '', data })
      expect(reading).toMatchObject({ textCharacters: 0, reasoningCharacters: 0 })
      expect(reading.terminal ?? false).toBe(false)
      // Of an answer that is one document, what is not there is missing for good.
      const isWhole = dialectOf(dialect).framing === 'json'
      expect(reading.malformed === undefined).toBe(!isWhole)
    }
  })
}

export const MESSAGES: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello' },
  { role: 'user', content: 'Bye' },
]

/** The request for MESSAGES and 64 output tokens with the key `sk-secret`, its body parsed. */
export function requestOf(
  api: DialectName,
  endpoint: Partial<Endpoint> = {},
): { url: string; headers: Readonly<Record<string, string>>; body: JsonValue } {
  const whole = { api, url: 'https://h/v1', model: 'm', headers: {}, body: {}, ...endpoint }
  const { url, headers, body } = dialectOf(api).request({
    endpoint: whole,
    apiKey: 'sk-secret',
    messages: MESSAGES,
    maxOutputTokens: 64,
  })
  expect(url).not.toContain('sk-secret')
  expect(body).not.toContain('sk-secret')
  return { url, headers, body: JSON.parse(body) }
}

/** Which address each base URL leads to. */
export function describeAddresses(
  dialect: DialectName,
  rows: readonly (readonly [base: string, url: string])[],
): void {
  it.each(rows)(`${dialect} turns the base %s into %s`, (base, url) => {
    expect(requestOf(dialect, { url: base }).url).toBe(url)
  })
}
