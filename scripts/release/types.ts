// The declarations of the library: those that the entry's own lead to, as an importer of the package
// finds them.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { root } from './checkout.ts'

const ENTRY = 'api.d.ts'
const IMPORTED = /(?<=\bfrom |\bimport\()(['"])(\.\.?\/[\w./-]+)\.ts\1/g

/** Path below the folder of types to text. */
export function declarations(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'types-'))
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const project = ['-p', join(root, 'scripts/release/tsconfig.types.json'), '--outDir', folder]
    execFileSync(process.execPath, [compiler, ...project], { stdio: 'inherit' })
    return reachable((path) => readFileSync(join(folder, 'src', path), 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function reachable(read: (path: string) => string): ReadonlyMap<string, string> {
  const found = new Set([ENTRY])
  const texts = new Map<string, string>()
  for (const path of found) {
    const text = read(path)
    for (const [, , to = ''] of text.matchAll(IMPORTED)) {
      found.add(`${posix.join(posix.dirname(path), to)}.d.ts`)
    }
    // Sources import each other as .ts; whoever has the package has .js and .d.ts.
    texts.set(path, text.replace(IMPORTED, '$1$2.js$1'))
  }
  return texts
}
