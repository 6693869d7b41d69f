// Takes the white space out of what nobody reads here. Our own code is read and compared as it is built;
// that of packages is read where it comes from, at the version of the lock file, and what is compiled of
// schemas in the schemas: here their bytes count. Lines stay short, so that an update is seen as one.

import { type Metafile, transform } from 'esbuild'
import { REQUIRED } from './required-modules.ts'

/** Not of the few lines that the bundler itself puts into a chunk. */
export function isOfPackages({ inputs }: Metafile['outputs'][string]): boolean {
  const paths = Object.keys(inputs).filter((path) => !path.startsWith(`${REQUIRED}:`))
  return paths.length > 0 && paths.every((path) => path.includes('node_modules/'))
}

/** What a chunk has of a module whose name says that it is compiled of schemas. */
const OF_SCHEMAS = /(?<=^\/\/ \S*\/schema-validators\.ts\n)[\s\S]*?(?=^\/\/ \S+\.\w+$|^export \{)/gm

export async function compactSchemas(text: string): Promise<string> {
  const modules = text.match(OF_SCHEMAS) ?? []
  const short = await Promise.all(modules.map(compact))
  return text.replace(OF_SCHEMAS, () => short.shift() ?? '')
}

export async function compact(text: string): Promise<string> {
  const { code } = await transform(text, {
    minifyWhitespace: true,
    lineLimit: 120,
    format: 'esm',
    target: 'node22',
    charset: 'utf8',
    legalComments: 'none',
  })
  return code
}
