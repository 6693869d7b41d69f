// Which commit and branch a folder is at, as git says it. Outside of a repository, and without git,
// nothing is known: a label is not worth an error.

import { spawnSync } from 'node:child_process'
import type { Environment } from '../../model/environment.ts'
import type { Provenance } from '../../model/run.ts'

const PATIENCE_MS = 5000

export function checkoutOf(folder: string, env: Environment): Provenance {
  const commit = said(['rev-parse', '--verify', 'HEAD'], { folder, env })
  const branch = said(['symbolic-ref', '--short', 'HEAD'], { folder, env })
  return {
    commit,
    branch,
  }
}

/** Where the folder lies in its repository, as `services/chat/`; empty at the root or outside of one. */
export function prefixOf(folder: string, env: Environment): string {
  return said(['rev-parse', '--show-prefix'], { folder, env }) ?? ''
}

function said(
  args: readonly string[],
  { folder, env }: { readonly folder: string; readonly env: Environment },
): string | undefined {
  const { status, stdout } = spawnSync('git', args, {
    cwd: folder,
    env: { PATH: env.PATH ?? '', HOME: env.HOME ?? '', LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: PATIENCE_MS,
  })
  const text = status === 0 ? stdout.trim() : ''
  return text === '' ? undefined : text
}
