// How far the warm-up of a round may go on beyond its first wave: requests that are planned beside the
// design, which is the same with and without them, in an order of their own.

import type { Gate } from '../../model/config.ts'
import type { Allowance, Estimate, Plan } from '../../model/plan.ts'
import { seededRandom, seedOf, shuffled } from '../../stats/random.ts'
import { type PlanOptions, warmupAsks } from './design.ts'
import { plannedRequest } from './planned-request.ts'

/** The round that it belongs to: `index` is the first that no request of it has. */
type BesideDesign = Pick<PlanOptions, 'round' | 'nonce'> & { readonly index: number }

/** As many as show an endpoint that is cold for a while, and smaller batches than the widest waves. */
const MOST_SETTLING = 48
const LARGEST_BATCH = 8

type ToSpare = {
  /** What the round is expected to take, and what there is. */
  readonly expected: Estimate
  readonly left: Allowance
  /** Median first token of earlier runs. Absent = not known. */
  readonly usualTtftMs?: number
}

/** Only before the first round, which finds the endpoint as it is; and only with what is to spare. */
export function spareWarmup(
  { workload, endpoint }: Pick<Gate, 'workload' | 'endpoint'>,
  { expected, left, usualTtftMs }: ToSpare,
  { round, nonce, index }: BesideDesign,
): Plan['settling'] {
  if (workload.warmsUntilSettled !== true || round > 0 || workload.warmup < 1) return undefined
  const { requests, costUsd = 0 } = expected
  const perRequestUsd = costUsd / requests
  const affordable = perRequestUsd > 0 ? (left.costUsd - costUsd) / perRequestUsd : MOST_SETTLING
  const spare = Math.min(MOST_SETTLING, left.requests - requests, affordable)
  const batch = Math.min(workload.warmup, LARGEST_BATCH)
  const most = Math.floor(spare / batch) * batch
  if (most < batch) return undefined
  const random = seededRandom(seedOf(`${workload.seed}/${round}/settling`))
  const size = { arms: 'candidate', requests: workload.requests, warmup: most } as const
  const asks = shuffled(warmupAsks(workload, size, { random, otherOf: new Map() }), random)
  const text = { nonce: workload.promptCache === 'bypass' ? nonce : undefined }
  return {
    batch,
    expectedMs: usualTtftMs,
    isFresh: endpoint.ready !== undefined || endpoint.idleMs !== undefined,
    spare: asks.map((ask, at) => plannedRequest(ask, { ...text, index: index + at })),
  }
}
