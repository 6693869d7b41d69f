// What every way of speaking is made of: an answer's facts, its pieces and its ending.

import type { FinishReason, Usage } from '../../model/request-record.ts'

export type AnswerFacts = {
  readonly id: string
  readonly model: string
  readonly inputTokens: number
  readonly cachedTokens: number
  /** What a tool's call calls. */
  readonly tool: string
  /** Vectors or rankings that were asked for; 0 where the API answers with tokens. */
  readonly items: number
  /** False when the request did not ask for usage where it has to. */
  readonly usageAsked: boolean
}

export type Piece = {
  readonly kind: 'text' | 'reasoning' | 'tool'
  readonly text: string
  /** Number of the block it belongs to (one per kind), and whether it is the block's first. */
  readonly block: number
  readonly opens: boolean
}

export type AnswerEnding = {
  readonly finish: FinishReason
  /** Absent when the server does not report usage. */
  readonly usage?: Usage
  /** The kind of the block that is still open, if any. */
  readonly open?: Piece
}

/** Every function gives framed text with LF line ends, or frames of bytes. */
export type Speech = {
  readonly contentType: string
  /** Each character of what the functions give is one byte; error bodies are text all the same. Absent =
   * everything is text. */
  readonly isBinary?: true
  /** What comes before any token: role chunk, message start. May be empty. */
  opening(facts: AnswerFacts): string
  piece(facts: AnswerFacts, piece: Piece): string
  /** Finish reason, usage and terminal mark. */
  ending(facts: AnswerFacts, ending: AnswerEnding): string
  /** An error inside the stream. */
  error(status: number, message: string): string
  ping(): string
  /** Body of a refusal; also of a 200 that is none. */
  errorBody(status: number, message: string): string
}
