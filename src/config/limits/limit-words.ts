// How a metric's limit is written: its words, mirrored where higher is better, and its quantities,
// which differ by unit.

import type { MetricRow } from '../../model/metric.ts'
import {
  formatDuration,
  formatMoney,
  formatPercentage,
  formatPoints,
  parseDuration,
  parseMoney,
  parsePercentage,
  parsePoints,
} from '../quantities.ts'

export type LimitWords = {
  readonly worsening: 'increase' | 'decrease'
  readonly objective: 'ceiling' | 'minimum'
  /** `increase`, `must_detect`, `drift`: a percentage, or points for a rate. */
  readonly parseRelative: (text: string) => number
  readonly formatRelative: (value: number) => string
  /** `floor` and `ceiling`: in the metric's unit, a plain number where it has no unit of its own. */
  readonly parseAbsolute: (value: string | number) => number
  readonly formatAbsolute: (value: number) => string
}

export function limitWords(row: MetricRow): LimitWords {
  const isRate = row.statistic === 'rate'
  return {
    worsening: row.better === 'lower' ? 'increase' : 'decrease',
    objective: row.better === 'lower' ? 'ceiling' : 'minimum',
    parseRelative: isRate ? parsePoints : parsePercentage,
    formatRelative: isRate ? formatPoints : formatPercentage,
    ...absoluteWords(row),
  }
}

function absoluteWords({ unit }: MetricRow): Pick<LimitWords, 'parseAbsolute' | 'formatAbsolute'> {
  switch (unit) {
    case 'ms':
      return { parseAbsolute: textOrNumber(parseDuration), formatAbsolute: formatDuration }
    case 'USD':
      return { parseAbsolute: textOrNumber(parseMoney), formatAbsolute: formatMoney }
    case 'ratio':
      return { parseAbsolute: textOrNumber(parsePercentage), formatAbsolute: formatPercentage }
    default:
      return { parseAbsolute: Number, formatAbsolute: String }
  }
}

function textOrNumber(parse: (text: string) => number): (value: string | number) => number {
  return (value) => (typeof value === 'number' ? value : parse(value))
}
