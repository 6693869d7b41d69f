// Bundles the two entrypoints into dist/, which is committed: the runner runs it from the tree. What they share
// is there once.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle/bundle.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
await bundle({
  root,
  entries: { action: 'src/action.ts', cli: 'src/cli.ts' },
  folder: join(root, 'dist'),
})
