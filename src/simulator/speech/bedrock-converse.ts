// Converse: `messageStart`, blocks with deltas, `messageStop` with the reason, `metadata` with the usage,
// each a frame of AWS's event stream. The frames are handed over as text of one byte a character.

import type { FinishReason } from '../../model/request-record.ts'
import { encodeEventStream } from '../../wire/events/events.ts'
import type { AnswerFacts, Piece, Speech } from './piece.ts'

export const bedrockSpeech: Speech = {
  contentType: 'application/vnd.amazon.eventstream',
  isBinary: true,

  opening: () => event('messageStart', { role: 'assistant' }),

  piece(facts, piece) {
    const start = piece.opens ? blockStart(facts, piece) : ''
    return (
      start + event('contentBlockDelta', { contentBlockIndex: piece.block, delta: delta(piece) })
    )
  },

  ending(_facts, { finish, usage, open }) {
    const stop = open === undefined ? '' : blockStop(open.block)
    const ended = stop + event('messageStop', { stopReason: STOP_WORDS[finish] })
    if (usage === undefined) return ended + event('metadata', { metrics: { latencyMs: 1 } })
    const { inputTokens: all, cachedInputTokens: cached, outputTokens } = usage
    const counted = {
      inputTokens: all - cached,
      outputTokens,
      totalTokens: all + outputTokens,
      cacheReadInputTokens: cached,
      cacheWriteInputTokens: 0,
    }
    return ended + event('metadata', { usage: counted, metrics: { latencyMs: 1 } })
  },

  error(status, message) {
    const name = EXCEPTIONS[status] ?? 'internalServerException'
    return bytesOf(encodeEventStream({ name, data: JSON.stringify({ message }), failed: true }))
  },

  /** AWS sends none; a frame of a kind that nobody knows is passed over all the same. */
  ping: () => event('ping', {}),

  errorBody: (_status, message) => JSON.stringify({ message }),
}

function event(name: string, data: object): string {
  return bytesOf(encodeEventStream({ name, data: JSON.stringify({ ...data, p: 'abcd' }) }))
}

function bytesOf(frame: Uint8Array): string {
  return Buffer.from(frame).toString('latin1')
}

/** Only a tool's block has a start; the others begin with their first delta. */
function blockStart({ id, tool }: AnswerFacts, { block, kind }: Piece): string {
  const before = block === 0 ? '' : blockStop(block - 1)
  const toolUse = { toolUseId: `tooluse_${id}`, name: tool }
  const start = { contentBlockIndex: block, start: { toolUse } }
  return before + (kind === 'tool' ? event('contentBlockStart', start) : '')
}

function blockStop(block: number): string {
  return event('contentBlockStop', { contentBlockIndex: block })
}

function delta({ kind, text }: Piece): object {
  if (kind === 'text') return { text }
  return kind === 'reasoning' ? { reasoningContent: { text } } : { toolUse: { input: text } }
}

const STOP_WORDS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-call': 'tool_use',
  'content-filter': 'content_filtered',
  other: 'malformed_model_output',
}

const EXCEPTIONS: Readonly<Record<number, string>> = {
  400: 'validationException',
  424: 'modelStreamErrorException',
  429: 'throttlingException',
  503: 'serviceUnavailableException',
}
