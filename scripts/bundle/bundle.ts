// Bundles entries into a folder, with the licences of what went in. The bytes depend on the sources and
// the lock file alone, so that they can be built again and compared; nothing else is left there.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { type BuildResult, build } from 'esbuild'
import { chunkNames } from './chunk-names.ts'
import { compact, compactSchemas, isOfPackages } from './compact.ts'
import { licences } from './licences.ts'
import { requiredModules } from './required-modules.ts'

export type Bundling = {
  readonly root: string
  /** Name of the file to the source it starts from. */
  readonly entries: Readonly<Record<string, string>>
  /** Gets the entries, and in `chunks` what they share or load in the course of running. */
  readonly folder: string
}

// A chunk runs before what imports it, so each may be the first of which a Node too old for the bundle
// reads more than the imports: every file says so before anything else can crash.
const BANNER = `import { createRequire as createRequireOfBundle } from 'node:module';
{ const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    console.error('inference-gate needs Node.js 24 (22.19 at least), this is ' + process.version + '. Install it, or run through npm in a clone, which brings it along.');
    process.exit(2); } }
const require = createRequireOfBundle(import.meta.url);`

export async function bundle(bundling: Bundling): Promise<void> {
  const { root, folder } = bundling
  const result = await built(bundling)
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of await files(result, bundling)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 })
    const shown = relative(root, join(folder, path)).replaceAll('\\', '/')
    console.log(`${shown}  ${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB`)
  }
  writeFileSync(join(folder, 'licenses.txt'), licences(root, result.metafile))
}

type Built = BuildResult<{ metafile: true; write: false }>

async function built({ root, entries, folder }: Bundling): Promise<Built> {
  return await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    charset: 'utf8',
    loader: { '.json': 'json' },
    legalComments: 'none',
    metafile: true,
    plugins: [requiredModules],
    banner: { js: BANNER },
    logLevel: 'warning',
  })
}

/** Path in the folder to text, chunks under their lasting names. */
async function files(
  { outputFiles, metafile: { outputs } }: Built,
  { root, folder }: Bundling,
): Promise<ReadonlyMap<string, string>> {
  const names = chunkNames(outputs)
  const renamed = (text: string): string =>
    [...names].reduce((all, [from, to]) => all.replaceAll(from, to), text)
  const written = outputFiles.map(async ({ path, text }) => {
    const output = outputs[relative(root, path).replaceAll('\\', '/')]
    const name = names.get(basename(path)) ?? basename(path)
    const isCompact = output !== undefined && isOfPackages(output)
    return [
      relative(folder, join(dirname(path), name)),
      await (isCompact ? compact : compactSchemas)(renamed(text)),
    ] as const
  })
  return new Map(await Promise.all(written))
}
