// The disk: reading what a person wrote, finding saved runs, writing the report folder. Only plain files
// are read, and their bytes are counted meanwhile; nothing is written through a link; every failure
// names the path.

import { randomBytes } from 'node:crypto'
import fs, { constants } from 'node:fs'
import {
  access,
  lstat,
  mkdir,
  mkdtemp,
  open,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path'
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

/** Does not wait for a pipe's other end, and asks what it is before a byte is read. */
async function readBounded(path: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  await readPieces(path, (chunk) => {
    size += chunk.length
    if (size > MAX_BYTES) throw tooLarge(path)
    chunks.push(chunk)
  })
  return Buffer.concat(chunks).toString('utf8')
}

async function readPieces(path: string, take: (bytes: Uint8Array) => void): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await handle.stat()).isFile()) {
      throw new GateError('file', `${path} is no regular file`, 'Give the path of a plain file.')
    }
    for await (const chunk of handle.createReadStream({ autoClose: false })) take(chunk)
  } finally {
    await handle.close()
  }
}

/** Whether a file is too large for `readText`. One that is not there is not. */
export async function isLarge(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && found.size > MAX_BYTES
}

/** A file of any size, in pieces that the caller may not keep. Throws as `readText`, and what `take` throws. */
export async function readInPieces(path: string, take: (bytes: Uint8Array) => void): Promise<void> {
  try {
    await readPieces(path, take)
  } catch (error) {
    throw codeOf(error) === undefined ? error : unreadable(path, error)
  }
}

function tooLarge(path: string): GateError {
  return new GateError(
    'file',
    `${path} is too large; at most ${MAX_BYTES} bytes are read`,
    'Check that this is the file you meant.',
  )
}

/**
 * The text of a file below a folder, by its path from there. A path that stays inside as it is written
 * has to stay inside where it really leads: a link in a checkout is its writer's.
 */
export async function readTextBelow(folder: string, path: string): Promise<string | undefined> {
  const text = await readTextIfThere(join(folder, path))
  if (text === undefined || leadsOut(normalize(path))) return text
  const [root, real] = await Promise.all([realpath(folder), realpath(join(folder, path))])
  if (!leadsOut(relative(root, real))) return text
  throw new GateError(
    'file',
    `${path} is a link that leads out of ${folder}`,
    'Put the file itself there.',
  )
}

function leadsOut(path: string): boolean {
  return isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)
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
export async function writeText(
  path: string,
  text: string,
  /** From here on no folder may be a link. Absent: only below the folder that we run in. */
  root?: string,
): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.unfinished`
  try {
    await mkdir(dirname(path), { recursive: true })
    await refuseLinks(dirname(path), root)
    // A name that nobody can have made before; a link at the path itself is replaced, not followed.
    await writeFile(unfinished, withoutSecrets(path, text), { flag: 'wx' })
    await rename(unfinished, path)
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined)
    if (cause instanceof GateError) throw cause
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

/** Of the folders from `root` on, and of those below the folder that we run in. */
async function refuseLinks(folder: string, root: string | undefined): Promise<void> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const isOurs = root !== undefined && !leadsOut(relative(resolve(root), at))
    const isBelow = !leadsOut(relative(process.cwd(), at)) && at !== process.cwd()
    if (!isOurs && !isBelow) return
    if ((await lstat(at)).isSymbolicLink()) {
      throw new GateError(
        'file',
        `${at} is a link, and nothing is written through one`,
        'Remove it, or name another folder.',
      )
    }
    if (dirname(at) === at) return
  }
}

/** A disk without room says so only when something is written. */
const PROBE = '\n'.repeat(1024)

/** Makes sure that files can be written there, before anything is spent. Throws GateError('file'). */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await refuseLinks(folder, folder)
    await access(folder, constants.W_OK)
    const probe = join(folder, `.${randomBytes(6).toString('hex')}.unfinished`)
    try {
      await writeFile(probe, PROBE, { flag: 'wx' })
    } finally {
      await rm(probe, { force: true })
    }
  } catch (cause) {
    if (cause instanceof GateError) throw cause
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
  for (const [name, text] of Object.entries(files))
    await writeText(join(folder, name), text, folder)
}

/** Of a disk rather than of a path: the same files may be written elsewhere. */
const DISK_TROUBLE = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EFBIG'])

/**
 * Like `writeFolder`, but what was measured is not lost for want of room: then everything goes to a new
 * folder below `elsewhere`. Answers with the folder that has it, and with the trouble of the other.
 */
export async function writeFolderOr(
  elsewhere: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly folder: string; readonly trouble?: string }> {
  try {
    await writeFolder(folder, files)
    return { folder }
  } catch (error) {
    const cause = error instanceof GateError ? codeOf(error.cause) : undefined
    if (cause === undefined || !DISK_TROUBLE.has(cause)) throw error
    const other = await mkdtemp(join(elsewhere, 'inference-gate-report-'))
    await writeFolder(other, files)
    return { folder: other, trouble: cause }
  }
}
