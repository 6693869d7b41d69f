// What `import 'inference-gate'` gives. docs/library.md explains it.

export {
  ConfigProblems,
  type ImportOptions,
  type InFolder,
  importResults,
  type Judgement,
  type JudgeOptions,
  judge,
  readConfig,
  readRuns,
} from './app/library/library.ts'
export type { Config, ConfigIssue } from './model/config.ts'
export { GateError, type GateErrorKind } from './model/errors.ts'
export type { Run } from './model/run.ts'
export { VERSION } from './model/tool.ts'
export type { GateResult, GateVerdict, MetricJudgement, MetricVerdict } from './model/verdict.ts'
