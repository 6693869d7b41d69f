// The runs that a gate, or a saved run, is compared with.

import { chooseBaseline } from '../baseline/baseline.ts'
import { type Comparable, comparableOf } from '../measure/measure.ts'
import type { History, StoreContents, WantedBaseline } from '../model/history.ts'
import type { GateRequest, Ports } from '../model/ports.ts'

/** Of the load that the gate plans: the base branch as it is now, its held runs counted in. */
export async function historyOfGate(
  request: GateRequest,
  ports: Pick<Ports, 'store' | 'nowIso'>,
): Promise<History> {
  const contents = await ports.store.read(request.gate.name)
  const stored = { contents, nowIso: ports.nowIso(), held: heldFor(request) }
  return historyOf(comparableOf(request.gate), request, stored)
}

/** A pull request is blocked for what it adds to the base branch, unless the policy says otherwise. */
export function heldFor({ baseRegressed }: Pick<GateRequest, 'baseRegressed'>) {
  return baseRegressed === 'fail' ? ('apart' as const) : ('counted' as const)
}

/** Of the load that something is of: a saved run says what it was. */
export function historyOf(
  { loadShape, loadShapeHash, ttftDefinition }: Comparable,
  { context, baseline }: Pick<GateRequest, 'context' | 'baseline'>,
  stored: {
    readonly contents: StoreContents
    readonly nowIso: string
    readonly held?: WantedBaseline['held']
  },
): History {
  return chooseBaseline(stored.contents, {
    ...context,
    loadShape,
    loadShapeHash,
    ttftDefinition,
    nowIso: stored.nowIso,
    held: stored.held,
    maxAgeMs: baseline.maxAgeMs,
    keep: baseline.keep,
  })
}
