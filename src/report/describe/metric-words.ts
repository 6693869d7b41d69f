// How a metric is spoken of: which word says "worse", and what its limit reads like.

import { type MetricRow, metricRow, parseMetricId } from '../../model/metric.ts'
import type { MetricJudgement } from '../../model/verdict.ts'
import * as format from '../format.ts'

const UNKNOWN: MetricRow['words'] = { more: 'higher', less: 'lower', verb: 'is' }

function wordsOf(metric: MetricJudgement): MetricRow['words'] {
  const family = parseMetricId(metric.id)?.family
  return family === undefined ? UNKNOWN : metricRow(family).words
}

export function verb(metric: MetricJudgement): string {
  return wordsOf(metric).verb
}

/** A label inside a sentence: `error rate`, but `TTFT p95`. */
export function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}

/** `TTFT p50, TTFT p95 and error rate` without saying the family twice. */
export function inOneLine(labels: readonly string[]): string {
  const words = labels.map((label, index) => {
    const [family, ...rest] = label.split(' ')
    const before = labels[index - 1]?.split(' ')[0]
    return rest.length > 0 && /^p\d/.test(rest[0] ?? '') && family === before
      ? rest.join(' ')
      : label
  })
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`
}

/** `21 % slower`, `0.5 pp higher`, `unchanged`. */
export function changeInWords(metric: MetricJudgement, change: number): string {
  if (change === 0) return 'unchanged'
  const { more, less } = wordsOf(metric)
  return `${format.magnitude(change, metric.scale)} ${change > 0 ? more : less}`
}

/** `+21 %` with the digits that its interval supports, and enough to tell it from its limit. */
export function changeText(metric: MetricJudgement): string {
  const { change, scale } = metric
  return change === undefined ? '–' : format.change(change, scale, decimalsOf(metric))
}

/** `[+12 %, +30 %]`, or nothing. */
export function intervalText(metric: MetricJudgement): string {
  const { interval, scale } = metric
  return interval === undefined ? '' : format.interval(interval, scale, decimalsOf(metric))
}

const MOST_DECIMALS = 2

function decimalsOf({ change, interval, limit, better }: MetricJudgement): number | undefined {
  if (interval === undefined || change === undefined) return undefined
  const worsening = better === 'lower' ? change : -change
  const few = format.supportedDecimals(interval)
  if (limit?.worsening === undefined || worsening === limit.worsening) return few
  const rounded = (number: number, decimals: number) => (100 * number).toFixed(decimals)
  let decimals = few
  while (
    decimals < MOST_DECIMALS &&
    rounded(worsening, decimals) === rounded(limit.worsening, decimals)
  ) {
    decimals += 1
  }
  return decimals
}

/** The word for "it got worse": `slower`, `more expensive`. */
export function worseWord(metric: MetricJudgement): string {
  const { more, less } = wordsOf(metric)
  return metric.better === 'lower' ? more : less
}

/** `+10 % and +20 ms`, `ceiling 2 s`, both, or a dash. */
export function limitInWords(metric: MetricJudgement): string {
  const parts = [relativeLimit(metric), ceiling(metric)].filter((part) => part !== '')
  return parts.length === 0 ? '–' : parts.join(', ')
}

/** The tolerated worsening with the sign that the change would have. */
export function relativeLimit(metric: MetricJudgement): string {
  const { limit, better, scale, unit } = metric
  if (limit?.worsening === undefined) return ''
  const sign = better === 'lower' ? 1 : -1
  const relative = format.threshold(sign * limit.worsening, scale)
  if (limit.floor === 0) return relative
  return `${relative} and ${sign > 0 ? '+' : '−'}${format.value(limit.floor, unit)}`
}

/** `floor of 20 ms (+40 % of this baseline)` */
export function floorInWords(metric: MetricJudgement, floor: number, asChange: number): string {
  const { unit, better, scale } = metric
  if (scale === 'difference') return `floor of ${format.value(floor, unit)}`
  const share = format.roughly(better === 'lower' ? asChange : -asChange, scale)
  return `floor of ${format.value(floor, unit)} (${share} of this baseline)`
}

/** Inside a sentence: `ceiling of 2 s`. */
export function ceilingOf({ limit, better, unit }: MetricJudgement): string {
  const word = better === 'lower' ? 'ceiling' : 'minimum'
  return limit?.ceiling === undefined ? word : `${word} of ${format.value(limit.ceiling, unit)}`
}

export function ceiling(metric: MetricJudgement): string {
  if (metric.limit?.ceiling === undefined) return ''
  const word = metric.better === 'lower' ? 'ceiling' : 'minimum'
  return `${word} ${format.value(metric.limit.ceiling, metric.unit)}`
}
