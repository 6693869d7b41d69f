// Limits: the stated ones, and the documented defaults for what is not mentioned.

import type { Limit } from '../../model/config.ts'
import {
  type MetricRow,
  metricRow,
  type ParsedMetricId,
  parseMetricId,
} from '../../model/metric.ts'
import { defaultLimits, defaultMustDetect } from './default-limits.ts'
import { shown } from './explain-violation.ts'
import { parseDuration, parseMoney, parsePercentage, parsePoints } from './quantities.ts'
import type { RawGate, RawLimit } from './raw-config.ts'
import type { Path } from './read-yaml.ts'
import type { Reading } from './reading.ts'

/** The words of a limit: mirrored where higher is better. */
type Words = {
  readonly worsening: 'increase' | 'decrease'
  readonly objective: 'ceiling' | 'minimum'
}

export function wordsOf(row: MetricRow): Words {
  return row.better === 'lower'
    ? { worsening: 'increase', objective: 'ceiling' }
    : { worsening: 'decrease', objective: 'minimum' }
}

/** In the file's order, then the defaults for metrics that the file does not name. */
export function readLimits(raw: RawGate, path: Path, reading: Reading): readonly Limit[] {
  const at = [...path, 'limits']
  const stated: Limit[] = []
  for (const [id, limit] of Object.entries(raw.limits)) {
    const metric = parseMetricId(id)
    if (metric === undefined) {
      const message = `${shown(id)} is not a metric; a percentile is above 0 and below 100`
      reading.report({ path: [...at, id], message, pointAt: 'key' })
    } else if (limit !== 'off') {
      stated.push(readLimit(limit, metric, { path: [...at, id], reading }))
    }
  }
  const defaults = defaultLimits({
    samples: raw.workload.requests + raw.workload.probes,
    pricesKnown: raw.prices !== undefined,
  })
  return [...stated, ...defaults.filter(({ metric }) => !Object.hasOwn(raw.limits, metric))]
}

type At = { readonly path: Path; readonly reading: Reading }

function readLimit(raw: RawLimit, metric: ParsedMetricId, at: At): Limit {
  const row = metricRow(metric.family)
  const words = wordsOf(row)
  const relative = row.statistic === 'rate' ? parsePoints : parsePercentage
  const worsening = optional(raw[words.worsening], relative)
  const ceiling = optional(raw[words.objective], (value) => absolute(value, row))
  const creep = optional(raw.creep, relative)
  const stated = optional(raw.must_detect, relative)
  const usual = Math.max(defaultMustDetect(metric), worsening ?? 0)
  checkLimit(raw, row, at)
  return {
    metric: metric.id,
    family: metric.family,
    ...(metric.quantile === undefined ? {} : { quantile: metric.quantile }),
    ...(worsening === undefined ? {} : { worsening }),
    floor: optional(raw.floor, (value) => absolute(value, row)) ?? 0,
    ...(ceiling === undefined ? {} : { ceiling }),
    ...(creep === undefined ? {} : { creep }),
    mustDetect: stated ?? usual,
    stated: true,
  }
}

function optional<T>(value: T | undefined, read: (value: T) => number): number | undefined {
  return value === undefined ? undefined : read(value)
}

function absolute(value: string | number, row: MetricRow): number {
  if (typeof value === 'number') return value
  if (row.unit === 'ms') return parseDuration(value)
  return row.unit === 'USD' ? parseMoney(value) : parsePercentage(value)
}

function checkLimit(raw: RawLimit, row: MetricRow, { path, reading }: At): void {
  const words = wordsOf(row)
  const relative = row.statistic === 'rate' ? parsePoints : parsePercentage
  const say = (member: string, message: string): void =>
    reading.report({ path: [...path, member], message })
  const worsening = raw[words.worsening]
  const objective = raw[words.objective]
  if (worsening === undefined && objective === undefined && raw.creep === undefined) {
    const message = `this limit limits nothing; expected \`${words.worsening}\` or \`${words.objective}\`, or \`off\` in its place`
    reading.report({ path, message, pointAt: 'key' })
  }
  for (const member of ['floor', 'must_detect'] as const) {
    if (raw[member] === undefined || worsening !== undefined) continue
    say(
      member,
      `\`${member}\` means nothing without \`${words.worsening}\`; add it, or take this out`,
    )
  }
  if (raw.must_detect !== undefined && worsening !== undefined) {
    const isBelow = relative(raw.must_detect) < relative(worsening)
    if (isBelow) {
      say(
        'must_detect',
        `${raw.must_detect} is below \`${words.worsening}\` (${worsening}): a pass cannot rule out less than is tolerated; expected ${worsening} or more`,
      )
    }
  }
  checkRange(raw, row, say)
}

function checkRange(raw: RawLimit, row: MetricRow, say: (m: string, text: string) => void): void {
  const words = wordsOf(row)
  const relative = row.statistic === 'rate' ? parsePoints : parsePercentage
  const objective = raw[words.objective]
  const bounded = [words.worsening, 'must_detect', 'creep'] as const
  if (row.unit === 'ratio' && objective !== undefined && absolute(objective, row) > 1) {
    say(words.objective, `${objective} is more than every request; expected 100% or less`)
  }
  if (objective !== undefined && row.unit !== 'ratio' && absolute(objective, row) === 0) {
    say(words.objective, `${objective} can never be met; expected more than 0`)
  }
  if (raw.must_detect !== undefined && relative(raw.must_detect) === 0) {
    say('must_detect', `${raw.must_detect} can never be ruled out; expected more than 0`)
  }
  for (const member of bounded) {
    const text = raw[member]
    if (text === undefined || relative(text) < 1) continue
    if (row.statistic === 'rate' && relative(text) > 1) {
      say(member, `${text} is more than every request; expected 100pp or less`)
    } else if (row.statistic !== 'rate' && row.better === 'higher') {
      say(member, `${text} is a fall to nothing; expected less than 100%`)
    }
  }
}
