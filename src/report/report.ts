// The front of `report`: a result to a document, and the document to Markdown, HTML and text.

export { type CalibrationShown, calibrationText } from './calibration-text.ts'
export { chartData } from './chart-data.ts'
export { ofConfig } from './config-name.ts'
export {
  describe,
  describeProblem,
  droppedInShort,
  invalidityWords,
  reportTexts,
  type Told,
  toldByOthers,
} from './describe/describe.ts'
export { milliseconds } from './format.ts'
export {
  badgeJson,
  figureOf,
  figuresOf,
  historyPage,
  type PageData,
  type PageGate,
  type PageRun,
} from './history-page/history-page.ts'
export { pingText } from './ping-text.ts'
export { planText } from './plan-text.ts'
export {
  escapeLog,
  FILE_FORMATS,
  html,
  junit,
  markdown,
  summaryMarkdown,
  text,
  visible,
} from './render/render.ts'
export { renderHistory } from './render-history.ts'
export { type Beside, type Measured, sideBySide } from './side-by-side.ts'
export { steppedInShort } from './step-words.ts'
export { sweepReport } from './sweep-report.ts'
