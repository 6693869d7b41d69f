// Every connection that a worker will use, so that no request that counts has to open it. Without a
// warm-up nothing comes before those requests: what their connections took is in their records.

import type { Plan, PlannedRequest } from '../../model/plan.ts'
import type { Arm } from '../../model/request-record.ts'
import { STAGGER_MS } from './schedules.ts'
import type { Stop } from './stop.ts'
import { type ArmLanes, originOf } from './targets.ts'

export type OpeningConnections = {
  readonly plan: Plan
  readonly arm: (name: Arm) => ArmLanes
  readonly atOnce: (name: Arm) => number
  readonly stop: Stop
  readonly signal: AbortSignal
}

export async function openConnections(
  measured: readonly PlannedRequest[],
  { plan, arm, atOnce, stop, signal }: OpeningConnections,
): Promise<void> {
  const late = AbortSignal.timeout(plan.timeouts.connectMs)
  const opening = {
    turn: (at: number) => stop.sleep(at * STAGGER_MS),
    signal: AbortSignal.any([late, signal]),
  }
  const isClosed = plan.load.kind === 'closed'
  const names: readonly Arm[] = ['candidate', 'reference']
  await Promise.all(
    names.map(async (name) => {
      const first = measured.find((request) => request.arm === name)
      if (first === undefined) return
      const lanes = arm(name)
      // How many an open loop will use only its answers will tell: what the warm-up opened is kept open.
      await lanes.open(originOf(lanes.asked(first)), isClosed ? atOnce(name) : 0, opening)
    }),
  )
}
