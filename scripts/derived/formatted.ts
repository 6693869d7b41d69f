// JSON as the formatter of the repository leaves it, so that it and what is derived agree.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export function formatted(schema: unknown): string {
  const biome = join('node_modules', '.bin', 'biome')
  const { status, stdout, stderr } = spawnSync(
    biome,
    ['format', '--stdin-file-path=schema/x.json'],
    { input: JSON.stringify(schema), encoding: 'utf8', shell: process.platform === 'win32' },
  )
  if (status !== 0) throw new Error(`formatting a schema failed: ${stderr}`)
  return stdout
}
