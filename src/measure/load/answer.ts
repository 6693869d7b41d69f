// What one answer's body says, read by read: when its tokens came, what it was billed, how it
// ended. It only listens; when to give up and what to call the ending is decided elsewhere. Every
// time in it is the stamp of a socket read, never of the moment it was decoded.

import type { FinishReason, Usage } from '../../model/request-record.ts'
import type { Dialect, Reading, UsageParts } from '../../wire/dialects/dialects.ts'
import {
  carriesOutputToken,
  carriesToken,
  createFramer,
  mergeUsage,
  usageOf,
} from '../../wire/dialects/dialects.ts'
import type { Framed, Framer } from '../../wire/events/events.ts'
import { holdsTooManyValues, MOST_VALUES } from './event-values.ts'

import type { KeptAnswer } from './kept-answer.ts'

export type AnswerTimes = {
  readonly firstTokenMs?: number
  readonly firstOutputTokenMs?: number
  readonly lastTokenMs?: number
  readonly gapsMs: readonly number[]
  readonly tokenEvents: number
  readonly tokenReads: number
  /** Vectors or rankings. Absent where the API answers with tokens. */
  readonly items?: number
}

/** Why the rest of a body is not worth reading. `text` is foreign. */
export type AnswerProblem = {
  readonly outcome: 'stream-error' | 'malformed'
  readonly text: string
}

export class Answer {
  readonly #dialect: Dialect
  readonly #framer: Framer
  #firstTokenMs: number | undefined
  #firstOutputTokenMs: number | undefined
  #lastTokenMs: number | undefined
  #lastEventMs: number | undefined
  readonly #gapsMs: number[] = []
  /** The read that is being taken: its number, and when it was. */
  #read = -1
  #readMs = 0
  #ended = false
  #tokenEvents = 0
  #tokenReads = 0
  /** The last socket read that carried a token, by its number. */
  #tokenRead = -1
  #usage: UsageParts | undefined
  #finish: FinishReason | undefined
  #terminal = false
  #characters = 0
  #items: number | undefined
  #events = 0
  #problem: AnswerProblem | undefined
  #model: string | undefined
  readonly #kept: KeptAnswer | undefined

  /** `kept`: where its text goes that is to be checked. */
  constructor(dialect: Dialect, kept?: KeptAnswer) {
    this.#dialect = dialect
    this.#kept = kept
    this.#framer = createFramer(dialect.framing, (framed) => this.#takeFramed(framed))
  }

  /** `read` numbers the socket reads: chunks of one read share its stamp. */
  take(chunk: Uint8Array, read: number, atMs: number): void {
    this.#read = read
    this.#readMs = atMs
    this.#framer.push(chunk)
  }

  /** The body has ended: an event that was still open counts if it is whole. */
  end(): void {
    this.#ended = true
    this.#framer.end()
  }

  /** The finish reason or the terminal mark has been seen. */
  get complete(): boolean {
    return this.#terminal || this.#finish !== undefined
  }

  /** Nothing that matters follows. */
  get terminal(): boolean {
    return this.#terminal
  }

  get problem(): AnswerProblem | undefined {
    return this.#problem
  }

  /** What is held of an event that is not complete. */
  get heldBytes(): number {
    return this.#framer.heldBytes
  }

  /** Reads that brought a token. */
  get tokenReads(): number {
    return this.#tokenReads
  }

  get finish(): FinishReason | undefined {
    return this.#finish
  }

  /** False where it is vectors or rankings, and has no first token. */
  get hasTokens(): boolean {
    return this.#dialect.fewestItems === undefined
  }

  get items(): number {
    return this.#items ?? 0
  }

  get events(): number {
    return this.#events
  }

  get characters(): number {
    return this.#characters
  }

  get model(): string | undefined {
    return this.#model
  }

  get firstTokenMs(): number | undefined {
    return this.#firstTokenMs
  }

  /** The last read that completed an event: a comment or a ping is no progress. */
  get lastEventMs(): number | undefined {
    return this.#lastEventMs
  }

  get usage(): Usage | undefined {
    return usageOf(this.#usage)
  }

  get times(): AnswerTimes {
    return {
      firstTokenMs: this.#firstTokenMs,
      firstOutputTokenMs: this.#firstOutputTokenMs,
      lastTokenMs: this.#lastTokenMs,
      gapsMs: this.#gapsMs,
      tokenEvents: this.#tokenEvents,
      tokenReads: this.#tokenReads,
      items: this.#items,
    }
  }

  get #stopped(): boolean {
    return this.#terminal || this.#problem !== undefined
  }

  #takeFramed(framed: Framed): void {
    if (this.#stopped) return
    if (framed.kind === 'too-large') {
      const text = `one event is larger than ${framed.limitBytes} bytes`
      this.#problem = { outcome: 'malformed', text }
      return
    }
    if (framed.kind === 'broken') {
      this.#problem = { outcome: 'malformed', text: framed.problem }
      return
    }
    if (holdsTooManyValues(framed.data)) {
      const text = `one event holds more than ${MOST_VALUES} values`
      this.#problem = { outcome: 'malformed', text }
      return
    }
    const reading = this.#dialect.read(framed)
    const isCut = this.#ended && reading.malformed !== undefined
    if (!isCut) this.#takeReading(reading)
  }

  #takeReading(reading: Reading): void {
    this.#events += 1
    this.#lastEventMs = this.#readMs
    if (carriesToken(reading)) this.#takeToken(reading)
    if (reading.usage !== undefined) this.#usage = mergeUsage(this.#usage, reading.usage)
    this.#items = reading.items ?? this.#items
    this.#finish = reading.finish ?? this.#finish
    this.#terminal = reading.terminal === true
    this.#model ??= reading.model
    if (reading.error !== undefined) {
      const { message, code } = reading.error
      const text = code === undefined ? message : `${message} (${code})`
      this.#problem = { outcome: 'stream-error', text }
    } else if (reading.malformed !== undefined) {
      this.#problem = { outcome: 'malformed', text: reading.malformed }
    }
  }

  #takeToken(reading: Reading): void {
    const atMs = this.#readMs
    this.#tokenEvents += 1
    this.#characters +=
      reading.textCharacters + reading.reasoningCharacters + reading.toolCharacters
    this.#firstTokenMs ??= atMs
    if (carriesOutputToken(reading)) this.#firstOutputTokenMs ??= atMs
    this.#kept?.add(reading.text, reading.calls)
    if (this.#read === this.#tokenRead) return
    this.#tokenRead = this.#read
    this.#tokenReads += 1
    if (this.#lastTokenMs !== undefined) this.#gapsMs.push(atMs - this.#lastTokenMs)
    this.#lastTokenMs = atMs
  }
}
