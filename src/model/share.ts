// A limit between two gates of one run: what a metric of this gate may be, as a share of the other's.
// Whatever the provider does in these minutes, it does to both.

import type { MetricFamily, MetricId, MetricUnit } from './metric.ts'

export type ShareLimit = {
  /** The other gate, of the same config. */
  readonly gate: string
  readonly metric: MetricId
  readonly family: MetricFamily
  /** 0..1; absent for means. */
  readonly quantile?: number
  /** This gate's value over the other's: 0.5 = half of it. */
  readonly share: number
  /** `at-least` for metrics of which more is better. */
  readonly side: 'at-most' | 'at-least'
}

export type ShareJudgement = ShareLimit & {
  readonly label: string
  readonly unit: MetricUnit
  /** This gate's value, and the other's; absent where one has none. */
  readonly own?: number
  readonly other?: number
  /** Of the share, two-sided at `INTERVAL_LEVEL`, however many are judged. */
  readonly interval?: readonly [number, number]
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** Why it is open. */
  readonly open?:
    | { readonly kind: 'not-measured' | 'no-samples' | 'interval-too-wide' }
    | { readonly kind: 'too-few-requests'; readonly has: number; readonly needs: number }
  /** Somebody accepted the breach. */
  readonly accepted?: true
}
