import { describe, expect, it } from '@jest/globals'
import { failureOf } from '../../../src/wire/imports/failure-words.ts'

describe('a failure in the words of another engine', () => {
  const rows: readonly (readonly [string, string, number?])[] = [
    ['Too Many Requests', 'rate-limited', 429],
    ['Not Found', 'http-4xx', 404],
    ['Service Unavailable: {"error": "timeout of the pool"}', 'http-5xx', 503],
    ['HTTPStatusError("Client error \'401 Unauthorized\' for url")', 'http-4xx', 401],
    ['HTTP Error 503\nbody', 'http-5xx', 503],
    ['ConnectTimeout: connection timed out', 'timeout-connect'],
    ['ReadTimeout()', 'timeout-total'],
    ['Request timed out', 'timeout-total'],
    ['socket.gaierror: [Errno -2] Name or service not known', 'dns'],
    ['ssl.SSLCertVerificationError: certificate verify failed', 'tls'],
    ['ClientConnectorError: Cannot connect to host x:80', 'connect'],
    ['peer closed connection without sending complete message body', 'truncated'],
    ['ServerDisconnectedError: Server disconnected', 'truncated'],
    ["ValueError('[UNUSABLE_BACKEND_RESPONSE] backend resolved with empty')", 'empty'],
    ['Never received a valid chunk to calculate TTFT.', 'empty'],
    ['json.decoder.JSONDecodeError: Expecting value: line 1', 'malformed'],
    ['stopped by content_filter', 'content-filter'],
    ['asyncio.CancelledError', 'aborted'],
    ['the model crashed', 'stream-error'],
    ['', 'stream-error'],
  ]

  it('ends as one of our outcomes', () => {
    expect(
      rows.map(([words]) => [words, failureOf(words).outcome, failureOf(words).status]),
    ).toEqual(rows.map(([words, outcome, status]) => [words, outcome, status]))
  })

  it('believes a status before words, and only one of HTTP', () => {
    expect(failureOf('timed out', 500)).toEqual({ outcome: 'http-5xx', status: 500 })
    expect(failureOf('timed out', 429.5)).toEqual({ outcome: 'timeout-total' })
    expect(failureOf('boom', 7)).toEqual({ outcome: 'stream-error' })
    expect(failureOf('constructor')).toEqual({ outcome: 'stream-error' })
  })

  it('keeps the name of the exception and nothing else of the words', () => {
    const words = 'Traceback\n  raise KeyError\nhttpx.ReadError: key sk-secret ?token=x'
    expect(failureOf(words)).toEqual({ outcome: 'malformed', detail: 'ReadError' })
    expect(JSON.stringify(failureOf(`${'x'.repeat(1_000_000)} ReadTimeout`))).toBe(
      '{"outcome":"timeout-total","detail":"ReadTimeout"}',
    )
  })
})
