// Baselines in a folder, for the command line and for any cache or bucket step. No lock: one file
// per run, written beside its name and renamed, so a reader or a killed writer never sees half a
// file. Writers at once never touch the same file.

import { randomBytes } from 'node:crypto'
import { lstat, mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GateError } from '../../model/errors.ts'
import type { Addition, AppendResult, AppendSettings, BaselineStore } from '../../model/store.ts'
import { leaving } from '../../redact/redact.ts'
import { HOUR_MS } from '../../stats/moment.ts'
import {
  changeOf,
  contentsOf,
  decodeEpoch,
  entryOf,
  gateFolder,
  LARGEST_RUN_FILE,
  prepare,
  type StoreFile,
} from '../../wire/files/files.ts'

const MOST_FILES = 20_000
const UNFINISHED = '.unfinished-'

export function folderStore(directory: string, reportDir = 'inference-gate-report'): BaselineStore {
  const place = `folder ${directory}`
  return {
    place,
    read: async (gate) => {
      const paths = await listFiles(directory, gateFolder(gate))
      return contentsOf(gate, await readFiles(directory, paths), place)
    },
    append: async (additions, settings) => {
      try {
        for (const addition of additions) await appendToGate(directory, addition, settings)
        return { stored: true, attempts: 1 }
      } catch (error) {
        return notStored({ directory, reportDir }, error)
      }
    },
  }
}

async function appendToGate(
  directory: string,
  addition: Addition,
  settings: AppendSettings,
): Promise<void> {
  const folder = gateFolder(addition.gate)
  const paths = await listFiles(directory, folder)
  const before = { paths, epochs: await readEpochs(directory, paths) }
  const change = changeOf(prepare(addition), before, settings)
  for (const [path, text] of change.puts) await writeWhole(join(directory, path), text)
  for (const path of change.deletes) await removeIfThere(join(directory, path))
  await removeUnfinished(join(directory, folder), Date.parse(settings.nowIso))
}

async function readEpochs(directory: string, paths: readonly string[]) {
  const files = await readFiles(
    directory,
    paths.filter((path) => entryOf(path)?.kind === 'epoch'),
  )
  return files.flatMap((file) => {
    const decoded = 'text' in file ? decodeEpoch(file.text, file.path) : undefined
    return decoded?.ok === true ? [decoded.epoch] : []
  })
}

/** Paths below the store's folder with `/`, sorted; a folder that is not there has none. */
async function listFiles(directory: string, folder: string): Promise<readonly string[]> {
  const found: string[] = []
  const pending = [folder]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of await entriesOf(directory, next)) {
      const path = `${next}/${entry.name}`
      if (entry.isDirectory()) pending.push(path)
      else if (!entry.name.startsWith(UNFINISHED)) found.push(path)
      if (found.length + pending.length > MOST_FILES) throw tooMany(directory, folder)
    }
  }
  return found.sort()
}

async function entriesOf(directory: string, folder: string) {
  try {
    return await readdir(join(directory, folder), { withFileTypes: true })
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw new GateError(
      'baseline',
      `cannot list the baseline folder ${join(directory, folder)}: ${reasonOf(error)}`,
      'Give a folder that this user can read, or a new one.',
      { cause: error },
    )
  }
}

async function readFiles(
  directory: string,
  paths: readonly string[],
): Promise<readonly StoreFile[]> {
  const files: StoreFile[] = []
  for (const path of paths) {
    const file = await readBounded(directory, path)
    if (file !== undefined) files.push(file)
  }
  return files
}

/** Undefined when another writer has pruned it in the meantime. */
async function readBounded(directory: string, path: string): Promise<StoreFile | undefined> {
  try {
    if (!(await lstat(join(directory, path))).isFile()) return { path, problem: 'is no plain file' }
    const handle = await open(join(directory, path), 'r')
    try {
      const { size } = await handle.stat()
      if (size > LARGEST_RUN_FILE) return { path, problem: `is over ${LARGEST_RUN_FILE} bytes` }
      return { path, text: await handle.readFile('utf8') }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    return { path, problem: `cannot be read: ${reasonOf(error)}` }
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const unfinished = join(folder, `${UNFINISHED}${randomBytes(8).toString('hex')}`)
  try {
    const handle = await open(unfinished, 'wx')
    try {
      await handle.writeFile(leaving.json(text))
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/** What killed writers left, once it is too old to be in use. */
async function removeUnfinished(folder: string, nowMs: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  for (const entry of entries.filter((one) => one.name.startsWith(UNFINISHED))) {
    const path = join(entry.parentPath, entry.name)
    const handle = await open(path, 'r').catch(() => undefined)
    const age = handle === undefined ? 0 : nowMs - (await handle.stat()).mtimeMs
    await handle?.close()
    if (age > HOUR_MS) await rm(path, { force: true })
  }
}

type ReportPlace = { readonly directory: string; readonly reportDir: string }

function notStored(place: ReportPlace, error: unknown): AppendResult {
  if (!isSystemError(error) && !(error instanceof GateError)) throw error
  return {
    stored: false,
    problem: `cannot write the baseline folder ${place.directory}: ${reasonOf(error)}`,
    command: storeLater(place),
  }
}

function storeLater({ directory, reportDir }: ReportPlace): string {
  const results = quoted(`${reportDir}/runs/*.json`)
  return `inference-gate record --results ${results} --baseline ${quoted(directory)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

function tooMany(directory: string, folder: string): GateError {
  return new GateError(
    'baseline',
    `the baseline folder ${join(directory, folder)} holds more than ${MOST_FILES} files`,
    'Move what does not belong there away.',
  )
}

type SystemError = { readonly code: string; readonly syscall: string }

/** By its members: an error of the runtime is not always an instance of this realm's Error. */
function isSystemError(error: unknown): error is SystemError {
  if (typeof error !== 'object' || error === null) return false
  return 'code' in error && typeof error.code === 'string' && 'syscall' in error
}

function isCode(error: unknown, code: string): boolean {
  return isSystemError(error) && error.code === code
}

function reasonOf(error: unknown): string {
  if (isSystemError(error)) return error.code
  return error instanceof Error ? error.message : String(error)
}
