// A gate that a pull request cannot have changed anything for: nothing is sent, and it says why.

import { unaffectedResult } from '../judge/judge.ts'
import { comparableOf, NOTHING_USED, subjectOf } from '../measure/measure.ts'
import type { Gate } from '../model/config.ts'
import type { GateRun } from '../model/ports.ts'

export function unaffectedRun(gate: Gate, changedFiles: number): GateRun {
  const result = unaffectedResult({
    gate,
    subject: subjectOf(gate.endpoint, gate.prices),
    loadShape: comparableOf(gate).loadShape,
    why: { by: ['config', ...(gate.affectedBy ?? [])], changedFiles },
  })
  return { gate: gate.name, result, runs: [], used: NOTHING_USED, invalidities: [] }
}
