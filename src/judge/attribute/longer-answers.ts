// Whether answers cost more because they became longer: at the same price, how much of the rise is
// output tokens.

import type { Attribution } from '../../model/attribution.ts'
import { isPriceMember, outputPriceUsd } from '../../model/price-members.ts'
import { isCompletedAnswer } from '../../model/request-record.ts'
import type { Run } from '../../model/run.ts'
import { MOST_OF_WHOLE, mean, NAMED, shiftOf } from './level.ts'

export function longerAnswers(now: Run, before: readonly Run[]): Attribution | undefined {
  const usd = outputPriceUsd(now.subject)
  if (usd === undefined || before.some((run) => !hasSamePrices(run, now))) return undefined
  const lengths = before.flatMap((run) => meanOutputTokens(run) ?? [])
  const costs = before.flatMap((run) => meanCostUsd(run) ?? [])
  const [to, cost] = [meanOutputTokens(now), meanCostUsd(now)]
  if (to === undefined || cost === undefined || costs.length < before.length) return undefined
  if (lengths.length < before.length) return undefined
  const tokens = shiftOf(lengths, to)
  if (tokens === undefined || !(tokens.low > 0)) return undefined
  const wholeUsd = cost - mean(costs)
  const partUsd = usd * tokens.difference
  if (!(usd * tokens.low >= NAMED * wholeUsd) || partUsd > MOST_OF_WHOLE * wholeUsd)
    return undefined
  return {
    kind: 'longer-answers',
    tokens: { from: tokens.from, to },
    partUsd,
    interval: [usd * tokens.low, usd * tokens.high],
    wholeUsd,
  }
}

function hasSamePrices(a: Run, b: Run): boolean {
  const names = [a, b].flatMap(({ subject }) => Object.keys(subject))
  return names.every((name) => !isPriceMember(name) || a.subject[name] === b.subject[name])
}

function meanOutputTokens({ records }: Run): number | undefined {
  const usages = records.filter(isCompletedAnswer).flatMap(({ usage }) => usage ?? [])
  const lengths = usages
    .filter(({ source }) => source === 'server')
    .map(({ outputTokens }) => outputTokens)
  return lengths.length === 0 ? undefined : mean(lengths)
}

/** Of completed answers: what failures cost is another cause. */
function meanCostUsd({ records, costsUsd }: Run): number | undefined {
  const costs = records.flatMap((record, position) =>
    isCompletedAnswer(record) ? costsUsd.slice(position, position + 1) : [],
  )
  return costs.length === 0 ? undefined : mean(costs)
}
