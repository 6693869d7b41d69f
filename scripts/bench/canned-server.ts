// Starts the canned server in a process of its own.

import { startServerProcess } from './server-process.ts'

export type CannedServer = {
  readonly url: string
  /** Connections that are open now. */
  sockets(): Promise<number>
  stop(): Promise<void>
}

export async function startCannedServer(): Promise<CannedServer> {
  const { origin, stop } = await startServerProcess(
    new URL('./canned-server-process.ts', import.meta.url),
  )
  return {
    url: `${origin}/v1`,
    stop,
    async sockets() {
      const response = await fetch(`${origin}/sockets`)
      return Number(await response.text())
    },
  }
}
