// What the rounds of a gate may still take, and what one more is expected to. The money counts by several
// price lists at once: what a pull request says an answer costs is judged, but what may be spent is not
// its to say. The more expensive list counts, request by request.

import type { Load, Prices } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Allowance, Estimate, Plan, UnitCosts } from '../model/plan.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Cost, Invalidity, Run } from '../model/run.ts'
import { type Account, NOTHING_USED, remaining } from './allowance.ts'
import {
  allowanceFor,
  checkBudget,
  estimate,
  estimateByUnits,
  pastOf,
  unitCostsOf,
} from './estimate.ts'
import { costWhileRunning, priceMeasurement } from './price/price.ts'

/** What is known of how long requests take: a run of this job, or the newest run of a history. */
export type KnownPace = Run | History | undefined

export type RoundBudget = {
  /** `used`: what the round has taken already. Absent = nothing. */
  readonly left: (used?: Allowance) => Allowance
  readonly expects: (plan: Plan, known: KnownPace) => Estimate
  /** Why the budget does not reach for it, as far as is known. */
  readonly refuses: (plan: Plan, known: KnownPace) => Invalidity | undefined
  /** What a plan of further rounds can be made from. */
  readonly means: (like: Run) => { readonly allowance: Allowance; readonly seen: UnitCosts }
  /** Absent where no list has a price for a single request. */
  readonly costOf?: (record: RequestRecord) => number | undefined
  readonly costOfAll: (measurement: Measurement) => Cost
  readonly charge: Account['charge']
}

/** `load` is that of the rounds; `boundBy` are the lists that bind the budget beside the gate's own. */
export type PricesOfRounds = {
  readonly prices: Prices
  readonly boundBy?: readonly Prices[]
  readonly load: Load
}

export function roundBudgetOf(
  { prices, boundBy = [], load }: PricesOfRounds,
  account: Account,
): RoundBudget {
  const others = boundBy.filter((list) => JSON.stringify(list) !== JSON.stringify(prices))
  const lists = [prices, ...others]
  const costs = costsBy(lists)
  const left = (used = NOTHING_USED) =>
    lists.reduce((rest, list) => allowanceFor(list, rest), remaining(account.left(), used))
  const expects = (plan: Plan, known: KnownPace) => {
    const own = expectedOf(plan, { prices, load }, known)
    const costs = others.map((list) => estimate(plan, list).costUsd)
    return { ...own, costUsd: largest([own.costUsd, ...costs]) }
  }
  return {
    left,
    expects,
    refuses: (plan, known) => checkBudget(expects(plan, known), left()),
    means: (like) => ({
      allowance: allowanceFor(prices, account.left()),
      seen: unitCostsOf(like, prices, load),
    }),
    ...costs,
    charge: account.charge,
  }
}

function expectedOf(plan: Plan, { prices, load }: PricesOfRounds, known: KnownPace): Estimate {
  return known !== undefined && 'records' in known
    ? estimateByUnits(plan, unitCostsOf(known, prices, load))
    : estimate(plan, prices, pastOf(known?.runs.at(-1)?.records ?? []))
}

function costsBy(lists: readonly Prices[]): Pick<RoundBudget, 'costOf' | 'costOfAll'> {
  const each = lists.filter(({ kind }) => kind === 'tokens').map(costWhileRunning)
  return {
    costOf:
      each.length === 0 ? undefined : (record) => largest(each.map((costOf) => costOf(record))),
    costOfAll: (measurement) =>
      mostOf(lists.map((prices) => priceMeasurement(measurement, prices).spent)),
  }
}

/** What no list can tell is not known. */
function mostOf(costs: readonly Cost[]): Cost {
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
