// Starts the timed server in a process of its own.

import { startServerProcess } from './server-process.ts'

export type TimedServer = {
  readonly url: string
  /** Since it was last asked: the server's own TTFT in ms, by the first 16 characters of the prompt. */
  truth(): Promise<ReadonlyMap<string, number>>
  stop(): Promise<void>
}

type Served = { readonly prompt: string; readonly ttftMs: number }

export async function startTimedServer(): Promise<TimedServer> {
  const { origin, stop } = await startServerProcess(
    new URL('./timed-server-process.ts', import.meta.url),
  )
  return {
    url: `${origin}/v1`,
    stop,
    async truth() {
      const response = await fetch(`${origin}/truth`)
      const served = (await response.json()) as readonly Served[]
      return new Map(served.map(({ prompt, ttftMs }) => [prompt, ttftMs]))
    },
  }
}
