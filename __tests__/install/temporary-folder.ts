// Folders that a test file fills and that are gone when it ends, and commands run in them.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll } from '@jest/globals'

export const ROOT = join(import.meta.dirname, '../..')

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'install-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export type Ended = { readonly code: number; readonly out: string; readonly err: string }

/** Runs a command with the Node of the tests first, and no settings of whoever runs them. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const path = [dirname(process.execPath), join(ROOT, 'node_modules/.bin'), process.env.PATH ?? '']
  const options = {
    cwd,
    maxBuffer: 1 << 26,
    env: {
      PATH: path.join(delimiter),
      HOME: dirname(cwd),
      NODE_NO_WARNINGS: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.com',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.com',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      ...env,
    },
  }
  return new Promise((resolve) => {
    execFile(command, args, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

/** The same, for a command that has to succeed. */
export async function ran(
  cwd: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, out, err } = await run(cwd, command, args, env)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${out}${err}`)
  return out.trimEnd()
}
