// The file an epoch is kept in: who opened a new level of the baseline, when and why. Its shape is
// schema/epoch.schema.json; that the time exists is checked here.

import type { Epoch } from '../../model/history.ts'
import { attempt, checkTime, type OwnFormat, readOwnFile } from './own-file.ts'
import { validateEpoch } from './schema-validators.ts'

const EPOCH_FORMAT = 'inference-gate-epoch'
const EPOCH_SCHEMA_VERSION = 1
export const LARGEST_EPOCH_FILE = 64 * 1024

export type DecodedEpoch =
  | { readonly ok: true; readonly epoch: Epoch }
  | { readonly ok: false; readonly problem: string }

type EpochFile = Epoch & { readonly format: string; readonly schemaVersion: number }

const EPOCH_FILE: OwnFormat<EpochFile> = {
  format: EPOCH_FORMAT,
  newestVersion: EPOCH_SCHEMA_VERSION,
  largest: LARGEST_EPOCH_FILE,
  isOne: (file): file is EpochFile => validateEpoch(file),
  violations: () => validateEpoch.errors ?? [],
}

export function encodeEpoch(epoch: Epoch): string {
  const head = { format: EPOCH_FORMAT, schemaVersion: EPOCH_SCHEMA_VERSION }
  return `${JSON.stringify({ ...head, ...epoch }, null, 2)}\n`
}

export function decodeEpoch(text: string, path: string): DecodedEpoch {
  const read = attempt(path, () => readEpoch(text))
  return read.ok ? { ok: true, epoch: read.value } : read
}

function readEpoch(text: string): Epoch {
  const { format: _, schemaVersion: __, ...epoch } = readOwnFile(text, EPOCH_FILE)
  checkTime(epoch.openedAt, 'openedAt')
  return epoch
}
