// Starts a server of the benchmarks in a process of its own; its first line says its port.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type ServerProcess = { readonly origin: string; stop(): Promise<void> }

export async function startServerProcess(entry: URL): Promise<ServerProcess> {
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [first] = await once(child.stdout, 'data')
  return {
    origin: `http://127.0.0.1:${String(first).trim()}`,
    async stop() {
      const exited = once(child, 'exit')
      child.kill()
      await exited
    },
  }
}
