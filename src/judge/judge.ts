// The front of `judge`: runs to a decision, what can still settle an open one, and the result of a gate.

export { type CalibrationRuns, calibrate } from './calibrate.ts'
export { confirmed, failedIds, failsInEveryPart } from './confirm.ts'
export { acceptRegression, type Decision, judgedByFigures } from './decide/decide.ts'
export { type Detectability, detectability } from './detectability.ts'
export { endpointNotes } from './endpoint-notes.ts'
export { gateResult, overallVerdict, unaffectedResult, unmeasuredResult } from './gate-result.ts'
export {
  type Judge,
  type Judged,
  judgeBy,
  type PairedRuns,
  summariesOf,
  type ToJudge,
} from './judge-by.ts'
export { backlogOf, isQueueing } from './keeping-up.ts'
export { nextStep, type PairCount, type Step } from './next-step/next-step.ts'
export { withShares } from './shares.ts'
export { summarize } from './summarize.ts'
export { twinDifference } from './twins.ts'
