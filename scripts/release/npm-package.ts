// What the npm package is made of: a manifest that promises only what is in it, and the files that
// its entries reach. Pure: the door copies.

import { posix } from 'node:path'
import type { Manifest } from './checkout.ts'

/** Files of dist that people start or import. */
export const ENTRIES = ['dist/cli.js'] as const

/** Copied as they are. */
export const PLAIN_FILES = ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/licenses.txt'] as const

/** No dependencies and no scripts: the bundle has everything, and installing runs nothing. */
export function packageManifest({
  name,
  version,
  description,
  license,
  repository,
  engines,
}: Manifest): object {
  return {
    name,
    version,
    description,
    keywords: ['llm', 'inference', 'latency', 'ttft', 'benchmark', 'regression', 'ci'],
    license,
    repository,
    type: 'module',
    bin: { 'inference-gate': 'dist/cli.js' },
    exports: { './schema/*': './schema/*', './package.json': './package.json' },
    engines,
  }
}

/** An import of a file beside it, in the one form that the bundler writes. */
const IMPORTED = /\b(?:from |import |import\()"(\.\/[\w./-]+\.js)"/g

/** The entries and every file that they import, directly or not. */
export function reachable(textOf: (path: string) => string): readonly string[] {
  const found = new Set<string>(ENTRIES)
  for (const path of found) {
    for (const [, to = ''] of textOf(path).matchAll(IMPORTED)) {
      found.add(posix.join(posix.dirname(path), to))
    }
  }
  return [...found].sort()
}
