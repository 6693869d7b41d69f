// The front of `gate`: judge one gate, record its baseline, or preview it. The sentence itself is in
// run-gate.ts.

export { type Preview, previewGate } from './preview.ts'
export { type Opening, type RecordedGate, recorded, recordGate } from './record.ts'
export {
  historyOf,
  historyOfRun,
  judgeRun,
  measureGate,
  outcomeOf,
  runGate,
  shareOf,
} from './run-gate.ts'
