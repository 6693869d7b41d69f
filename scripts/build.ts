// Bundles the two doors into dist/ and lists the licences of what went in. The bytes depend on the
// sources and the lock file alone, so that CI can rebuild and compare.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

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
    outdir: 'dist',
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

type PackageJson = { name: string; version: string; license?: string }

function packageFolders(metafile: Metafile): string[] {
  const folders = Object.keys(metafile.inputs).flatMap((path) => {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)
    return match?.[1] === undefined ? [] : [match[1]]
  })
  return [...new Set(folders)].sort()
}

function licenceText(folder: string): string {
  for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'LICENCE', 'license', 'license.md']) {
    try {
      return readFileSync(join(root, folder, name), 'utf8').trim()
    } catch {
      // The next spelling may be there.
    }
  }
  throw new Error(`${relative(root, folder)} is bundled but has no licence file`)
}

function licences(metafile: Metafile): string {
  const sections = packageFolders(metafile).map((folder) => {
    const manifest = join(root, folder, 'package.json')
    const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as PackageJson
    if (license === undefined) throw new Error(`${name} is bundled but states no licence`)
    return `${name} ${version} (${license})\n\n${licenceText(folder)}\n`
  })
  return sections.join(`\n${'-'.repeat(80)}\n\n`)
}

const metafile = await bundle()
writeFileSync(join(root, 'dist/licenses.txt'), licences(metafile))
for (const [path, output] of Object.entries(metafile.outputs)) {
  console.log(`${path}  ${(output.bytes / 1e6).toFixed(2)} MB`)
}
