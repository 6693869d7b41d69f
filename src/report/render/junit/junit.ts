// A job's result as JUnit's XML, which Jenkins, Azure and GitLab show beside a job's own tests: a suite for
// each gate, a case for each metric. Only what blocks is a failure; what could not be decided is skipped,
// with the reason, so that it never looks like a pass.
// By hand: a few elements whose only art is the escape of their text.

import { isCounted } from '../../../model/asked.ts'
import { blocks } from '../../../model/blocking.ts'
import type { ReportTexts } from '../../../model/report-document.ts'
import type { Blocking, GateResult, JobResult, MetricJudgement } from '../../../model/verdict.ts'
import { escapeXml } from '../escape.ts'

export type MachineReport = { readonly jobResult: JobResult; readonly texts: ReportTexts }

type CaseStatus = 'passed' | 'failure' | 'error' | 'skipped'
type Case = { readonly name: string; readonly ending: CaseStatus; readonly message: string }
type Suite = { readonly name: string; readonly cases: readonly Case[] }

export function junit(report: MachineReport): string {
  const suites = report.jobResult.gates.map((gate, position) => suiteOf(gate, position, report))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="inference-gate" ${counts(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n')
}

function suiteOf(gate: GateResult, position: number, { jobResult, texts }: MachineReport): Suite {
  const words = texts.gates[position]
  const { blocking } = jobResult.context
  const headline = words?.headline ?? gate.verdict
  const cases = gate.metrics.map((metric, index) => ({
    name: metric.label,
    ending: endingOf(metric, gate, blocking),
    message: words?.reasons[index] ?? metric.verdict,
  }))
  const whole: Case = {
    name: 'measurement',
    ending: wholeEnding(gate, blocking),
    message: headline,
  }
  return { name: gate.gate, cases: [whole, ...cases] }
}

/** Whether there was anything to judge; a gate without a baseline has no metric to say so. */
function wholeEnding(gate: GateResult, blocking: Blocking): CaseStatus {
  const { verdict } = gate
  if (verdict !== 'invalid' && verdict !== 'no-baseline') return 'passed'
  if (!isCounted(gate) || !blocks(verdict, blocking)) return 'skipped'
  return verdict === 'invalid' ? 'error' : 'failure'
}

function endingOf({ verdict }: MetricJudgement, gate: GateResult, blocking: Blocking): CaseStatus {
  if (verdict === 'fail') return 'failure'
  if (verdict === 'pass' || verdict === 'improved') return 'passed'
  const isDecidedByIt = gate.verdict === 'inconclusive' && verdict !== 'not-gated'
  return isDecidedByIt && isCounted(gate) && blocks(gate.verdict, blocking) ? 'failure' : 'skipped'
}

function counts(cases: readonly Case[]): string {
  const of = (ending: CaseStatus) => cases.filter((one) => one.ending === ending).length
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`
}

function suiteLines({ name, cases }: Suite): readonly string[] {
  return [
    `  <testsuite name="${escapeXml(name)}" ${counts(cases)}>`,
    ...cases.flatMap((one) => caseLines(one, name)),
    '  </testsuite>',
  ]
}

function caseLines({ name, ending, message }: Case, suite: string): readonly string[] {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`
  if (ending === 'passed') {
    return [`${head}>`, `      <system-out>${escapeXml(message)}</system-out>`, '    </testcase>']
  }
  return [`${head}>`, `      <${ending} message="${escapeXml(message)}"/>`, '    </testcase>']
}
