// The files of this checkout that a release is made from, and what git says of it.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly repository?: string
  readonly engines: Readonly<Record<string, string>>
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

export function manifest(): Manifest {
  return JSON.parse(read('package.json'))
}

export function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trimEnd()
}

/** Runs a script of this project with the Node that runs this one. */
export function run(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
