// Where a baseline store keeps what: one layout for every store, made of names that are safe in any
// file system. A path alone says the gate, the standing, the branch, the load shape and the time of
// a run, so a store can be pruned without reading it and no index can go stale.
//
//   v1/<gate>/runs/<branch>/<load shape>-<config>/<run id>.json      accepted
//   v1/<gate>/held/<branch>/<load shape>-<config>/<run id>.json      kept apart
//   v1/<gate>/epochs/<epoch id>.json
//
// A run that does not say of which config it is has the load shape alone.

import { sha256Hex } from '../../model/digest.ts'
import type { Epoch, StoredRun } from '../../model/history.ts'

export type StoreEntry =
  | {
      readonly kind: 'run'
      readonly path: string
      readonly standing: StoredRun['standing']
      readonly branchKey: string
      /** Of the load shape, and of the config where the run says it. */
      readonly shapeKey: string
      /** Absent for a run that does not say of which config it is. */
      readonly configKey?: string
      readonly id: string
      /** Start of the run to the second, from its id. */
      readonly startedMs: number
    }
  | { readonly kind: 'epoch'; readonly path: string; readonly id: string }

const SHAPE_DIGITS = 12

/** `yyyymmddThhmmssZ`, an optional hyphen, eight hex digits: sorts by time, safe as a name. */
const RUN_ID = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-?[0-9a-f]{8}$/

export function isRunId(id: string): boolean {
  return RUN_ID.test(id) && !Number.isNaN(timeOfId(id))
}

export function gateFolder(gate: string): string {
  return `v1/${safeName(gate)}`
}

export function runPath(stored: StoredRun): string {
  const { run, standing } = stored
  if (!isRunId(run.id)) throw new TypeError(`${JSON.stringify(run.id)} is not the id of a run`)
  const folder = standing === 'held' ? 'held' : 'runs'
  const { branch, config } = run.provenance
  const shape = sha256Hex(run.loadShapeHash).slice(0, SHAPE_DIGITS)
  const shapeKey = config === undefined ? shape : `${shape}-${configKeyOf(config)}`
  const parts = [gateFolder(run.gate), folder, branchKeyOf(branch), shapeKey]
  return `${parts.join('/')}/${run.id}.json`
}

export function epochPath(epoch: Epoch): string {
  if (!isRunId(epoch.id)) throw new TypeError(`${JSON.stringify(epoch.id)} is not an epoch's id`)
  return `${gateFolder(epoch.gate)}/epochs/${epoch.id}.json`
}

export function configKeyOf(config: string): string {
  return safeName(config)
}

/** Runs without a branch share one folder. */
export function branchKeyOf(branch: string | undefined): string {
  return branch === undefined ? '_' : safeName(branch)
}

/** What a path holds, or undefined when it is none of ours. */
export function entryOf(path: string): StoreEntry | undefined {
  const [version, gate, folder, ...rest] = path.split('/')
  if (version !== 'v1' || gate === undefined || !path.endsWith('.json')) return undefined
  const id = rest.at(-1)?.slice(0, -'.json'.length) ?? ''
  if (!isRunId(id)) return undefined
  if (folder === 'epochs' && rest.length === 1) return { kind: 'epoch', path, id }
  if ((folder !== 'runs' && folder !== 'held') || rest.length !== 3) return undefined
  const standing = folder === 'held' ? 'held' : 'accepted'
  const [branchKey = '', shapeKey = ''] = rest
  const configKey = shapeKey.slice(SHAPE_DIGITS + 1) || undefined
  return {
    kind: 'run',
    path,
    standing,
    branchKey,
    shapeKey,
    configKey,
    id,
    startedMs: timeOfId(id),
  }
}

/** Readable and unique: a slug for people, a digest so that no two names meet. */
function safeName(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return `${slug.slice(0, 40) || 'x'}-${sha256Hex(name).slice(0, 10)}`
}

/** Milliseconds since 1970, NaN when the digits are no time. */
function timeOfId(id: string): number {
  const match = RUN_ID.exec(id)
  if (match === null) return Number.NaN
  const [, year, month, day, hour, minute, second] = match
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}
