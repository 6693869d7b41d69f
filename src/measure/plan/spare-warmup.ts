// How far the warm-up of a round may go on beyond its first wave: requests that are planned beside the
// design, which is the same with and without them, in an order of their own.

import type { Workload } from '../../model/config.ts'
import type { Allowance, Estimate, Plan } from '../../model/plan.ts'
import type { Arm } from '../../model/request-record.ts'
import { seededRandom, seedOf, shuffled } from '../../stats/random.ts'
import { counterparts } from './counterparts.ts'
import { type PlanOptions, warmupAsks } from './design.ts'
import { plannedRequest } from './planned-request.ts'

/** The round that it belongs to: `index` is the first that no request of it has. */
type BesideDesign = Pick<PlanOptions, 'round' | 'nonce' | 'otherwise'> & { readonly index: number }

/** As many as show an endpoint that is cold for a while, and smaller batches than the widest waves. */
const MOST_SETTLING = 48
const LARGEST_BATCH = 8
/** A wave wider than a batch is compared with none, so there are two to compare with each other. */
const BATCHES_OF_PROBES = 2

type ToSpare = {
  /** Those that no earlier round has asked. */
  readonly arms: readonly Arm[]
  /** What the round is expected to take, and what there is. */
  readonly expected: Estimate
  readonly left: Allowance
  /** Median first token of earlier runs of the candidate. Absent = not known. */
  readonly usualTtftMs?: number
}

/**
 * Only with what is to spare. Where nothing is known of an arm the first batches are of first-token
 * probes: of a warm endpoint they show that it is, and cost little more than their prompts.
 */
export function spareWarmup(
  workload: Workload,
  { arms, expected, left, usualTtftMs }: ToSpare,
  { round, nonce, index, otherwise = workload }: BesideDesign,
): Plan['settling'] {
  if (workload.warmsUntilSettled !== true || workload.warmup < 1) return undefined
  const { requests, costUsd = 0 } = expected
  const perRequestUsd = costUsd / requests
  const affordable = perRequestUsd > 0 ? (left.costUsd - costUsd) / perRequestUsd : Infinity
  const spare = Math.min(left.requests - requests, affordable) / arms.length
  const batch = Math.min(workload.warmup, LARGEST_BATCH)
  const most = Math.floor(Math.min(MOST_SETTLING, spare) / batch) * batch
  if (!(most >= batch)) return undefined
  const random = seededRandom(seedOf(`${workload.seed}/${round}/settling`))
  const otherOf = counterparts(workload.prompts, otherwise.prompts)
  const size = { arms: 'pairs', requests: workload.requests, warmup: most } as const
  const asks = shuffled(warmupAsks(workload, size, { random, otherOf }), random)
  return arms.map((arm, place) => {
    const { promptCache } = arm === 'candidate' ? workload : otherwise
    const expectedMs = arm === 'candidate' ? usualTtftMs : undefined
    const probes = expectedMs === undefined ? BATCHES_OF_PROBES * batch : 0
    const text = { nonce: promptCache === 'bypass' ? nonce : undefined }
    const own = asks.filter((ask) => ask.arm === arm)
    return {
      arm,
      batch,
      expectedMs,
      spare: own.map((ask, at) =>
        plannedRequest(at < probes ? { ...ask, kind: 'probe' } : ask, {
          ...text,
          index: index + place * MOST_SETTLING + at,
        }),
      ),
    }
  })
}
