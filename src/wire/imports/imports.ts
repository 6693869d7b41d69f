// The front of `imports`: result files of other load generators as runs.

export { type Detected, detectImport, IMPORT_FORMATS, readImport } from './formats.ts'
export type { ImportedRun, ImportFormat } from './imported-run.ts'
export { largeFile } from './large-file.ts'
