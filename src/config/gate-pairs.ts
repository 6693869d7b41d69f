// Which gate of the base branch a gate of the head is. A name is enough; where only one side has it,
// the gate is found again by what it asks and of whom, so that a new name is no new gate.

import type { Gate } from '../model/config.ts'
import { isSameEndpoint } from './same-endpoint.ts'

/** At least one of both. Only `head`: a new gate. Only `base`: a removed one. */
export type GatePair = { readonly base?: Gate; readonly head?: Gate }

/** In the head's order, removed ones last. */
export function pairGates(base: readonly Gate[], head: readonly Gate[]): readonly GatePair[] {
  const partners = new Map<Gate, Gate>()
  const taken = new Set<Gate>()
  // Level by level over all gates: a decoy must not take the place of one that fits better.
  for (const isLike of LIKE) {
    for (const gate of head) {
      if (partners.has(gate)) continue
      const before = base.find((one) => !taken.has(one) && isLike(gate, one))
      if (before === undefined) continue
      partners.set(gate, before)
      taken.add(before)
    }
  }
  const pairs = head.map((gate) => ({ base: partners.get(gate), head: gate }))
  const removed = base.filter((gate) => !taken.has(gate))
  return [...pairs, ...removed.map((gate) => ({ base: gate }))]
}

const hasSameWorkload = (a: Gate, b: Gate): boolean =>
  JSON.stringify(a.workload) === JSON.stringify(b.workload)

/**
 * By name; then the same question of the same endpoint, the same endpoint, the same URL, the same
 * question. A gate that goes while another comes is taken for it whatever they ask: who changes name,
 * endpoint and load at once would lead around the gate otherwise, and a label says where it is meant so.
 */
const LIKE: readonly ((a: Gate, b: Gate) => boolean)[] = [
  (a, b) => a.name === b.name,
  (a, b) => isSameEndpoint(a.endpoint, b.endpoint) && hasSameWorkload(a, b),
  (a, b) => isSameEndpoint(a.endpoint, b.endpoint),
  (a, b) => a.endpoint.url === b.endpoint.url,
  hasSameWorkload,
  () => true,
]
