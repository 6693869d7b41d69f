// Sums of money of which a part may be unknown.

import type { Cost } from './run.ts'

/** Not known as soon as one of them is not; of nothing, not known either. */
export function sumOfCosts(costs: readonly Cost[]): Cost {
  const estimated = costs.some((cost) => cost.estimated)
  const unknown = costs.find(({ usd }) => usd === undefined)
  if (unknown !== undefined || costs.length === 0) {
    return { reason: unknown?.reason ?? 'no-prices', estimated }
  }
  return { usd: costs.reduce((sum, { usd = 0 }) => sum + usd, 0), estimated }
}
