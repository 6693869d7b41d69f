// What to ask, in which order and when. The same arguments give the same plan to the byte.

import type { Workload } from '../../model/config.ts'
import type { Plan } from '../../model/plan.ts'
import { seededRandom, seedOf } from '../../stats/random.ts'
import { arrivals } from './arrivals.ts'
import { counterparts } from './counterparts.ts'
import { isBeginning, measuredAsks, type PlanOptions, warmupAsks } from './design.ts'
import { openingRequest, plannedRequest } from './planned-request.ts'

export { counterparts, isSameText } from './counterparts.ts'
export type { PlanOptions } from './design.ts'
export { spareWarmup } from './spare-warmup.ts'

/** Warm-up requests come first, then the measured ones in the order of sending. */
export function planWorkload(workload: Workload, options: PlanOptions): Plan {
  const random = seededRandom(seedOf(`${workload.seed}/${options.round}`))
  const { prompts, promptCache } = options.otherwise ?? workload
  const otherOf = counterparts(workload.prompts, prompts)
  const cacheOf = { candidate: workload.promptCache, reference: promptCache } as const
  const measured = measuredAsks(workload, options, { random, otherOf })
  const begins = measured.filter(isBeginning)
  const intended = arrivals(workload.load, {
    count: begins.length,
    arms: options.arms === 'pairs' ? 2 : 1,
    random,
  })
  const intendedOf = new Map(begins.map((ask, at) => [ask, intended?.[at]]))
  const warmup = warmupAsks(workload, options, { random, otherOf })
  const requests = [...warmup, ...measured].map((ask, at) =>
    plannedRequest(ask, {
      index: at,
      nonce: cacheOf[ask.arm] === 'bypass' ? options.nonce : undefined,
      intendedMs: intendedOf.get(ask),
    }),
  )
  const { load, timeouts, maxClientDelayMs, seed } = workload
  const at = {
    nonce: cacheOf.candidate === 'bypass' ? options.nonce : undefined,
    index: requests.length,
  }
  const opening = options.opening === true ? openingRequest(workload.prompts, at) : undefined
  return { opening, requests, load, timeouts, maxClientDelayMs, seed }
}
