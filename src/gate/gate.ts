// The front of `gate`: judge one gate, record its baseline, or preview it. The sentence itself is in
// run-gate.ts.

export { judgedBetween, measureTied, tiedRequests } from './between-gates.ts'
export { type Calibrated, calibrateGate, FEWEST_APART } from './calibrate.ts'
export { jobResultOf } from './conclude.ts'
export { heldFor, historyOf, historyOfGate } from './history.ts'
export { judgeReported, type Ruled, type Ruling } from './judge-reported.ts'
export { measureInTurns } from './measure-in-turns.ts'
export { unaffectedRun } from './not-affected.ts'
export { type Preview, previewGate } from './preview.ts'
export { type Opening, type RecordedGate, recordGate, recordSaved } from './record.ts'
export { judgeSaved, measureShard, runGate } from './run-gate.ts'
export { PRECISION, type SweepRange, sweep } from './sweep.ts'
