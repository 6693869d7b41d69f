// What a run would take and could see, before anything is sent.

import { type Detectability, detectability, summariesOf } from '../judge/judge.ts'
import { allowanceFor, checkBudget, estimateOfPlan, pastOf } from '../measure/measure.ts'
import type { History } from '../model/history.ts'
import type { Estimate } from '../model/plan.ts'
import type { GateRequest } from '../model/ports.ts'
import type { Invalidity } from '../model/run.ts'

export type Preview = {
  readonly estimate: Estimate
  /** What of the cost is that of first-token probes. Absent = not known, or none are planned. */
  readonly probesUsd?: number
  /** Why the budget forbids it; absent when it fits as far as is known. */
  readonly forbidden?: Invalidity
  readonly detects: readonly Detectability[]
}

export function previewGate(request: GateRequest, history: History): Preview {
  const { gate } = request
  const { workload, limits, prices } = gate
  const past = pastOf(history.runs.at(-1)?.records ?? [])
  const estimated = estimateOfPlan(gate, past)
  const alone = { ...gate, workload: { ...workload, probes: 0 } }
  const answersUsd = workload.probes > 0 ? estimateOfPlan(alone, past).costUsd : undefined
  const forbidden = checkBudget(estimated, allowanceFor(prices, request.allowance))
  return {
    estimate: estimated,
    ...(estimated.costUsd === undefined || answersUsd === undefined
      ? {}
      : { probesUsd: estimated.costUsd - answersUsd }),
    forbidden,
    detects: detectability(limits, summariesOf(history, limits).history, workload),
  }
}
