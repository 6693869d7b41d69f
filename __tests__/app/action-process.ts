// Runs the built action as the runner does: a process of its own, an environment made from nothing,
// inputs with the defaults of action.yml filled in, and the files it writes its results to.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type ActionJob, type ActionResult, ROOT, startRunner } from './runner.ts'

export type RunningAction = {
  readonly result: Promise<ActionResult>
  /** Everything it has written so far. */
  readonly log: () => string
  readonly kill: (signal: NodeJS.Signals) => void
}

export async function runAction(job: ActionJob): Promise<ActionResult> {
  return await startAction(job).result
}

export function startAction(job: ActionJob): RunningAction {
  const runner = startRunner(job)
  const child = spawn(process.execPath, [join(ROOT, 'dist/action.js')], {
    env: runner.env,
    cwd: job.workspace,
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  const result = new Promise<ActionResult>((resolve) => {
    child.on('close', (code) => resolve(runner.finish(code ?? -1, log)))
  })
  return { result, log: () => log, kill: (signal) => void child.kill(signal) }
}
