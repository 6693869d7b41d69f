// The file an epoch is kept in: who opened a new level of the baseline, when and why.

import type { Epoch } from '../../model/history.ts'
import {
  asIsoTime,
  asObject,
  asOneOf,
  asText,
  ForeignData,
  optional,
  parseJson,
  present,
} from '../json/json.ts'
import { checkKind } from './run-file.ts'

const EPOCH_FORMAT = 'inference-gate-epoch'
const EPOCH_SCHEMA_VERSION = 1
export const LARGEST_EPOCH_FILE = 64 * 1024

export type DecodedEpoch =
  | { readonly ok: true; readonly epoch: Epoch }
  | { readonly ok: false; readonly problem: string }

export function encodeEpoch(epoch: Epoch): string {
  const head = { format: EPOCH_FORMAT, schemaVersion: EPOCH_SCHEMA_VERSION }
  return `${JSON.stringify({ ...head, ...epoch }, null, 2)}\n`
}

export function decodeEpoch(text: string, path: string): DecodedEpoch {
  try {
    return { ok: true, epoch: readEpoch(text) }
  } catch (error) {
    if (error instanceof ForeignData) return { ok: false, problem: error.message }
    throw new Error(`reading ${path} failed`, { cause: error })
  }
}

function readEpoch(text: string): Epoch {
  if (text.length > LARGEST_EPOCH_FILE) throw new ForeignData(`is over ${LARGEST_EPOCH_FILE} bytes`)
  if (text.trim() === '') throw new ForeignData('is empty')
  const file = asObject(parseJson(text), 'the file')
  checkKind(file, EPOCH_FORMAT, EPOCH_SCHEMA_VERSION)
  return {
    id: asText(file.id, 'id'),
    gate: asText(file.gate, 'gate'),
    openedAt: asIsoTime(file.openedAt, 'openedAt'),
    by: asText(file.by, 'by'),
    reason: asText(file.reason, 'reason'),
    how: asOneOf(file.how, 'how', ['label', 'dispatch', 'command']),
    ...present({
      commit: optional(file.commit, 'commit', asText),
      branch: optional(file.branch, 'branch', asText),
      acceptedRunId: optional(file.acceptedRunId, 'acceptedRunId', asText),
      config: optional(file.config, 'config', asText),
      undoes: optional(file.undoes, 'undoes', asText),
    }),
  }
}
