// Notices an endpoint that no request can succeed at, so that a wrong key costs a handful of
// requests instead of the whole plan.

import type { Arm, ErrorKind, Outcome } from '../../model/request-record.ts'

/** Endings that the next request will meet as well. */
const HOPELESS: readonly Outcome[] = [
  'dns',
  'connect',
  'proxy',
  'tls',
  'timeout-connect',
  'http-4xx',
] satisfies readonly ErrorKind[]

/** Endings that a cold start explains once: only a second wave of them is certain. */
const SILENT: readonly Outcome[] = [
  'timeout-first-token',
  'timeout-idle',
  'timeout-total',
  'malformed',
  'empty',
] satisfies readonly ErrorKind[]

/** As many must have failed before the rest is spared. */
const FEWEST_FAILURES = 3

export class Downtime {
  readonly #seen = {
    candidate: { hopeless: 0, silent: 0, other: 0 },
    reference: { hopeless: 0, silent: 0, other: 0 },
  }

  add(arm: Arm, outcome: Outcome): void {
    const kind = HOPELESS.includes(outcome)
      ? 'hopeless'
      : SILENT.includes(outcome)
        ? 'silent'
        : 'other'
    this.#seen[arm][kind] += 1
  }

  /**
   * The arm whose every request so far was in vain, once there are `atLeast` of them, or two waves
   * where some were silent. `wave`: requests that are sent at once.
   */
  down({ atLeast, wave }: { readonly atLeast: number; readonly wave: number }): Arm | undefined {
    const arms: readonly Arm[] = ['candidate', 'reference']
    return arms.find((arm) => {
      const { hopeless, silent, other } = this.#seen[arm]
      const enough = silent === 0 ? atLeast : Math.max(atLeast, 2 * wave)
      return other === 0 && hopeless + silent >= Math.max(FEWEST_FAILURES, enough)
    })
  }
}
