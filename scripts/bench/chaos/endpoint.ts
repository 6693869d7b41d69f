// An endpoint that counts its whole answers, and that may come and go every few hundred milliseconds.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const ANSWER_MS = 40
const PHASE_MS = 150
const TOKEN = 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
const END =
  'data: {"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}}\n\ndata: [DONE]\n\n'

export type Endpoint = {
  readonly url: string
  readonly answered: () => number
  /** What was answered so far is another trial's. */
  readonly forget: () => void
  readonly stop: () => Promise<void>
}

export async function startEndpoint(flapping: boolean): Promise<Endpoint> {
  let answered = 0
  const begun = performance.now()
  const server = createServer(async (request, response) => {
    request.resume()
    await once(request, 'end')
    const phase = flapping ? Math.floor((performance.now() - begun) / PHASE_MS) % 3 : 0
    answered += 1
    if (phase === 1) return void response.writeHead(503).end()
    if (phase === 2) return void request.socket.destroy()
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(TOKEN)
    await sleep(ANSWER_MS)
    response.end(END)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    answered: () => answered,
    forget: () => {
      answered = 0
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
