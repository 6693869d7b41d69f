// The front of `files`: our own files, to bytes and back: runs, reports, epochs, the layout of a store.

export { decodeEpoch, LARGEST_EPOCH_FILE } from './epoch-file.ts'
export { decodeReport, encodeProblem, encodeReport, type StoredReport } from './report-file.ts'
export { decodeRun, encodeRun, LARGEST_RUN_FILE } from './run-file.ts'
export {
  changeOf,
  contentsOf,
  type PreparedAddition,
  prepare,
  STORE_README,
  type StoreChange,
  type StoreFile,
} from './store-files.ts'
export { entryOf, gateFolder } from './store-layout.ts'
