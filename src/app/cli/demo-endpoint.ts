// The demonstration's endpoint: the simulator in a process of its own, started from the same script.
// It ends with `stop`, and in any case with this process, whose pipe is its standard input.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { GateError } from '../../model/errors.ts'

export type DemoEndpoint = {
  /** `/v1`: as it is now. */
  readonly url: string
  /** `/slow/v1`: what a bad change makes of it. */
  readonly slowUrl: string
  /** Draws a new run effect, as another hour of a real endpoint would have. */
  readonly nextRun: (run: number) => Promise<void>
  /** Resolves when its process is gone. */
  readonly stop: () => Promise<void>
}

/** It closes its connections when asked; one that does not within this time is not asked again. */
const PATIENCE_MS = 3000

export async function startDemoEndpoint(script: string, seed: number): Promise<DemoEndpoint> {
  const options = ['--port', '0', '--seed', String(seed), '--json', '--until-input-ends']
  const child = spawn(process.execPath, [script, 'simulate', ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // A process that could not be started ends the lines as well.
  child.on('error', () => child.stdout.destroy())
  // Its end is told by its output, not by writing to it.
  child.stdin.on('error', () => undefined)
  const [line] = await firstLines(child)
  if (line === undefined) {
    await ended(child)
    throw new GateError(
      'measurement',
      'the simulator did not start',
      'Try inference-gate simulate by itself to see why.',
    )
  }
  const { url } = JSON.parse(line) as { url: string }
  const root = url.replace(/\/v1$/, '')
  return {
    url,
    slowUrl: `${root}/slow/v1`,
    nextRun: async (run) => {
      for (const version of ['main', 'slow']) await control(root, { version, run })
    },
    stop: () => ended(child),
  }
}

async function firstLines(
  child: ChildProcess & { stdout: NodeJS.ReadableStream },
): Promise<readonly string[]> {
  for await (const line of createInterface({ input: child.stdout })) return [line]
  return []
}

async function ended(child: ChildProcess): Promise<void> {
  const isOver = child.exitCode !== null || child.signalCode !== null || child.pid === undefined
  if (!isOver) {
    const exit = once(child, 'exit')
    const impatient = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    child.kill()
    await exit
    clearTimeout(impatient)
  }
  child.stdin?.destroy()
  child.stdout?.destroy()
}

async function control(root: string, change: object): Promise<void> {
  const response = await fetch(`${root}/__control`, {
    method: 'POST',
    body: JSON.stringify(change),
  })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`the simulator refused ${JSON.stringify(change)}`)
}
