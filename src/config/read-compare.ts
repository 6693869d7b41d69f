// Limits between gates: `compare: {gate: cold, metric: ttft_p50, at_most: 50%}`, or a list of such.

import { metricRow, parseMetricId } from '../model/metric.ts'
import type { ShareLimit } from '../model/share.ts'
import { shown } from '../model/shown.ts'
import { parsePercentage } from './quantities.ts'
import type { RawCompare, RawConfig } from './raw-config.ts'
import type { ConfigReading, Problem } from './reading.ts'
import { nearestName } from './schema/schema.ts'
import type { Path } from './yaml/yaml.ts'

/** `own` is the name of the gate that it stands in. */
export function readCompare(
  raw: RawCompare | readonly RawCompare[] | undefined,
  at: { readonly own: string; readonly gates: RawConfig['gates'] },
  { path, reading }: { readonly path: Path; readonly reading: ConfigReading },
): readonly ShareLimit[] {
  if (raw === undefined) return []
  const isList = Array.isArray(raw)
  return [raw].flat().flatMap((one, i) => {
    const place = isList ? [...path, String(i)] : path
    const limit = limitOf(one)
    const problem =
      problemOfGate(one, at.own, Object.keys(at.gates)) ??
      (typeof limit === 'string' ? { member: 'metric', message: limit } : problemOfSide(one, limit))
    if (problem !== undefined) {
      const { member, message, ...rest } = problem
      reading.report({ path: [...place, member], message, ...rest })
    }
    return typeof limit === 'string' ? [] : [limit]
  })
}

type Found = { readonly member: string; readonly message: string } & Pick<Problem, 'pointAt'>

function problemOfGate(
  { gate }: RawCompare,
  own: string,
  names: readonly string[],
): Found | undefined {
  if (gate === own) {
    return {
      member: 'gate',
      message: `${shown(gate)} is this gate itself; name another of the file`,
    }
  }
  if (names.includes(gate)) return undefined
  const nearest = nearestName(gate, names)
  const meant = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
  const message = `${shown(gate)} is no gate of this file${meant} Gates are ${names.join(', ')}`
  return { member: 'gate', message }
}

/** Or what is wrong with its metric. */
function limitOf({
  gate,
  metric,
  at_most: atMost,
  at_least: atLeast,
}: RawCompare): ShareLimit | string {
  const parsed = parseMetricId(metric)
  if (parsed === undefined) return `${shown(metric)} is not a metric; expected one such as ttft_p50`
  const row = metricRow(parsed.family)
  if (row.statistic === 'rate') {
    return `${metric} is a share of requests, and a share of a share limits little; expected a time, a cost or a count of tokens`
  }
  if (row.statistic === 'single') {
    return `${metric} is one number of a whole run, of which no share can be shown beyond noise; expected a time, a cost or a count of tokens of each request`
  }
  const { family, quantile } = parsed
  const share = parsePercentage(atMost ?? atLeast ?? '100%')
  const side = row.better === 'lower' ? 'at-most' : 'at-least'
  return { gate, metric, family, quantile, share, side }
}

function problemOfSide(
  { metric, at_most: atMost, at_least: atLeast }: RawCompare,
  { side, share }: ShareLimit,
): Found | undefined {
  const [word, other] = side === 'at-most' ? ['at_most', 'at_least'] : ['at_least', 'at_most']
  const written = { at_most: atMost, at_least: atLeast }[word as 'at_most']
  const wrong = { at_most: atMost, at_least: atLeast }[other as 'at_most']
  const better = side === 'at-most' ? 'less' : 'more'
  if (wrong !== undefined) {
    const message = `of ${metric} ${better} is better; write \`${word}\` in its place`
    return { member: other, message, pointAt: 'key' }
  }
  if (written === undefined) {
    const message = `a limit between gates needs \`${word}\`, a share such as 50%; add it`
    return { member: 'metric', message, pointAt: 'key' }
  }
  if (share > 0) return undefined
  return { member: word, message: `${written} can never be shown to hold; expected more than 0%` }
}
