// Where a stored run says that it comes from, read back.

import type { MergedTwins, RecordedInputs, Run } from '../../model/run.ts'
import { asCount, asNumber, asObject, asText, optional, present } from '../json/json.ts'

export function provenanceOf(value: unknown): Run['provenance'] {
  const file = asObject(value, 'provenance')
  return present({
    commit: optional(file.commit, 'provenance.commit', asText),
    branch: optional(file.branch, 'provenance.branch', asText),
    runUrl: optional(file.runUrl, 'provenance.runUrl', asText),
    actor: optional(file.actor, 'provenance.actor', asText),
    config: optional(file.config, 'provenance.config', asText),
    inputs: optional(file.inputs, 'provenance.inputs', inputsOf),
    merged: optional(file.merged, 'provenance.merged', mergedOf),
  })
}

function mergedOf(value: unknown, where: string): MergedTwins {
  const file = asObject(value, where)
  return {
    pullRequest: asCount(file.pullRequest, `${where}.pullRequest`),
    difference: asNumber(file.difference, `${where}.difference`),
    error: asNumber(file.error, `${where}.error`),
  }
}

function inputsOf(value: unknown, where: string): RecordedInputs {
  const file = asObject(value, where)
  const read = (name: keyof RecordedInputs) => asText(file[name], `${where}.${name}`)
  return {
    model: read('model'),
    api: read('api'),
    limits: read('limits'),
    requests: read('requests'),
  }
}
