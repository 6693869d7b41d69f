// The money that a round may cost, by several price lists at once: what a pull request says an answer
// costs is judged, but what may be spent is not its to say. The more expensive list counts, request by request.

import type { Prices } from '../model/config.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Allowance, Estimate, Plan } from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Cost } from '../model/run.ts'
import { allowanceFor, estimate } from './estimate.ts'
import { costWhileRunning, priceMeasurement } from './price/price.ts'

/** What is expected by a gate's own prices, or the most that the other lists can make of the plan. */
export function boundEstimate(plan: Plan, others: readonly Prices[], own: Estimate): Estimate {
  const costs = others.map((prices) => estimate(plan, prices).costUsd)
  return { ...own, costUsd: largest([own.costUsd, ...costs]) }
}

export function boundAllowance(lists: readonly Prices[], allowance: Allowance): Allowance {
  return lists.reduce((left, prices) => allowanceFor(prices, left), allowance)
}

/** Undefined where no list has a price for a single request. */
export function boundCostOf(
  lists: readonly Prices[],
): ((record: RequestRecord) => number | undefined) | undefined {
  const known = lists.filter(({ kind }) => kind === 'tokens').map(costWhileRunning)
  if (known.length === 0) return undefined
  return (record) => largest(known.map((costOf) => costOf(record)))
}

/** What a measurement cost; what no list can tell is not known. */
export function boundSpent(measurement: Measurement, lists: readonly Prices[]): Cost {
  const costs = lists.map((prices) => priceMeasurement(measurement, prices).spent)
  const known = costs.filter(({ usd }) => usd !== undefined)
  const [first] = costs
  return (
    known.reduce<Cost | undefined>(
      (most, cost) => (most?.usd !== undefined && most.usd >= (cost.usd ?? 0) ? most : cost),
      undefined,
    ) ??
    first ?? { reason: 'no-prices', estimated: false }
  )
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
