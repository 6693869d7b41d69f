// One request from being handed over to its record. Every ending an endpoint or a network can make
// is an outcome, never an exception. It never retries and never follows a redirect. Callbacks of a
// socket only stamp; what they mean is worked out after the turn's reads.

import type { Dispatcher } from 'undici'
import { GateError } from '../../model/errors.ts'
import { fewestItemsOf } from '../../wire/dialects/dialects.ts'
import { ByteStore, textOf } from '../../wire/events/events.ts'
import type { Reader } from './after-reads.ts'
import { Answer } from './answer.ts'
import { heldTooMuch, REFUSAL_BODY_BYTES, tooLong } from './answer-bounds.ts'
import { readRetryAfterS } from './clock.ts'
import { concludeAnswer, type Ending } from './conclusion.ts'
import { ConnectError } from './connecting.ts'
import { Deadline } from './deadline.ts'
import { detailOf } from './detail.ts'
import { type Due, dueOf, missedFailure } from './due.ts'
import type { ExchangeContext, Exchanged, OutgoingRequest } from './exchange-parts.ts'
import type { Failure } from './failure.ts'
import { connectFailure, exchangeFailure, isUnsendable } from './failure.ts'
import { type KeptAnswer, keptAnswerOf } from './kept-answer.ts'
import type { Lane } from './lane.ts'
import { recordOf } from './request-record.ts'
import type { Refusal, ResponseHeaders } from './response-head.ts'
import { concludeRefusal, headerText, readResponseHead } from './response-head.ts'

export class Exchange implements Dispatcher.DispatchHandler, Reader {
  readonly #lane: Lane
  readonly #asked: OutgoingRequest
  readonly #context: ExchangeContext
  readonly #answer: Answer
  readonly #kept: KeptAnswer | undefined
  readonly #deadline: Deadline
  readonly #wasWarmed: boolean
  readonly #startedMs: number
  #controller: Dispatcher.DispatchController | undefined
  #sentMs: number | undefined
  #headersMs: number | undefined
  #status: number | undefined
  #retryAfterS: number | undefined
  #headers: ResponseHeaders | undefined
  #refusal: Refusal | undefined
  readonly #refusalBody = new ByteStore()
  #bytes = 0
  /** Of the bytes that all connections hold. */
  #held = 0
  /** The last turn in which something was read, and when. */
  #read = -1
  #readMs = 0
  #settled = false
  readonly #resolve: (exchanged: Exchanged) => void
  readonly #reject: (error: Error) => void
  readonly done: Promise<Exchanged>

