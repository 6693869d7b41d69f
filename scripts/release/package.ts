// usage: node scripts/release/package.ts [FOLDER]
// Lays out the npm package in a folder (package/ unless one is named), from a freshly built dist.

import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { manifest, read, root, run } from './checkout.ts'
import { PLAIN_FILES, packageManifest, reachable } from './npm-package.ts'

const folder = resolve(process.argv[2] ?? join(root, 'package'))

function copy(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  cpSync(join(root, path), join(folder, path), { recursive: true })
}

run('scripts/build.ts')
rmSync(folder, { recursive: true, force: true })
for (const path of [...reachable(read), ...PLAIN_FILES, 'schema']) copy(path)
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify(packageManifest(manifest()), null, 2)}\n`,
)
console.log(folder)
