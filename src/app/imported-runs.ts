// Files of other load engines as runs of ours: read, recognised by their content, priced and named. The id
// of a run comes from its file, so importing a file twice makes the same run, which a store keeps once.

import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isLarge, readInPieces, readText, readTextIfThere } from '../disk/disk.ts'
import { assembleImported } from '../measure/measure.ts'
import type { Prices } from '../model/config.ts'
import { GateError } from '../model/errors.ts'
import type { Provenance, Run } from '../model/run.ts'
import type { ImportFormat } from '../wire/imports/imports.ts'
import { type Detected, detectImport, largeFile, readImport } from '../wire/imports/imports.ts'

export type ImportRequest = {
  /** Relative paths are below it. */
  readonly folder: string
  readonly gate: string
  readonly prices: Prices
  readonly provenance: Provenance
  readonly format?: ImportFormat
  readonly ttftMetric?: string
}

export type ImportedFile = {
  readonly path: string
  readonly format: ImportFormat
  readonly runs: readonly Run[]
}

/**
 * Runs of every file, in order. A file that only says more of another one named is taken with it.
 * Throws GateError('file') naming the file, and the place where one is wrong.
 */
export async function importFiles(
  paths: readonly string[],
  request: ImportRequest,
): Promise<readonly ImportedFile[]> {
  const files = await Promise.all(paths.map((path) => detected(path, request)))
  const imported: ImportedFile[] = []
  for (const { path, content, found } of files) {
    if (found.kind === 'requests') {
      imported.push({
        path,
        format: found.format,
        runs: await runsOf({ path, content, found }, request),
      })
    } else if (!files.some((other) => isBeside(path, other))) {
      throw withoutRequests(path, found.format)
    }
  }
  return imported
}

type Source = {
  readonly path: string
  /** What the ids of its runs come from. */
  readonly content: string
  readonly found: Exclude<Detected, { kind: 'problem' }>
}

async function detected(path: string, request: ImportRequest): Promise<Source> {
  const { text, content } = await read(path, request)
  const found = detectImport(text, request.format)
  if (found.kind !== 'problem') return { path, content, found }
  throw new GateError(
    'file',
    `${path} ${found.problem}`,
    'Give a result file of one of these engines, or name its format with --format.',
  )
}

/** One that is too large to be read at once is condensed as it comes, and known by its digest. */
async function read(
  path: string,
  { folder, ttftMetric }: ImportRequest,
): Promise<{ readonly text: string; readonly content: string }> {
  const absolute = resolve(folder, path)
  if (!(await isLarge(absolute))) {
    const text = await readText(absolute)
    return { text, content: text }
  }
  const file = largeFile(ttftMetric)
  const hash = createHash('sha256')
  try {
    await readInPieces(absolute, (bytes) => {
      hash.update(bytes)
      file.push(bytes)
    })
    return { text: file.end(), content: hash.digest('hex') }
  } catch (error) {
    if (error instanceof GateError || !(error instanceof Error)) throw error
    throw new GateError('file', `${path} ${error.message}`, 'Split the measurement.', {
      cause: error,
    })
  }
}

function isBeside(path: string, { path: other, found }: Source): boolean {
  if (found.kind !== 'requests' || dirname(path) !== dirname(other)) return false
  return found.format.besides(basename(other)).includes(basename(path))
}

function withoutRequests(path: string, { title, perRequest }: ImportFormat): GateError {
  return new GateError(
    'file',
    `${path} holds aggregates of ${title} and no requests, so there is nothing in it to judge`,
    perRequest,
  )
}

type RequestsSource = Source & { readonly found: Extract<Detected, { kind: 'requests' }> }

async function runsOf(source: RequestsSource, request: ImportRequest): Promise<readonly Run[]> {
  const { path, content, found } = source
  const absolute = resolve(request.folder, path)
  const { ttftMetric } = request
  const read = readImport(found, {
    besides: await textsBeside(absolute, found.format),
    ttftMetric,
  })
  if (!read.ok) {
    throw new GateError(
      'file',
      `${path}, read as ${found.format.name}: ${read.problem}`,
      `Check the file. ${found.format.perRequest}`,
    )
  }
  const writtenAt = (await stat(absolute)).mtime.toISOString()
  return read.runs.map((run, number) => {
    const digest = createHash('sha256').update(`${number}\n`).update(content).digest('hex')
    return assembleImported(run, { ...request, digest, writtenAt })
  })
}

async function textsBeside(
  path: string,
  format: ImportFormat,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  for (const name of format.besides(basename(path))) {
    const text = await readTextIfThere(join(dirname(path), name))
    if (text !== undefined) texts.set(name, text)
  }
  return texts
}
