// usage: node scripts/release/package.ts [FOLDER]
// Lays out the npm package in a folder (package/ unless one is named), built from the sources: command
// line and library share their code, and the library brings its types.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { bundle } from '../bundle/bundle.ts'
import { manifest, root } from './checkout.ts'
import { ENTRIES, PLAIN_FILES, packageManifest } from './npm-package.ts'
import { declarations } from './types.ts'

const folder = resolve(process.argv[2] ?? join(root, 'package'))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

rmSync(folder, { recursive: true, force: true })
await bundle({ root, entries: ENTRIES, folder: join(folder, 'dist') })
for (const [path, text] of declarations()) write(`types/${path}`, text)
for (const path of PLAIN_FILES) cpSync(join(root, path), join(folder, path), { recursive: true })
write('package.json', `${JSON.stringify(packageManifest(manifest()), null, 2)}\n`)
