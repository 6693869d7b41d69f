// The front of `measure`: what to ask and when, what it costs, whether the client can be trusted, and
// the run that comes of it. The sockets are in `load`, which comes in as a port.

export { allowanceFor, checkBudget, estimate, pastOf } from './estimate.ts'
export { loadShapeOf, pricesOf, subjectOf } from './load-shape.ts'
export { added, measureRound, NOTHING_USED, type Round, remaining } from './measure-round.ts'
export { appendRounds, mergeRuns } from './merge-runs.ts'
export { planWorkload } from './plan/plan.ts'
export { type Priced, priceRecords } from './price/price.ts'
export { type MeasuredRound, savedRound } from './saved-run.ts'
export { unitCostsOf } from './unit-cost.ts'
