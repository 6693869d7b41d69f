// The two entrypoints as functions, driven inside the test's own process: the same code as the bundle's, the
// same servers around it, and lines that count for coverage.

import { join } from 'node:path'
import { runAction } from '../../src/app/action/action.ts'
import { runCli } from '../../src/app/cli/cli.ts'
import type { Invocation } from '../../src/app/cli/command.ts'
import type { CliOptions, CliResult } from './cli-process.ts'
import { type ActionJob, type ActionResult, ROOT, startRunner } from './runner.ts'

export type Here = CliOptions & {
  readonly signal?: AbortSignal
  readonly terminal?: boolean
  /** What is started as another process of the same program. Default: the source. */
  readonly script?: string
  /** Is told all of standard output each time it grows. */
  readonly said?: (out: string) => void
  /** A world that cannot write, as no caller would make it. */
  readonly broken?: true
}

export async function runCliHere(argv: readonly string[], here: Here): Promise<CliResult> {
  let [out, err] = ['', '']
  const world: Invocation = {
    env: { PATH: process.env.PATH ?? '', HOME: here.folder, ...here.env },
    folder: here.folder,
    script: here.script ?? join(ROOT, 'src/cli.ts'),
    out: (text) => {
      if (here.broken === true) throw new TypeError('cannot write')
      out += text
      here.said?.(out)
    },
    err: (text) => {
      err += text
    },
    terminal: here.terminal ?? false,
    width: 100,
    signal: here.signal ?? new AbortController().signal,
  }
  const code = await runCli(argv, world)
  return { code, out, err }
}

/** No other job writes the comment of a test in the meantime: that is tested with the client itself. */
const SETTLE_MS = 20

/** The toolkit writes to the files that the environment names, and to standard output. */
export async function runActionHere(
  job: ActionJob,
  signal = new AbortController().signal,
): Promise<ActionResult> {
  const runner = startRunner(job)
  const names = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE'] as const
  const before = names.map((name) => process.env[name])
  for (const name of names) process.env[name] = runner.env[name]
  const write = process.stdout.write
  let log = ''
  process.stdout.write = (text: string | Uint8Array) => {
    log += String(text)
    return true
  }
  try {
    const say = (text: string) => {
      log += text
    }
    const code = await runAction({ env: runner.env, write: say, signal, settleMs: SETTLE_MS })
    return runner.finish(code, log)
  } finally {
    process.stdout.write = write
    for (const [position, name] of names.entries()) {
      const value = before[position]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
