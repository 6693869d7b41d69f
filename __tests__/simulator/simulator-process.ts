// Starts the simulator in a process of its own, as a test of a measurement needs it: the server's
// timers are not the client's. It ends with `stop`, and in any case with the test process.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { SimulatorChange, SimulatorOptions } from '../../src/simulator/options.ts'
import type { Served } from '../../src/simulator/served-log.ts'

export type SimulatorProcess = {
  /** Base URL of the healthy endpoint, ending in `/v1`. */
  readonly url: string
  readonly port: number
  readonly pid: number
  /** The regressed endpoint, ending in `/slow/v1`. */
  readonly slowUrl: string
  /** An endpoint where every request gets this fault. */
  faultUrl(fault: string): string
  /** Changes its behaviour; resolves to the version as it now is. Throws on a change it refuses. */
  control(change: SimulatorChange): Promise<Record<string, unknown>>
  /** Everything served so far, in order of arrival. */
  log(): Promise<readonly Served[]>
  /** Resolves once this many requests have arrived in all. */
  arrived(count: number): Promise<void>
  stop(): Promise<void>
}

const ENTRY = fileURLToPath(new URL('../../src/simulator/process.ts', import.meta.url))

export async function startSimulatorProcess(
  options: SimulatorOptions = {},
): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [ENTRY, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let complaints = ''
  let ready = false
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (ready) process.stderr.write(text)
    else complaints += text
  })
  const exited = once(child, 'close')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), exited.then(() => undefined)])
  lines.close()
  if (first === undefined) {
    throw new Error(`the simulator process ended before it was ready: ${complaints}`)
  }
  ready = true
  const { url, port } = JSON.parse(String(first[0])) as { url: string; port: number }
  const origin = url.replace(/\/v1$/, '')
  return {
    url,
    port,
    pid: child.pid ?? 0,
    slowUrl: `${origin}/slow/v1`,
    faultUrl: (fault) => `${origin}/fault/${fault}/v1`,
    control: (change) => requestJson(`${origin}/__control`, JSON.stringify(change)),
    log: () => requestJson(`${origin}/__log`),
    arrived: async (count) => {
      while ((await requestJson<readonly Served[]>(`${origin}/__log`)).length < count) {
        await sleep(10)
      }
    },
    async stop() {
      child.kill()
      await exited
    },
  }
}

async function requestJson<T>(url: string, body?: string): Promise<T> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body })
  const value = await response.json()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${JSON.stringify(value)}`)
  return value as T
}
