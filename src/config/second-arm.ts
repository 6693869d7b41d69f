// What the second arm asks, and of which endpoint.

import type { Config, Endpoint, Gate, Workload } from '../model/config.ts'
import { OPENING } from './endpoint/endpoint.ts'
import { isSameEndpoint } from './same-endpoint.ts'

export type SecondArm = {
  readonly endpoint: Endpoint
  /** Asked in place of the gate's own, where the base branch asks otherwise. Absent = the same. */
  readonly workload?: Workload
}

/**
 * Undefined when there is none, when its URL could not be filled in here, or when it would be asked
 * the very same: two arms that do not differ tell nothing apart. Where prompts differ, both arms may
 * be of one endpoint; and where the base branch's own URL is not known, they are.
 */
export function secondArmOf(gate: Gate, base: Config | undefined): SecondArm | undefined {
  const before = base?.gates.find(({ name }) => name === gate.name)
  const endpoint = endpointNamedBy(gate, before)
  if (endpoint === undefined) return undefined
  const workload =
    before && asksOtherwise(gate.workload, before.workload) ? before.workload : undefined
  if (endpoint.url.includes(OPENING)) {
    if (before === undefined || workload === undefined) return undefined
    const { api, model, body } = before.endpoint
    return { endpoint: { ...gate.endpoint, api, model, body }, workload }
  }
  if (workload !== undefined) return { endpoint, workload }
  return isSameEndpoint(gate.endpoint, endpoint) ? undefined : { endpoint }
}

function endpointNamedBy({ reference }: Gate, before: Gate | undefined): Endpoint | undefined {
  switch (reference.kind) {
    case 'none':
      return undefined
    case 'base':
      return before?.endpoint
    case 'endpoint':
      return reference.endpoint
  }
}

/** How often each prompt is asked is no other question. */
function asksOtherwise(one: Workload, other: Workload): boolean {
  const asked = ({ prompts, promptCache }: Workload) =>
    JSON.stringify([promptCache, prompts.map(({ weight: _, ...prompt }) => prompt)])
  return asked(one) !== asked(other)
}
