// The client a careful person writes in twenty lines of node:http: what our measurement is held
// against. One keep-alive connection a worker, a stamp in the 'data' callback before anything else.

import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { WireRequest } from '../../src/wire/dialects/dialect.ts'

export type BareTimes = {
  readonly prompt: string
  /** Before `http.request` was called. */
  readonly calledMs: number
  /** 'finish': the body has been handed to the operating system. */
  readonly finishedMs: number
  readonly firstTokenMs: number
}

export type BareRequest = { readonly prompt: string; readonly wire: WireRequest }

/** A warm-up wave, then the measured requests; workers start a millisecond apart, as ours do. */
export async function runBareClient(
  warmup: readonly BareRequest[],
  measured: readonly BareRequest[],
  concurrency: number,
): Promise<readonly BareTimes[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
  await askAll(warmup, concurrency, agent)
  const times = await askAll(measured, concurrency, agent)
  agent.destroy()
  return times
}

async function askAll(
  requests: readonly BareRequest[],
  concurrency: number,
  agent: Agent,
): Promise<readonly BareTimes[]> {
  const times: BareTimes[] = []
  let next = 0
  async function worker(_: unknown, position: number): Promise<void> {
    await delay(position)
    while (next < requests.length) {
      const asked = requests[next]
      next += 1
      if (asked !== undefined) times.push(await ask(asked.wire, asked.prompt, agent))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return times
}

function ask(wire: WireRequest, prompt: string, agent: Agent): Promise<BareTimes> {
  return new Promise((resolve, reject) => {
    const calledMs = performance.now()
    let finishedMs = Number.NaN
    let firstTokenMs = Number.NaN
    const sent = request(wire.url, { method: 'POST', headers: { ...wire.headers }, agent })
    sent.on('finish', () => {
      finishedMs = performance.now()
    })
    sent.on('response', (response) => {
      response.on('data', (chunk: Buffer) => {
        const atMs = performance.now()
        if (Number.isNaN(firstTokenMs) && /"content":"[^"]/.test(chunk.toString('latin1'))) {
          firstTokenMs = atMs
        }
      })
      response.on('end', () => resolve({ prompt, calledMs, finishedMs, firstTokenMs }))
    })
    sent.on('error', reject)
    sent.end(wire.body)
  })
}
