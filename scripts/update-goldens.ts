// Writes every golden report again: `node scripts/update-goldens.ts`, then read the difference as a
// reader of the product would.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { goldens } from '../__tests__/report/goldens.ts'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), '__tests__/golden')
mkdirSync(folder, { recursive: true })
const files = goldens()
for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name))
for (const [name, text] of files) writeFileSync(join(folder, name), text)
console.log(`${folder}: ${files.size} files`)
