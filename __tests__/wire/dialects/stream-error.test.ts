import { describe, expect, it } from '@jest/globals'
import type { StreamError } from '../../../src/wire/dialects/dialect.ts'
import { readErrorBody, readEventError } from '../../../src/wire/dialects/stream-error.ts'

describe('an error body', () => {
  const rows: readonly (readonly [string, string, StreamError | undefined])[] = [
    [
      'OpenAI',
      '{"error":{"message":"Bad key","type":"invalid_request_error","code":"invalid_api_key"}}',
      { message: 'Bad key', code: 'invalid_api_key', status: 401 },
    ],
    [
      'vLLM',
      '{"error":{"message":"No model","type":"NotFoundError","code":404}}',
      { message: 'No model', code: 'NotFoundError', status: 404 },
    ],
    [
      'older vLLM',
      '{"object":"error","message":"Too long","type":"BadRequestError","code":400}',
      { message: 'Too long', code: 'BadRequestError', status: 400 },
    ],
    [
      'Anthropic',
      '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
      { message: 'Overloaded', code: 'overloaded_error', status: 529 },
    ],
    [
      'Gemini, a list',
      '[{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}]',
      { message: 'Quota', code: 'RESOURCE_EXHAUSTED', status: 429 },
    ],
    ['Ollama', '{"error":"model not found"}', { message: 'model not found' }],
    ['FastAPI', '{"detail":"Not authenticated"}', { message: 'Not authenticated' }],
    ['a gateway', '{"message":"no Route"}', { message: 'no Route' }],
    [
      'a status as text',
      '{"error":{"message":"m","code":"503"}}',
      { message: 'm', code: '503', status: 503 },
    ],
    ['an error without words', '{"error":{}}', { message: 'the server gave no message' }],
    ['an answer', '{"choices":[]}', undefined],
    ['an error that is null', '{"error":null}', undefined],
    ['HTML', '<html>', undefined],
    ['a number', '5', undefined],
  ]

  it.each(rows)('of %s is read', (_who, body, expected) => {
    expect(readErrorBody(body)).toEqual(expected)
  })

  it('is cut to a length that a report can show', () => {
    const body = JSON.stringify({ error: 'x'.repeat(10_000) })
    expect(readErrorBody(body)?.message).toHaveLength(500)
  })
})

describe('an error event', () => {
  it('is one by its name alone, even in plain text', () => {
    const event = { kind: 'event', name: 'error', data: 'upstream died' } as const
    expect(readEventError(event, undefined)).toEqual({ message: 'upstream died' })
  })

  it('is one when its data calls itself an error', () => {
    const event = { kind: 'event', name: '', data: '' } as const
    const data = { object: 'error', message: 'Boom', code: 500 }
    expect(readEventError(event, data)).toEqual({ message: 'Boom', status: 500 })
    expect(readEventError(event, { type: 'error', detail: 'Boom' })).toMatchObject({
      message: 'Boom',
    })
  })

  it('is none when it says nothing of an error', () => {
    expect(readEventError({ kind: 'event', name: 'ping', data: '{}' }, {})).toBeUndefined()
  })
})
