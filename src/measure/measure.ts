// The front of `measure`: what to ask and when, what it costs, whether the client can be trusted, and
// the run that comes of it. The sockets are in `load`, which comes in as a port.

export { added, NOTHING_USED, remaining } from './allowance.ts'
export { assembleImported, type ImportedFileFacts } from './assemble-imported.ts'
export { allowanceFor, checkBudget, estimate, estimateOfPlan, pastOf } from './estimate.ts'
export { type Comparable, comparableOf, endpointMembers, subjectOf } from './load-shape.ts'
export {
  isAffordable,
  measureRound,
  plannedSize,
  type Round,
  type RoundSize,
} from './measure-round.ts'
export { appendRounds, mergeRuns } from './merge-runs.ts'
export { planWorkload } from './plan/plan.ts'
export { isOwnDelay } from './self-check/self-check.ts'
export { estimateByUnits, unitCostsOf } from './unit-cost.ts'
