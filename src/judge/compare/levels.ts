// How the allowed error of 5 % is spent over everything that may be looked at: the history first,
// then pairs. One look alone has all of it.

import type { Looks } from '../../model/comparison.ts'
import { ALPHA } from '../../model/verdict-policy.ts'
import { adjustForLooks, levelAtLook } from '../../stats/alpha-spending.ts'
import { reachOf } from '../error-weight.ts'

/**
 * Error spent in all where pairs may follow: less than 5 %, because how far two deployments of the
 * same thing lie apart is assumed and not known, and for a median that is most of what is uncertain.
 * A percentile beyond the 97th has errors so wide that its limit stops no chance change: its level
 * has to.
 */
const ALPHA_WITH_PAIRS = { middle: 0.04, tail: 0.047, extreme: 0.025 } as const

/** Part of it for the history: a clear change is found at once, everything else by the pairs. */
const HISTORY_SHARE = 0.1

function scaleOf(metric: OfQuantile): number {
  return ALPHA_WITH_PAIRS[reachOf(metric)] / ALPHA
}

type OfQuantile = { readonly quantile?: number }

export type ErrorLevels = {
  /** One-sided level of the bound that a fail looks at, and of the one a pass looks at. */
  readonly fail: number
  readonly pass: number
  /** Turns a p-value of this look into one for all looks. */
  readonly adjust: (p: number) => number
}

/**
 * The planned requests keep most of it: requests added later repeat the same run's level, which is
 * most of the noise, so the later look has little to find.
 */
const FIRST_LOOK_SHARE = 0.7

export function historyLevels({ history, pairs }: Looks, metric: OfQuantile): ErrorLevels {
  const part =
    history.planned <= 1
      ? 1
      : history.taken <= 1
        ? FIRST_LOOK_SHARE
        : (1 - FIRST_LOOK_SHARE) / (history.planned - 1)
  const share = pairs.planned > 0 ? part * HISTORY_SHARE * scaleOf(metric) : part
  return {
    fail: share * ALPHA,
    // Looks that share a run's level hardly add chances to pass by luck: the simulation has room.
    pass: ALPHA,
    adjust: (p) => Math.min(1, p / share),
  }
}

/** Without a history the pairs have all of the error. */
export function pairLevels(
  { pairs }: Looks,
  metric: OfQuantile & { readonly history: 'some' | 'none' },
): ErrorLevels {
  const share = (metric.history === 'some' ? 1 - HISTORY_SHARE : 1) * scaleOf(metric)
  return {
    fail: share * levelAtLook(ALPHA, pairs),
    pass: levelAtLook(ALPHA, pairs),
    adjust: (p) => Math.min(1, adjustForLooks(p / share, pairs)),
  }
}
