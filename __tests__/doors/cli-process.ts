// Runs the built command line as a person does: a process of its own in a folder of its own.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './runner.ts'

export type CliResult = { readonly code: number; readonly out: string; readonly err: string }

export type CliOptions = {
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
}

export function runBuiltCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const env = { PATH: process.env.PATH ?? '', HOME: options.folder, ...options.env }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'dist/cli.js'), ...args],
      { cwd: options.folder, env, maxBuffer: 16 * 1024 * 1024 },
      (error, out, err) => {
        const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : -1
        resolve({ code, out, err })
      },
    )
  })
}
