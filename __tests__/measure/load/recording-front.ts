// A server before the simulator that keeps the bodies it passes on: what a client really sent.

import { createServer, request as requestOf } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export type Front = {
  /** Base URL, ending in `/v1`. */
  readonly url: string
  /** In order of arrival. */
  readonly bodies: Record<string, unknown>[]
  stop(): Promise<void>
}

export async function startFront(behind: { readonly port: number }): Promise<Front> {
  const bodies: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      bodies.push(JSON.parse(body.toString('utf8')))
      const { method, url: path, headers } = request
      const onward = requestOf({ host: '127.0.0.1', port: behind.port, method, path, headers })
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      })
      onward.on('error', () => response.destroy())
      onward.end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    bodies,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
