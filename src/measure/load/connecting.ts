// What is known of a connection that is being made: when it reached which phase, and why it failed.

import type { Socket } from 'node:net'
import type { ConnectStage } from './failure.ts'

/** Stamps of the connection a request had to open; from the caller's clock. */
export type Connecting = {
  readonly startMs: number
  dnsMs?: number
  tcpMs?: number
  tlsMs?: number
  /** How far it got: what a failure is named after. */
  stage: ConnectStage
}

export function stampPhases(
  socket: Socket,
  {
    connecting,
    secure,
    now,
  }: { readonly connecting: Connecting; readonly secure: boolean; readonly now: () => number },
): void {
  const isProxy = connecting.stage === 'proxy'
  socket.once('lookup', (error: Error | null) => {
    if (error !== null) return
    connecting.dnsMs = now()
    if (!isProxy) connecting.stage = 'tcp'
  })
  socket.once('connect', () => {
    connecting.tcpMs = now()
    if (!isProxy) connecting.stage = secure ? 'tls' : 'tcp'
  })
}

/** undici takes some socket errors for passing ones and would connect again without an end. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'

  constructor(cause: Error) {
    super(firstMessage(cause), { cause })
  }
}

/** An attempt over several addresses fails with a list of errors and no text of its own. */
function firstMessage(error: Error): string {
  const listed: unknown = 'errors' in error ? error.errors : undefined
  if (error.message !== '' || !Array.isArray(listed)) return error.message
  const messages = listed.map((each: { message?: unknown }) => String(each.message ?? ''))
  return messages.find((message) => message !== '') ?? 'no address could be reached'
}
