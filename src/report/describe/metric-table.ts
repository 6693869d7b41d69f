// The table of a gate: every metric with both values, the change and its interval, the limit and the
// verdict; what blocks comes first and in bold.

import type { Mark, Row, Sentence, Table } from '../../model/report-document.ts'
import type { GateResult, MetricJudgement, ReportContext } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, mark, say, strong } from '../phrase.ts'
import { worstFirst } from './lead-metric.ts'
import { changeText, intervalText, limitInWords } from './metric-words.ts'

/** Absent when nothing was measured. */
export function metricTable(result: GateResult, context: ReportContext): Table | undefined {
  if (result.metrics.length === 0) return undefined
  return {
    caption: `Metrics of the gate ${result.gate}`,
    columns: [
      { title: say`Metric`, align: 'left' },
      { title: baselineTitle(result), align: 'right' },
      { title: candidateTitle(context), align: 'right' },
      { title: say`Change [${format.INTERVAL}]`, align: 'right' },
      { title: say`Limit`, align: 'left' },
      { title: say`Verdict`, align: 'left' },
    ],
    rows: worstFirst(result.metrics).map(result.verdict === 'invalid' ? unjudgedRow : row),
  }
}

function baselineTitle(result: GateResult): Sentence {
  if (result.baselineRuns > 0) return say`Baseline, ${format.count(result.baselineRuns, 'run')}`
  if (isByEarlierAlone(result)) return say`Before`
  return isByReferenceAlone(result) ? say`Reference` : say`Baseline`
}

function isByReferenceAlone({ metrics, baselineRuns }: GateResult): boolean {
  return baselineRuns === 0 && metrics.some(({ evidence }) => evidence === 'reference')
}

function isByEarlierAlone({ metrics, baselineRuns }: GateResult): boolean {
  return baselineRuns === 0 && metrics.some(({ evidence }) => evidence === 'earlier')
}

export function candidateTitle(context: ReportContext): Sentence {
  if (context.headCommit === undefined) return say`This run`
  const commit = code(format.shortCommit(context.headCommit))
  return context.mode === 'gate' ? say`This PR ${commit}` : say`This run ${commit}`
}

/** A run that cannot be trusted has numbers, and no verdict on any of them. */
function unjudgedRow(metric: MetricJudgement): Row {
  const { cells } = row({ ...metric, verdict: 'not-gated', reason: { kind: 'no-limit' } })
  return { keep: false, cells: [...cells.slice(0, -1), say`${mark('off')} not judged`] }
}

function row(metric: MetricJudgement): Row {
  const { unit, verdict } = metric
  const blocking = verdict === 'fail'
  const shown = (text: string): Sentence => (blocking ? say`${strong(text)}` : say`${text}`)
  return {
    keep: blocking,
    cells: [
      shown(metric.label),
      [...say`${format.value(metric.baseline, unit)}`, ...source(metric)],
      [...shown(format.value(metric.candidate, unit)), ...survivors(metric)],
      changeCell(metric, shown),
      say`${limitInWords(metric)}`,
      verdictCell(metric),
    ],
  }
}

/** The column is headed by the runs of the history; a value of the reference arm says so. */
function source({ evidence, history, baseline }: MetricJudgement): Sentence {
  if (history === 0 || baseline === undefined) return []
  if (evidence === 'earlier') return say` (before)`
  return evidence === 'reference' ? say` (reference)` : []
}

/** Where failures moved the value, what those that answered say. */
function survivors(metric: MetricJudgement): Sentence {
  return metric.survivorsOnly === undefined
    ? []
    : say` (answered: ${format.value(metric.survivorsOnly, metric.unit)})`
}

function changeCell(metric: MetricJudgement, shown: (text: string) => Sentence): Sentence {
  if (metric.change === undefined) return say`–`
  const ends = metric.interval === undefined ? '' : ` ${intervalText(metric)}`
  return [...shown(changeText(metric)), ...say`${ends}`]
}

function verdictCell(metric: MetricJudgement): Sentence {
  if (metric.accepted !== undefined) return say`${mark('accepted')} accepted`
  const { reason, verdict } = metric
  if (verdict === 'inconclusive' && reason.kind === 'too-few-requests') {
    return say`${mark('open')} needs ${reason.needs} requests`
  }
  return say`${mark(MARKS[verdict])} ${WORDS[verdict]}`
}

const MARKS: Readonly<Record<MetricJudgement['verdict'], Mark>> = {
  pass: 'good',
  improved: 'better',
  fail: 'bad',
  suspect: 'doubt',
  inconclusive: 'open',
  'not-gated': 'off',
}

const WORDS: Readonly<Record<MetricJudgement['verdict'], string>> = {
  pass: 'pass',
  improved: 'improved',
  fail: 'fail',
  suspect: 'suspect',
  inconclusive: 'inconclusive',
  'not-gated': 'not gated',
}
