// Pairs from the start, where the base branch asks something else: no recorded run can stand for that, so
// both questions are asked at once. There is one look, at all pairs that the workload names.

import { type RoundSize, type Rounds, sizeOf } from '../measure/measure.ts'
import type { History } from '../model/history.ts'
import type { GateRequest } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { ONE_LOOK_AT_ARMS } from '../model/verdict-policy.ts'
import type { OpenTrial } from './trial.ts'

/** Where the budget does not reach for pairs of all requests, fewer may follow the planned ones. */
export function firstSize(request: GateRequest, rounds: Rounds, history: History): RoundSize {
  const { gate, referenceWorkload, earlier } = request
  const planned = sizeOf(gate)
  if (referenceWorkload === undefined || earlier !== undefined) return planned
  const pairs = { ...planned, arms: 'pairs' } as const
  return rounds.reaches(pairs, history) ? pairs : planned
}

export function begunInPairs(open: OpenTrial, reference: Run): OpenTrial {
  const { effort } = open
  const { run } = open.measured
  const isUp = reference.records.some(({ outcome }) => outcome === 'completed')
  if (!isUp) {
    return { ...open, measured: { run }, effort: { ...effort, reference: 'failed' }, isLast: true }
  }
  const pairs = run.records.length
  return {
    measured: { run, looks: ONE_LOOK_AT_ARMS, paired: { candidate: run, reference } },
    pairs: { taken: pairs, planned: pairs },
    effort: { ...effort, pairs, looks: 1, reference: 'measured' },
    isLast: true,
  }
}
