// How many requests may be in flight at once, and whose word that is: each one is a connection, memory
// of the runner and work for the endpoint, so a pull request may not choose it freely.

import type { Config, Workload } from '../model/config.ts'
import { COMMON_IN_FLIGHT } from '../model/in-flight.ts'
import type { OnProblem } from './reading.ts'

/** The bound that a config sets for those who change it: stated, or what its own gates need, and no
 * less than what no base branch has to allow. */
export function mostInFlight({ budget, gates }: Config): number {
  return budget.inFlight ?? Math.max(COMMON_IN_FLIGHT, ...gates.map((gate) => inFlight(gate)))
}

function inFlight({ workload: { load } }: { readonly workload: Workload }): number {
  return load.kind === 'closed' ? load.concurrency : load.maxInFlight
}

/** `allowed` is the base branch's; absent where the file is its own rule. */
export function checkInFlight(
  { gates, budget }: Config,
  allowed: number | undefined,
  report: OnProblem,
): void {
  for (const gate of gates) {
    const { load } = gate.workload
    const member = load.kind === 'closed' ? ['concurrency'] : ['arrivals', 'max_in_flight']
    const path = ['gates', gate.name, 'workload', ...member]
    const asked = inFlight(gate)
    if (allowed !== undefined && asked > allowed) {
      const message = `${asked} in flight are more than the ${allowed} that the base branch allows at once; ask for fewer, or raise \`budget.in_flight\` on the base branch first`
      report({ path, message })
    } else if (budget.inFlight !== undefined && asked > budget.inFlight) {
      const message = `${asked} in flight are more than the ${budget.inFlight} of \`budget.in_flight\`; lower one or raise the other`
      report({ path, message })
    }
  }
}
