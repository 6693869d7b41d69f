// Asks an endpoint as a plain HTTP client: what came, in which reads, and how it ended. It knows
// nothing of measurement, so that the simulator is judged by something else than our own engine.

import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:http'
import type { DialectName, Endpoint } from '../../src/model/config.ts'
import { dialectOf } from '../../src/wire/dialects/dialects.ts'
import type { Told } from '../wire/stream-replay.ts'
import { tell } from '../wire/stream-replay.ts'

export type Streamed = {
  readonly status?: number
  readonly headers: IncomingHttpHeaders
  readonly reads: readonly Buffer[]
  readonly text: string
  /** `silent`: the client gave up waiting; `broken`: the connection broke, with its error code. */
  readonly ending: 'end' | 'silent' | 'broken'
  readonly code?: string
  /** What the dialect makes of it. */
  readonly told: Told
}

export type Question = {
  readonly url: string
  readonly api?: DialectName
  readonly apiKey?: string
  readonly model?: string
  readonly prompt?: string
  readonly maxOutputTokens?: number
  readonly body?: Endpoint['body']
  readonly agent?: Agent
  /** How long to wait for the next read. Default 5000. */
  readonly patienceMs?: number
  /** Gives up after this many bytes. */
  readonly enoughBytes?: number
}

export function ask(question: Question): Promise<Streamed> {
  const api = question.api ?? 'openai-chat'
  const { url, headers, body } = dialectOf(api).request({
    endpoint: {
      api,
      url: question.url,
      model: question.model ?? 'simulated',
      headers: {},
      body: question.body ?? {},
    },
    apiKey: question.apiKey,
    messages: [{ role: 'user', content: question.prompt ?? 'Say hello.' }],
    maxOutputTokens: question.maxOutputTokens ?? 8,
  })
  return exchange(url, { headers, body }, question)
}

type Sent = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

function exchange(url: string, sent: Sent, question: Question): Promise<Streamed> {
  const api = question.api ?? 'openai-chat'
  const enough = question.enoughBytes ?? Number.POSITIVE_INFINITY
  const reads: Buffer[] = []
  let head: Pick<Streamed, 'status' | 'headers'> = { headers: {} }
  let size = 0
  return new Promise((resolve) => {
    const agent = question.agent ?? new Agent({ keepAlive: false })
    const outgoing = request(url, { method: 'POST', headers: sent.headers, agent })
    const settle = (how: Pick<Streamed, 'ending' | 'code'>) => {
      const text = Buffer.concat(reads).toString('utf8')
      resolve({ ...head, ...how, reads, text, told: tell(api, reads) })
    }
    const giveUp = (error?: NodeJS.ErrnoException) => {
      outgoing.destroy()
      if (error === undefined) settle({ ending: 'silent' })
      else settle({ ending: 'broken', code: error.code })
    }
    outgoing.on('response', (response) => {
      const { headers, statusCode } = response
      head = statusCode === undefined ? { headers } : { headers, status: statusCode }
      response.on('data', (read: Buffer) => {
        reads.push(read)
        size += read.length
        if (size > enough) giveUp()
      })
      response.on('error', giveUp)
      // A kept connection goes back to its agent before the answer counts as ended.
      response.on('end', () => setImmediate(settle, { ending: 'end' }))
    })
    outgoing.on('error', giveUp)
    outgoing.setTimeout(question.patienceMs ?? 5000, () => giveUp())
    outgoing.end(sent.body)
  })
}
