// TLS before a plain server of this machine, with a certificate of a company's own authority for every
// name below internal.example.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { fileURLToPath } from 'node:url'

/** The authority, as NODE_EXTRA_CA_CERTS and GIT_SSL_CAINFO want it: a file. */
export const AUTHORITY = fileURLToPath(
  new URL('../../fixtures/tls/internal.cert.pem', import.meta.url),
)
const KEY = fileURLToPath(new URL('../../fixtures/tls/internal.key.pem', import.meta.url))

export type TlsFront = { readonly port: number; readonly close: () => Promise<void> }

export async function startTlsFront(behind: string): Promise<TlsFront> {
  const { port: plain } = new URL(behind)
  const options = { key: readFileSync(KEY), cert: readFileSync(AUTHORITY) }
  const server = createServer(options, (socket) => {
    const onward = connect(Number(plain), '127.0.0.1')
    for (const end of [socket, onward]) {
      end.on('error', () => undefined)
      end.on('close', () => [socket, onward].map((each) => each.destroy()))
    }
    socket.pipe(onward).pipe(socket)
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
