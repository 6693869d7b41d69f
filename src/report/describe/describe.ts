// A job's result as a document: what people read, in the order they need it. It computes nothing that
// was not decided before, and escapes nothing: each renderer does so for its own format.

import type {
  Mark,
  ReportDocument,
  ReportTexts,
  Section,
  Sentence,
  Table,
} from '../../model/report-document.ts'
import type { GateResult, GateVerdict, JobResult, ReportContext } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { code, link, mark, say } from '../phrase.ts'
import { alert, notAffectedSentence } from './alert.ts'
import { gateDetails, spent } from './details.ts'
import {
  cause,
  gateHeadline,
  headline,
  isBlockedByDrop,
  isBlocking,
  isNotAffected,
} from './headline.ts'
import { metricTable } from './metric-table.ts'
import { nextSteps } from './next-steps.ts'
import { proposals } from './proposals.ts'
import { reasonText } from './reason.ts'
import { remarks } from './remarks.ts'

export { droppedInShort } from './dropped.ts'
export { headline } from './headline.ts'
export { invalidityWords } from './invalidity.ts'
export { describeProblem } from './problem.ts'
export { type Told, toldByOthers } from './told-by-others.ts'

export function describe(jobResult: JobResult): ReportDocument {
  const { context, gates } = jobResult
  const many = gates.length > 1
  return {
    mark: jobMark(jobResult),
    headline: headline(jobResult),
    alert: alert(jobResult),
    proposals: proposals(context),
    ...(many ? { overview: overview(jobResult) } : {}),
    sections: blockingFirst(gates.map((gate) => section({ gate, context, many }))),
    details: [],
    foot: foot(jobResult),
  }
}

/** The sentences a report file repeats, gates and metrics by position. */
export function reportTexts(jobResult: JobResult): ReportTexts {
  return {
    headline: headline(jobResult),
    gates: jobResult.gates.map((gate) => ({
      headline: gateHeadline(gate, jobResult.context),
      reasons: gate.metrics.map((metric) => reasonText(metric)),
    })),
  }
}

function blockingFirst(sections: readonly Section[]): readonly Section[] {
  return [...sections.filter((one) => one.keep), ...sections.filter((one) => !one.keep)]
}

function section(input: {
  readonly gate: GateResult
  readonly context: ReportContext
  readonly many: boolean
}): Section {
  const { gate, context, many } = input
  const table = metricTable(gate, context)
  return {
    ...(many ? { title: say`${code(gate.gate)}: ${cause(gate, context)}` } : {}),
    mark: gateMark(gate, context),
    keep: isBlocking(gate, context),
    brief: gate.verdict === 'invalid',
    table,
    remarks:
      many && gate.notAffected !== undefined
        ? [notAffectedSentence(gate.notAffected, context)]
        : remarks(gate),
    next: nextSteps(gate, context),
    details: gateDetails(gate, context),
  }
}

function overview(jobResult: JobResult): Table {
  return {
    caption: 'All gates',
    columns: [
      { title: say`Gate`, align: 'left' },
      { title: say`Verdict`, align: 'left' },
      { title: say`Because`, align: 'left' },
      { title: say`Requests`, align: 'right' },
      { title: say`Spent`, align: 'right' },
    ],
    rows: jobResult.gates.map((gate) => ({
      keep: isBlocking(gate, jobResult.context),
      cells: [
        say`${code(gate.gate)}`,
        say`${mark(gateMark(gate, jobResult.context))} ${verdictWord(gate)}`,
        say`${cause(gate, jobResult.context)}`,
        say`${gate.requests}`,
        say`${gate.spent.usd === undefined ? '–' : format.usd(gate.spent.usd)}`,
      ],
    })),
  }
}

function verdictWord(gate: GateResult): string {
  return isNotAffected(gate) ? 'not affected' : VERDICTS[gate.verdict]
}

const VERDICTS: Readonly<Record<GateVerdict, string>> = {
  passed: 'passed',
  failed: 'failed',
  inconclusive: 'inconclusive',
  'no-baseline': 'no baseline',
  invalid: 'invalid',
}

function jobMark(jobResult: JobResult): Mark {
  if (isBlockedByDrop(jobResult.context)) return 'bad'
  const deciding = jobResult.gates.filter((gate) => gate.verdict === jobResult.verdict)
  const accepted = jobResult.gates.find((gate) => gateMark(gate, jobResult.context) === 'accepted')
  const first = jobResult.verdict === 'passed' ? (accepted ?? deciding[0]) : deciding[0]
  return first === undefined ? 'open' : gateMark(first, jobResult.context)
}

function gateMark(gate: GateResult, context: ReportContext): Mark {
  switch (gate.verdict) {
    case 'passed':
      return passedMark(gate)
    case 'failed':
      return 'bad'
    case 'invalid':
      return 'broken'
    case 'no-baseline':
      return isBlocking(gate, context) ? 'bad' : 'off'
    case 'inconclusive':
      return isBlocking(gate, context) ? 'bad' : 'open'
  }
}

function passedMark(gate: GateResult): Mark {
  if (gate.metrics.some((metric) => metric.accepted !== undefined)) return 'accepted'
  return gate.metrics.some((metric) => metric.verdict === 'improved') ? 'better' : 'good'
}

function foot(jobResult: JobResult): Sentence {
  const { context } = jobResult
  return [
    ...comparison(context),
    ...say`${format.count(jobResult.requests, 'request')}, spent ${spent(jobResult.spent)}`,
    ...limitsNote(context),
    ...(context.verified === false ? say` · figures as that job reported them, not checked` : []),
    ...(context.runUrl === undefined ? [] : say` · ${link('job run', context.runUrl)}`),
    ...say` · ${context.tool}`,
  ]
}

function comparison(context: ReportContext): Sentence {
  if (context.headCommit === undefined) return []
  const head = code(format.shortCommit(context.headCommit))
  if (context.mode === 'record') return say`Measured at ${head} · `
  const commit =
    context.baseCommit === undefined ? [] : say` ${code(format.shortCommit(context.baseCommit))}`
  return context.baseBranch === undefined
    ? say`Updated for ${head} · `
    : say`Updated for ${head} against ${code(context.baseBranch)}${commit} · `
}

function limitsNote(context: ReportContext): Sentence {
  if (context.mode === 'record' || context.limitsFrom === 'file') return []
  return context.limitsFrom === 'base'
    ? say` · limits of the base branch`
    : say` · limits of this pull request, as the base branch has no config that can be read`
}
