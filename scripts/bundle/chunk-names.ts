// Names for the chunks that the entries share or load in the course of running: what a chunk starts
// from, or what most of it is. A bundler names chunks by a hash of their content, so that a changed line
// renames files and a reviewer sees no difference but "deleted" and "added".

import { parse } from 'node:path'
import type { Metafile } from 'esbuild'

type Output = Metafile['outputs'][string]

/** File name of each chunk to its lasting name. Entries keep theirs. */
export function chunkNames(outputs: Metafile['outputs']): ReadonlyMap<string, string> {
  const chunks = Object.entries(outputs).filter(([path]) => path.includes('/chunks/'))
  const names = new Map<string, string>()
  const taken = new Map<string, number>()
  for (const [path, output] of chunks.sort(byContent)) {
    const subject = subjectOf(output)
    const count = (taken.get(subject) ?? 0) + 1
    taken.set(subject, count)
    names.set(fileName(path), count === 1 ? `${subject}.js` : `${subject}-${count}.js`)
  }
  return names
}

/** Larger first, so that numbering does not depend on the hashes. */
function byContent([, a]: [string, Output], [, b]: [string, Output]): number {
  return (
    b.bytes - a.bytes || Object.keys(a.inputs).join().localeCompare(Object.keys(b.inputs).join())
  )
}

/** What is imported as this chunk; else the package, or `gate` for our own sources, with most bytes. */
function subjectOf(output: Output): string {
  if (output.entryPoint !== undefined) {
    return packageOf(output.entryPoint) ?? parse(output.entryPoint).name
  }
  const bytes = new Map<string, number>()
  for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
    const subject = packageOf(path) ?? 'gate'
    bytes.set(subject, (bytes.get(subject) ?? 0) + bytesInOutput)
  }
  const [largest] = [...bytes].sort(([, a], [, b]) => b - a)
  return largest?.[0] ?? 'shared'
}

function packageOf(path: string): string | undefined {
  return /node_modules\/(?:@[^/]+\/)?([^/]+)\//.exec(path)?.[1]
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
