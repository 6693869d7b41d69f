// Bundles the two doors into dist/ and lists the licences of what went in. The bytes depend on the
// sources and the lock file alone, so that CI can rebuild and compare; nothing else is left there.

import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'
import { licences } from './bundled-licences.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')

// The bundle is read by a Node that may be too old for it: say so before anything else can crash.
const banner = `import { createRequire as createRequireOfBundle } from 'node:module';
{ const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    console.error('inference-gate needs Node.js 24 (22.19 at least), this is ' + process.version + '. Install it, or run through npm in a clone, which brings it along.');
    process.exit(2); } }
const require = createRequireOfBundle(import.meta.url);`

async function bundle(): Promise<Metafile> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: { action: 'src/action.ts', cli: 'src/cli.ts' },
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    charset: 'utf8',
    loader: { '.json': 'json' },
    legalComments: 'none',
    metafile: true,
    banner: { js: banner },
    logLevel: 'warning',
  })
  return result.metafile
}

rmSync(dist, { recursive: true, force: true })
const metafile = await bundle()
writeFileSync(join(dist, 'licenses.txt'), licences(root, metafile))
for (const [path, output] of Object.entries(metafile.outputs)) {
  console.log(`${path}  ${(output.bytes / 1e6).toFixed(2)} MB`)
}
