// The demonstration's endpoint: the simulator in a process of its own, started from the same script.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { GateError } from '../model/errors.ts'

export type DemoEndpoint = {
  /** `/v1`: as it is now. */
  readonly url: string
  /** `/slow/v1`: what a bad change makes of it. */
  readonly slowUrl: string
  /** Draws a new run effect, as another hour of a real endpoint would have. */
  readonly nextRun: (run: number) => Promise<void>
  readonly stop: () => void
}

export async function startDemoEndpoint(script: string, seed: number): Promise<DemoEndpoint> {
  const options = ['--port', '0', '--seed', String(seed), '--json', '--until-input-ends']
  const child = spawn(process.execPath, [script, 'simulate', ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url: string }
    const root = url.replace(/\/v1$/, '')
    return {
      url,
      slowUrl: `${root}/slow/v1`,
      nextRun: async (run) => {
        for (const version of ['main', 'slow']) await control(root, { version, run })
      },
      stop: () => {
        child.kill()
        child.stdin.destroy()
        child.stdout.destroy()
      },
    }
  }
  throw new GateError(
    'measurement',
    'the simulator did not start',
    'Try inference-gate simulate by itself to see why.',
  )
}

async function control(root: string, change: object): Promise<void> {
  const response = await fetch(`${root}/__control`, {
    method: 'POST',
    body: JSON.stringify(change),
  })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`the simulator refused ${JSON.stringify(change)}`)
}