  constructor(lane: Lane, asked: OutgoingRequest, context: ExchangeContext) {
    this.#lane = lane
    this.#asked = asked
    this.#context = context
    this.#kept = keptAnswerOf(asked.planned, context.answerRooms)
    this.#answer = new Answer(context.dialect, this.#kept)
    const { promise, resolve, reject } = Promise.withResolvers<Exchanged>()
    this.done = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#wasWarmed = lane.warmed
    this.#startedMs = context.clock.now()
    this.#deadline = new Deadline({
      now: context.clock.now,
      dueMs: () => this.#due().atMs,
      missed: () => this.#missed(),
    })
    this.#deadline.update()
  }

  start(): void {
    const { origin, pathname, search } = new URL(this.#asked.wire.url)
    const { headers, body } = this.#asked.wire
    this.#lane.dispatch(
      { origin, path: pathname + search, method: 'POST', headers: { ...headers }, body },
      this,
    )
  }

  /** The client gives up: `aborted`, unless the answer is already complete. */
  abort(): void {
    const nowMs = this.#context.clock.now()
    if (this.#answer.complete) this.#cut(this.#concluded(nowMs))
    else this.#cut({ outcome: 'aborted', text: 'cut by the client', endMs: nowMs })
  }

  // The handler undici calls.

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#lane.writing()
  }

  /** Headers and body have been handed to the kernel, or to the socket's buffer if they are large. */
  onRequestSent(): void {
    this.#sentMs = this.#context.clock.now()
    const { socket } = this.#lane
    if (socket?.writableNeedDrain === true) {
      socket.once('drain', () => {
        if (this.#headersMs === undefined) this.#sentMs = this.#context.clock.now()
      })
    }
    this.#deadline.update()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    this.#lane.overhead.head(status)
    if (status < 200) return
    this.#headersMs = this.#context.clock.now()
    this.#status = status
    this.#headers = headers
    const { url } = this.#asked.wire
    const head = readResponseHead({ status, headers, url }, this.#context.dialect.framing)
    if (head.kind === 'stream') return
    this.#refusal = head
    this.#retryAfterS = readRetryAfterS(headerText(headers, 'retry-after'))
    if (!head.bodyTells) this.#later(() => this.#cut(this.#concluded(this.#context.clock.now())))
    this.#deadline.update()
  }

  /** Chunks of one turn came in one read of the socket and share its stamp. */
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { clock, afterReads } = this.#context
    this.#lane.overhead.body(chunk.length)
    const turn = afterReads.turnOf(chunk)
    if (turn !== this.#read) {
      this.#readMs = clock.now()
      this.#read = turn
    }
    afterReads.read(this, chunk)
  }

  onResponseEnd(): void {
    this.#lane.answered()
    const atMs = this.#context.clock.now()
    this.#later(() => this.#settle(this.#concluded(atMs), atMs))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const atMs = this.#context.clock.now()
    this.#later(() => this.#broke(error, atMs))
  }

  #later(work: () => void): void {
    this.#context.afterReads.run(() => {
      if (!this.#settled) work()
    })
  }

  /** All that is read in one turn is taken before anything is read in the next. */
  take(chunk: Uint8Array): void {
    if (this.#settled) return
    const atMs = this.#readMs
    this.#bytes += chunk.length
    if (this.#refusal !== undefined) {
      if (this.#bytes <= REFUSAL_BODY_BYTES) this.#refusalBody.append(chunk)
      else this.#cut(this.#concluded(atMs))
    } else this.#takeAnswer(chunk, atMs)
    if (!this.#settled) this.#hold(this.#answer.heldBytes + this.#refusalBody.capacity)
  }

  #takeAnswer(chunk: Uint8Array, atMs: number): void {
    const had = this.#answer.firstTokenMs
    this.#answer.take(chunk, this.#read, atMs)
    const text = tooLong(this.#answer, this.#bytes, this.#asked.planned)
    if (this.#answer.problem !== undefined) this.#cut(this.#concluded(atMs))
    else if (text !== undefined) this.#cut({ outcome: 'malformed', text, endMs: atMs })
    else if (had === undefined || this.#answer.terminal) this.#deadline.update()
  }

  #hold(bytes: number): void {
    const { held } = this.#context
    held.change(bytes - this.#held)
    this.#held = bytes
    if (!held.isFull || this.#settled) return
    this.#cut({ outcome: 'malformed', text: heldTooMuch(held), endMs: this.#readMs })
  }

  #broke(error: Error, atMs: number): void {
    if (isUnsendable(error)) {
      this.#giveUp(error)
      return
    }
    const broke =
      error instanceof ConnectError
        ? connectFailure(this.#lane.connecting?.stage ?? 'tcp', error)
        : exchangeFailure(error, this.#headersMs !== undefined)
    this.#settle(this.#concluded(atMs, broke), atMs)
  }

  /** The request cannot be written at all: the config's fault, not the endpoint's. */
  #giveUp(error: Error): void {
    this.#settled = true
    this.#deadline.clear()
    const what = detailOf(error.message, this.#context.redact)
    this.#reject(
      new GateError(
        'config',
        `the request cannot be sent: ${what}`,
        'Correct the endpoint’s url and headers.',
        { cause: error },
      ),
    )
  }

  #concluded(endMs: number, broke?: Failure): Ending {
    if (this.#refusal !== undefined) {
      const body = textOf(this.#refusalBody.content)
      return { ...concludeRefusal(this.#refusal, body), endMs }
    }
    this.#answer.end()
    return concludeAnswer(this.#answer, {
      endMs,
      bytes: this.#bytes,
      broke,
      fewestItems: fewestItemsOf(this.#context.dialect, this.#asked.wire),
    })
  }

  #due(): Due {
    return dueOf(
      {
        startedMs: this.#startedMs,
        sentMs: this.#sentMs,
        refusedMs: this.#refusal && this.#headersMs,
        answer: this.#answer,
      },
      this.#context.timeouts,
    )
  }

  #missed(): void {
    const { clock, timeouts } = this.#context
    const failure = missedFailure(this.#due().missed, timeouts)
    this.#cut(this.#concluded(clock.now(), failure))
  }

  /** Ends the exchange from this side; the connection cannot be used again. */
  #cut(ending: Ending): void {
    this.#settle(ending, this.#context.clock.now())
    const reason = new Error('ended by the client')
    if (this.#controller === undefined) this.#lane.cut(reason)
    else this.#controller.abort(reason)
  }

  #settle(ending: Ending, freeMs: number): void {
    if (this.#settled) return
    this.#settled = true
    this.#deadline.clear()
    this.#hold(0)
    const stamps = {
      intendedMs: this.#asked.intendedMs,
      startedMs: this.#startedMs,
      sentMs: this.#sentMs,
      headersMs: this.#headersMs,
      status: this.#status,
      retryAfterS: this.#retryAfterS,
      headers: this.#headers,
      connecting: this.#lane.connecting,
    }
    this.#resolve({
      record: recordOf(
        this.#asked.planned,
        { stamps, answer: this.#answer, ending },
        this.#context.redact,
      ),
      unwarmed: this.#lane.connecting !== undefined && !this.#wasWarmed,
      // Foreign text of any length, like a failure's.
      model: this.#answer.model && detailOf(this.#answer.model, this.#context.redact),
      kept: this.#kept,
      freeMs,
    })
  }
}
