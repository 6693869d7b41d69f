// What one worker carries out before it takes anything else: a request, both halves of a pair, or a whole
// conversation, of both arms where there are two.

import type { PlannedRequest } from '../../model/plan.ts'

export type Errand = readonly PlannedRequest[]

/** The same for all requests of one errand. */
export function errandOf({ turn, pair, index }: PlannedRequest): string {
  if (turn !== undefined) return `conversation ${turn.conversation}`
  return pair === undefined ? `single ${index}` : `pair ${pair}`
}

/** In order of their first requests. */
export function errandsOf(requests: readonly PlannedRequest[]): readonly Errand[] {
  return [...Map.groupBy(requests, errandOf).values()]
}

/** Arrivals of an open loop: the halves of a pair come by themselves, the turns of a conversation do not. */
export function arrivalsOf(requests: readonly PlannedRequest[]): readonly Errand[] {
  const own = ({ arm, turn, index }: PlannedRequest) =>
    turn === undefined ? `single ${index}` : `${arm} ${turn.conversation}`
  return [...Map.groupBy(requests, own).values()]
}

/** Later turns come when the answer before them lets them. */
export function isArrival({ turn }: Pick<PlannedRequest, 'turn'>): boolean {
  return turn === undefined || turn.number === 1
}
