// The front of `measure`: what to ask and when, what it costs, whether the client can be trusted, and
// the run that comes of it. The sockets are in `load`, which comes in as a port.

export { accountOf, added, NOTHING_USED, remaining } from './allowance.ts'
export { assembleImported, type ImportedFileFacts } from './assemble-imported.ts'
export { allowanceFor, checkBudget, estimate, estimateOfPlan, pastOf } from './estimate.ts'
export { type Comparable, comparableOf, endpointMembers, subjectOf } from './load-shape.ts'
export { appendRounds, mergeRuns } from './merge-runs.ts'
export { planWorkload } from './plan/plan.ts'
export { wasBilled } from './price/price.ts'
export { promptChangesOf } from './prompt-changes.ts'
export {
  type MeasuredRound,
  type Round,
  type RoundSize,
  type Rounds,
  roundsOf,
  sizeOf,
  type Taken,
} from './rounds.ts'
export { isOwnDelay } from './self-check/self-check.ts'
