// Which config a stored run belongs to: the path of its file from the repository's root, the same
// however it is spelt, wherever the command was given and on whichever machine.

import { basename, isAbsolute, join, normalize, relative } from 'node:path'
import type { Owner } from '../baseline/baseline.ts'
import { subjectOf } from '../measure/measure.ts'
import type { Config } from '../model/config.ts'

/** `prefix`: where `folder` lies in the repository; empty at its root. */
export function configPath(
  file: string,
  { folder, prefix = '' }: { readonly folder: string; readonly prefix?: string },
): string {
  const below = isAbsolute(file) ? relative(folder, file) : file
  const path = normalize(join(prefix, below)).replaceAll('\\', '/')
  // Outside of the repository the way to it is this machine's alone.
  return path.startsWith('../') || isAbsolute(path) ? basename(path) : path
}

/** `config` absent: inputs stand for a file. */
export function ownerOf(
  config: string | undefined,
  ...read: readonly (Pick<Config, 'gates'> | undefined)[]
): Owner {
  const gates = read.flatMap((one) => one?.gates ?? [])
  const asks = gates.map(({ name, endpoint, prices }) => ({
    gate: name,
    subject: subjectOf(endpoint, prices),
  }))
  return { config, asks }
}
