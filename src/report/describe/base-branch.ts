// A base branch that became worse by itself, and what the pull request beside it adds. The headline
// says whose slowness it is, so that nobody looks for it in the wrong place.

import type { Sentence } from '../../model/report-document.ts'
import type { GateResult, MetricJudgement, ReportContext } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, say } from '../phrase.ts'
import { changeInWords, inSentence, intervalText, verb } from './metric-words.ts'

type OnBase = MetricJudgement & { readonly baseBranch: NonNullable<MetricJudgement['baseBranch']> }

/** The metrics in which the base branch is worse than it was accepted, in their order. */
export function regressedOnBase(result: GateResult): readonly OnBase[] {
  return result.metrics.filter((metric): metric is OnBase => metric.baseBranch !== undefined)
}

/** `the base branch is 40 % slower than its baseline; this pull request adds +1 %` */
export function baseCause(metric: OnBase, { entrypoint }: ReportContext): string {
  const this_ = entrypoint === 'command-line' ? 'this run' : 'this pull request'
  const { change, added } = metric.baseBranch
  const whose = isWait(metric)
    ? `the base branch is ${changeInWords(metric, change)} than its baseline`
    : `the base branch's ${inSentence(metric.label)} ${verb(metric)} ${changeInWords(metric, change)} than its baseline's`
  return added === undefined ? whose : `${whose}; ${this_} ${addition(metric, added)}`
}

/** `adds +1 %`; a fix is told in the metric's own word. */
function addition(metric: OnBase, added: number): string {
  const worse = metric.better === 'lower' ? added : -added
  if (worse < 0) return `is ${changeInWords(metric, added)}`
  return added === 0 ? 'adds nothing' : `adds ${signed(metric, added)}`
}

/** `TTFT p50 is 81 % slower than the base branch, itself 70 % slower than its baseline` */
export function addedToBase(metric: OnBase): string {
  const { change, added = 0 } = metric.baseBranch
  const own = `${metric.label} ${verb(metric)} ${changeInWords(metric, added)}`
  return `${own} than the base branch, itself ${changeInWords(metric, change)} than its baseline`
}

/** TTFT, and what stands for it where there is no first token. */
function isWait({ id }: MetricJudgement): boolean {
  return id.startsWith('ttft_') || id.startsWith('latency_')
}

function signed(metric: MetricJudgement, change: number): string {
  return format.change(
    change,
    metric.scale,
    metric.interval && format.supportedDecimals(metric.interval),
  )
}

/** Every such metric with both numbers. */
export function baseLines(result: GateResult, context: ReportContext): readonly Sentence[] {
  const base = whichBase(context)
  const parts = regressedOnBase(result).map((metric) => {
    const { change, added, beyond } = metric.baseBranch
    const interval = beyond ? '' : intervalText(metric)
    const sure = interval === '' ? '' : `, ${format.INTERVAL} ${interval}`
    const beside =
      added === undefined ? '' : ` (this run against it: ${signed(metric, added)}${sure})`
    return `${metric.label} ${verb(metric)} ${changeInWords(metric, change)}${beside}`
  })
  return [say`The newest run of ${base} is worse than its baseline: ${parts.join('; ')}.`]
}

function whichBase({ baseBranch }: ReportContext): Sentence {
  return baseBranch === undefined ? say`the base branch` : say`${code(baseBranch)}`
}

/** What to do about it, which is nothing in the pull request. */
export function mendTheBase(context: ReportContext): Sentence {
  const where = whichBase(context)
  return context.entrypoint === 'command-line'
    ? say`Fix what made ${where} worse, or accept it with ${code('inference-gate accept --reason "…"')}.`
    : say`Nothing has to be done in this pull request. On ${where}, fix what made it worse, or accept the change: run the recording workflow by hand with its input ${code('accept')}, or use ${code('inference-gate accept')}.`
}
