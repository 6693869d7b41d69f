// How a metric is spoken of: which word says "worse", and what its limit reads like.

import { type MetricFamily, parseMetricId } from '../../model/metric.ts'
import type { MetricJudgement } from '../../model/verdict.ts'
import * as format from '../format.ts'

type Words = { readonly more: string; readonly less: string; readonly verb: 'is' | 'are' }

const WORDS: Readonly<Record<MetricFamily, Words>> = {
  ttft: { more: 'slower', less: 'faster', verb: 'is' },
  ttfot: { more: 'slower', less: 'faster', verb: 'is' },
  tpot: { more: 'slower', less: 'faster', verb: 'is' },
  itl: { more: 'slower', less: 'faster', verb: 'is' },
  latency: { more: 'slower', less: 'faster', verb: 'is' },
  error_rate: { more: 'higher', less: 'lower', verb: 'is' },
  cost_per_answer: { more: 'dearer', less: 'cheaper', verb: 'is' },
  output_tokens: { more: 'higher', less: 'lower', verb: 'are' },
  output_tokens_per_second: { more: 'faster', less: 'slower', verb: 'is' },
  goodput: { more: 'higher', less: 'lower', verb: 'is' },
}

function wordsOf(metric: MetricJudgement): Words {
  const family = parseMetricId(metric.id)?.family
  return family === undefined ? { more: 'higher', less: 'lower', verb: 'is' } : WORDS[family]
}

export function verb(metric: MetricJudgement): string {
  return wordsOf(metric).verb
}

/** A label inside a sentence: `error rate`, but `TTFT p95`. */
export function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}

/** `21 % slower`, `0.5 pp higher`, `unchanged`. */
export function changeInWords(metric: MetricJudgement, change: number): string {
  if (change === 0) return 'unchanged'
  const { more, less } = wordsOf(metric)
  return `${format.magnitude(change, metric.scale)} ${change > 0 ? more : less}`
}

/** The word for "it got worse": `slower`, `dearer`. */
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

export function ceiling(metric: MetricJudgement): string {
  if (metric.limit?.ceiling === undefined) return ''
  const word = metric.better === 'lower' ? 'ceiling' : 'minimum'
  return `${word} ${format.value(metric.limit.ceiling, metric.unit)}`
}
