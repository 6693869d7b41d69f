// Somebody else's server, to which a pull request would have secrets sent: what counts is what it saw.

import { type RawServer, startRawServer } from '../measure/load/raw-server.ts'

export type Attacker = {
  readonly server: RawServer
  /** Every request, whole, as it came. */
  readonly seen: string[]
}

export async function startAttacker(): Promise<Attacker> {
  const seen: string[] = []
  const server = await startRawServer((socket, request) => {
    seen.push(request)
    socket.end('HTTP/1.1 503 no\r\ncontent-length: 0\r\n\r\n')
  })
  return { server, seen }
}
