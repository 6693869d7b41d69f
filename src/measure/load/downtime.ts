// Notices an endpoint that no request can succeed at, so that a wrong key costs a handful of
// requests instead of the whole plan.

import type { Arm, ErrorKind, Outcome } from '../../model/request-record.ts'

/** Endings that the next request will meet as well. */
const HOPELESS: readonly Outcome[] = [
  'dns',
  'connect',
  'tls',
  'timeout-connect',
  'http-4xx',
] satisfies readonly ErrorKind[]

/** As many must have failed before the rest is spared. */
const FEWEST_FAILURES = 3

export class Downtime {
  readonly #seen = { candidate: { hopeless: 0, other: 0 }, reference: { hopeless: 0, other: 0 } }

  add(arm: Arm, outcome: Outcome): void {
    this.#seen[arm][HOPELESS.includes(outcome) ? 'hopeless' : 'other'] += 1
  }

  /** The arm whose every request so far was hopeless, once there are `atLeast` of them. */
  down(atLeast: number): Arm | undefined {
    const arms: readonly Arm[] = ['candidate', 'reference']
    return arms.find((arm) => {
      const { hopeless, other } = this.#seen[arm]
      return other === 0 && hopeless >= Math.max(FEWEST_FAILURES, atLeast)
    })
  }
}
