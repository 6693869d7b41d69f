// What is reported when there is no result at all: a config that cannot be read, a run without
// secrets, or a fault. The same renderers show it, so it looks and behaves like any other report.

import { bySeverity, type ConfigIssue } from '../../model/config.ts'
import type {
  Alert,
  ReportDocument,
  ReportProblem,
  Section,
  Sentence,
  Table,
} from '../../model/report-document.ts'
import * as format from '../format.ts'
import { clipped, code, say, withCode } from '../phrase.ts'

/** More problems than this are counted, not listed. */
const MAX_ISSUES = 50

type ShownProblem = {
  readonly mark: ReportDocument['mark']
  readonly headline: string
  readonly level: Alert['level']
  readonly lines: readonly Sentence[]
  readonly table?: Table
  readonly next: readonly Sentence[]
}

export function describeProblem(problem: ReportProblem): ReportDocument {
  const { mark, headline, level, lines, table, next } = shown(problem)
  const section: Section = {
    mark,
    keep: true,
    remarks: [],
    next,
    details: [],
    table,
  }
  return {
    mark,
    headline: clipped(headline, 120),
    alert: { level, lines },
    sections: [section],
    details: [],
    foot: say`Nothing was measured`,
  }
}

function shown(problem: ReportProblem): ShownProblem {
  switch (problem.kind) {
    case 'config':
      return configProblem(problem.issues)
    case 'no-secrets':
      return noSecrets(problem)
    case 'error':
      return {
        mark: 'broken',
        headline: `Could not run: ${problem.message.replaceAll('`', '')}`,
        level: 'caution',
        lines: [withCode(problem.message)],
        next: [withCode(problem.remedy)],
      }
  }
}

function configProblem(issues: readonly ConfigIssue[]): ShownProblem {
  const { problems, warnings } = bySeverity(issues)
  const [first] = problems
  const where = first === undefined ? say`The config` : say`${code(first.file)}`
  return {
    mark: 'broken',
    headline: `Config error: ${format.count(problems.length, 'problem')} in ${first?.file ?? 'the config'}`,
    level: 'caution',
    lines: [say`${where} cannot be used as it is, so nothing was measured.`],
    table: issueTable([...problems, ...warnings]),
    next: [
      say`Correct what is listed and push; ${code('inference-gate validate')} checks it without a run.`,
    ],
  }
}

function issueTable(issues: readonly ConfigIssue[]): Table {
  const listed = issues.slice(0, MAX_ISSUES).map((issue) => ({
    keep: true,
    cells: [
      say`${place(issue)}`,
      say`${code(issue.path || '(whole file)')}`,
      withCode(`${issue.severity === 'warning' ? 'warning: ' : ''}${issue.message}`),
    ],
  }))
  const rest = issues.length - listed.length
  const more = { keep: true, cells: [say`–`, say`–`, say`and ${rest} more`] }
  return {
    caption: 'Problems of the config',
    columns: [
      { title: say`Line`, align: 'right' },
      { title: say`Where`, align: 'left' },
      { title: say`Problem`, align: 'left' },
    ],
    rows: rest > 0 ? [...listed, more] : listed,
  }
}

function place({ line, column }: ConfigIssue): string {
  if (line === undefined) return '–'
  return column === undefined ? `${line}` : `${line}:${column}`
}

/** Its author did nothing wrong and can do nothing about it: neutral words, and how to get a result. */
function noSecrets(problem: Extract<ReportProblem, { kind: 'no-secrets' }>): ShownProblem {
  const who = problem.who === 'fork' ? 'a fork' : 'Dependabot'
  const policy = problem.isBlocking
    ? say`It blocks, because ${code('policy.no_secrets')} is ${code('fail')}.`
    : say`It does not block (${code('policy.no_secrets: pass')}).`
  return {
    mark: problem.isBlocking ? 'bad' : 'off',
    headline: `Not measured: a run from ${who} is given no secrets`,
    level: problem.isBlocking ? 'caution' : 'note',
    lines: [
      say`GitHub gives runs from ${who} no secrets, so ${code('api-key')} is empty and the endpoint cannot be asked. Nothing was judged, and nothing is wrong with the change. ${policy}`,
    ],
    next: [howToMeasure(problem.who)],
  }
}

function howToMeasure(who: 'fork' | 'dependabot'): Sentence {
  return who === 'fork'
    ? say`For a result, a maintainer who trusts the change pushes its branch to this repository and opens a pull request from there, or runs ${code('inference-gate run')} by hand.`
    : say`For a result, add the key as a Dependabot secret (repository settings, secrets, Dependabot), or let a maintainer run the job again.`
}
