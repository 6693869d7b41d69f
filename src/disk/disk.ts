// The disk: reading what a person wrote, finding saved runs, writing the report folder. Every read is
// bounded and every failure names the path.

import fs, { constants } from 'node:fs'
import { access, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GateError } from '../model/errors.ts'
import { leaving } from '../redact/redact.ts'

/** No file we read is anywhere near this large; one that is, is not what it claims to be. */
const MAX_BYTES = 64 * 1024 * 1024

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code

/** The text of a file, or undefined where there is none. Throws GateError('file') otherwise. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readBounded(path)
  } catch (error) {
    if (error instanceof GateError) throw error
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw unreadable(path, error)
  }
}

/** The text of a file. Throws GateError('file') when it is missing or cannot be read. */
export async function readText(path: string): Promise<string> {
  const text = await readTextIfThere(path)
  if (text !== undefined) return text
  throw new GateError('file', `there is no file ${path}`, 'Check the path.')
}

async function readBounded(path: string): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    if (size > MAX_BYTES) {
      throw new GateError(
        'file',
        `${path} has ${size} bytes; at most ${MAX_BYTES} are read`,
        'Check that this is the file you meant.',
      )
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function unreadable(path: string, cause: unknown): GateError {
  const code = codeOf(cause) ?? String(cause)
  return new GateError(
    'file',
    `${path} cannot be read: ${code}`,
    'Check the path and its permissions.',
    {
      cause,
    },
  )
}

/** Paths that match a glob, relative to `folder`, in a stable order. */
export function findFiles(pattern: string, folder: string): readonly string[] {
  // Not a named import: a Node without it would end before it could say that it is too old.
  return fs.globSync(pattern, { cwd: folder }).sort()
}

/** Whatever a file is for: nothing leaves with a secret in it. */
function withoutSecrets(path: string, text: string): string {
  return path.endsWith('.json') ? leaving.json(text) : leaving.text(text)
}

/**
 * Writes a file whole or not at all, with its folders: a reader never sees half a report.
 * Throws GateError('file').
 */
export async function writeText(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, withoutSecrets(path, text))
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    const code = codeOf(cause) ?? String(cause)
    throw new GateError(
      'file',
      `${path} cannot be written: ${code}`,
      'Check the folder and its permissions.',
      {
        cause,
      },
    )
  }
}

/** Makes sure that files can be written there, before anything is spent. Throws GateError('file'). */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    const code = codeOf(cause) ?? String(cause)
    throw new GateError(
      'file',
      `the folder ${folder} cannot be written to: ${code}`,
      'Check its path and permissions, or name another folder.',
      { cause },
    )
  }
}

/** Writes several files below one folder; the keys are paths relative to it. */
export async function writeFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeText(join(folder, name), text)
}
