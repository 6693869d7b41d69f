// What the npm package promises: a manifest that names what is in it and nothing else.

import type { Manifest } from './checkout.ts'

/** What is started or imported, and the sources it starts from. */
export const ENTRIES = { cli: 'src/cli.ts', api: 'src/api.ts' } as const

/** Copied as they are. */
export const PLAIN_FILES = ['README.md', 'LICENSE', 'CHANGELOG.md', 'schema'] as const

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
    exports: {
      '.': { types: './types/api.d.ts', default: './dist/api.js' },
      './schema/*': './schema/*',
      './package.json': './package.json',
    },
    engines,
  }
}
