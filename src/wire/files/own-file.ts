// Reading of our own files, whoever has them sent: bounded in size, of our format and of a version that
// this program reads, and then as the published schema says, by the code that Ajv compiled from it. Two
// things are taken out of what was read: members that the schema does not know, which a newer version may
// have written, and members that are null, which count as absent.

import { shown } from '../../model/shown.ts'
import {
  asCount,
  ForeignData,
  isObject,
  type JsonObject,
  parseJson,
  shownJson,
} from '../json/json.ts'
import { LEGAL } from './schema-validators.ts'
import { type FileViolation, violationText } from './violation.ts'

export type OwnFormat<T> = {
  readonly format: string
  readonly newestVersion: number
  /** Longer texts are not even parsed. */
  readonly largest: number
  /** Whether it is as the schema says; takes out what the schema does not know. */
  readonly isOne: (file: unknown) => file is T
  readonly violations: () => readonly FileViolation[]
  /** Takes out what the schema would refuse though it may be of a newer version. */
  readonly takeOutNewer?: (file: JsonObject) => void
}

export type ReadOwnFile<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string }

/** `read` may throw `ForeignData`, and nothing else; the path is for our own bugs alone. */
export function attempt<T>(path: string, read: () => T): ReadOwnFile<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (error instanceof ForeignData) return { ok: false, problem: error.message }
    throw new Error(`reading ${path} failed`, { cause: error })
  }
}

/** Throws `ForeignData`. */
export function readOwnFile<T>(text: string, own: OwnFormat<T>): T {
  if (text.length > own.largest) throw new ForeignData(`is over ${own.largest} bytes`)
  if (text.trim() === '') throw new ForeignData('is empty')
  const file = parseJson(text)
  if (!isObject(file)) throw new ForeignData(`the file is ${shownJson(file)}, not an object`)
  checkKind(file, own)
  own.takeOutNewer?.(file)
  if (!own.isOne(file)) throw new ForeignData(violationText(own.violations(), file, LEGAL))
  takeOutNulls(file)
  return file
}

/** Whose file it is, and whether this version can read it. */
function checkKind(file: JsonObject, { format, newestVersion }: OwnFormat<unknown>): void {
  if (file.format !== format) {
    throw new ForeignData(`is not an ${format} file: its format is ${shownJson(file.format)}`)
  }
  const version = asCount(file.schemaVersion, 'schemaVersion')
  if (version > newestVersion) {
    throw new ForeignData(
      `has schema version ${version}, and this version of Inference Gate reads up to ${newestVersion}: update it`,
    )
  }
  if (version < 1) throw new ForeignData(`has schema version ${version}, which never existed`)
}

/** As deep as the schema is, so no document can make it too deep. A list is of objects or has none; what is
 * null in one that has none stands for itself. */
function takeOutNulls(value: unknown): void {
  if (Array.isArray(value) && isObject(value[0])) for (const each of value) takeOutNulls(each)
  if (!isObject(value)) return
  for (const [name, member] of Object.entries(value)) {
    if (member === null) Reflect.deleteProperty(value, name)
    else if (typeof member === 'object') takeOutNulls(member)
  }
}

/** `Date.parse` knows which days there are; a pattern does not. */
export function checkTime(iso: string, place: string): void {
  if (!Number.isNaN(Date.parse(iso))) return
  throw new ForeignData(`${place} is ${shown(iso)}; expected a time that exists`)
}
