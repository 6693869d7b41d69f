// What a run would take and could see, before anything is sent.

import type { History } from '../model/history.ts'
import type { Estimate } from '../model/plan.ts'
import type { Invalidity } from '../model/run.ts'
import { type Detectability, detectability } from '../stages/detectability.ts'
import { allowanceFor, checkBudget, estimate, pastOf } from '../stages/estimate.ts'
import { planWorkload } from '../stages/plan-workload.ts'
import { yardstick } from './judge.ts'
import type { GateRequest } from './ports.ts'

export type Preview = {
  readonly estimate: Estimate
  /** Why the budget forbids it; absent when it fits as far as is known. */
  readonly forbidden?: Invalidity
  readonly detects: readonly Detectability[]
}

export function previewGate(request: GateRequest, history: History): Preview {
  const { gate } = request
  const { workload, limits, prices } = gate
  const plan = planWorkload(workload, {
    arms: 'candidate',
    requests: workload.requests,
    probes: workload.probes,
    warmup: workload.warmup,
    firstIndex: 0,
    round: 0,
    nonce: 'preview',
  })
  const estimated = estimate(plan, prices, pastOf(history.runs.at(-1)?.records ?? []))
  const forbidden = checkBudget(estimated, allowanceFor(prices, request.allowance))
  return {
    estimate: estimated,
    ...(forbidden === undefined ? {} : { forbidden }),
    detects: detectability(limits, yardstick(history, limits).history, workload),
  }
}
