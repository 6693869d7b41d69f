// Starts the canned server in a process of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type CannedServer = {
  readonly url: string
  /** Connections that are open now. */
  sockets(): Promise<number>
  stop(): Promise<void>
}

export async function startCannedServer(): Promise<CannedServer> {
  const entry = fileURLToPath(new URL('./canned-server-process.ts', import.meta.url))
  const child = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [first] = await once(child.stdout, 'data')
  const origin = `http://127.0.0.1:${String(first).trim()}`
  return {
    url: `${origin}/v1`,
    async sockets() {
      const response = await fetch(`${origin}/sockets`)
      return Number(await response.text())
    },
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}
