// Everything the parts of a comparison need beside the metric.

import type { Looks, MetricComparison, Paired } from '../../model/comparison.ts'
import type { Summary } from '../../model/summary.ts'
import type { Reason } from '../../model/verdict.ts'
import type { EndpointKind } from '../../stats/endpoint-kind.ts'
import type { ErrorLevels } from './levels.ts'
import { historyLevels, pairLevels } from './levels.ts'
import type { Metric } from './metric.ts'

export type Usable = {
  readonly runs: readonly Summary[]
  /** Why none is usable although there are some. */
  readonly problem?: Reason
}

export type Context = {
  readonly candidate: Summary
  readonly history: Usable
  readonly anchor: readonly Summary[]
  readonly paired: Paired | undefined
  readonly looks: Looks
  /** What the history's first tokens say of the endpoint. */
  readonly kind: EndpointKind
}

export function levelsOf(
  metric: Metric,
  { looks, history, paired }: Context,
): { readonly history: ErrorLevels; readonly pairs: ErrorLevels } {
  // Judged by the one or the other, in one look: an earlier run leaves nothing to the history.
  const isBoth = history.runs.length > 0 && paired?.movement === undefined
  return {
    history: historyLevels(looks, metric),
    pairs: pairLevels(looks, { ...metric, history: isBoth ? 'some' : 'none' }),
  }
}

type Heading = Pick<
  MetricComparison,
  'id' | 'family' | 'quantile' | 'label' | 'unit' | 'better' | 'scale' | 'limit'
>

export function labelOf({
  id,
  family,
  row,
  quantile,
}: Pick<Metric, 'id' | 'family' | 'row' | 'quantile'>): string {
  if (quantile === undefined || id === family) return row.label
  return `${row.label} p${Number((quantile * 100).toFixed(3))}`
}

export function headingOf(metric: Omit<Metric, 'level' | 'auto'>): Heading {
  const { id, family, row, limit, quantile } = metric
  return {
    id,
    family,
    quantile,
    label: labelOf(metric),
    unit: row.unit,
    better: row.better,
    scale: row.statistic === 'rate' ? 'difference' : 'ratio',
    limit,
  }
}
