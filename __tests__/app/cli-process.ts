// Runs the built command line as a person does: a process of its own in a folder of its own.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { COMPILED } from '../compiled.ts'
import { ROOT } from './runner.ts'

export type CliResult = { readonly code: number; readonly out: string; readonly err: string }

export type CliOptions = {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

export type RunningCli = {
  readonly result: Promise<CliResult>
  readonly out: () => string
  /** Resolves once it has written this to either stream; rejects when it ends without. */
  readonly says: (text: string) => Promise<void>
  readonly kill: (signal: NodeJS.Signals) => void
  /** Closes the reading end of its standard output. */
  readonly hangUp: () => void
}

export function runBuiltCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return startBuiltCli(args, options).result
}

export function startBuiltCli(args: readonly string[], options: CliOptions): RunningCli {
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli.js'), ...args], {
    cwd: options.folder,
    env: { PATH: process.env.PATH ?? '', HOME: options.folder, ...COMPILED, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const result = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }))
  })
  return {
    result,
    out: () => out,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if ((out + err).includes(text)) resolve()
        }
        child.stdout.on('data', look)
        child.stderr.on('data', look)
        child.on('close', () => reject(new Error(`it ended without "${text}": ${out}${err}`)))
        look()
      }),
    kill: (signal) => void child.kill(signal),
    hangUp: () => void child.stdout.destroy(),
  }
}
