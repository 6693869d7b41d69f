// What the files in __tests__/golden hold: the document of every state, and of each form that people
// get the states that show most of it. That a form shows all of any document is held by
// render/shows-all.test.ts, and that the report file keeps every state by wire/files/report-file.test.ts.

import type { ReportDocument } from '../../src/model/report-document.ts'
import { describe, reportTexts } from '../../src/report/describe/describe.ts'
import { describeProblem } from '../../src/report/describe/problem.ts'
import { gitlabMetrics } from '../../src/report/render/gitlab/gitlab.ts'
import { html } from '../../src/report/render/html/html.ts'
import { junit } from '../../src/report/render/junit/junit.ts'
import { markdown } from '../../src/report/render/markdown/markdown.ts'
import { text } from '../../src/report/render/text/text.ts'
import { encodeProblem, encodeReport } from '../../src/wire/files/report-file.ts'
import { documentGolden } from './document-golden.ts'
import { type GoldenState, STATES } from './states.ts'

type Form = {
  readonly extension: string
  readonly of: (state: GoldenState, document: ReportDocument) => string
  /** One that fails, one that strangers wrote in, one of many gates, one that measured nothing. */
  readonly states: readonly string[]
}

const FORMS: readonly Form[] = [
  {
    extension: 'md',
    of: (_state, document) => markdown(document, 65_000),
    states: [
      'failed-by-regression',
      'hostile-names',
      'many-gates',
      'endpoint-down',
      'config-error',
    ],
  },
  {
    extension: 'html',
    of: (_state, document) => html(document),
    states: ['failed-by-regression', 'hostile-names', 'config-error'],
  },
  {
    extension: 'txt',
    of: (_state, document) => text(document, { color: false, width: 100 }),
    states: [
      'failed-by-regression',
      'hostile-names',
      'many-gates',
      'endpoint-down',
      'config-error',
    ],
  },
  {
    extension: 'report.json',
    of: jsonOf,
    states: ['failed-by-regression', 'endpoint-down', 'config-error', 'fork-without-secrets'],
  },
  {
    extension: 'junit.xml',
    of: (state) => ('jobResult' in state ? junit(machineReport(state)) : ''),
    states: ['many-gates', 'no-baseline', 'endpoint-down', 'hostile-names'],
  },
  {
    extension: 'metrics.txt',
    of: (state) => ('jobResult' in state ? gitlabMetrics(state.jobResult) : ''),
    states: ['many-gates', 'no-baseline', 'endpoint-down', 'hostile-names'],
  },
]

export function goldens(): ReadonlyMap<string, string> {
  return new Map([...STATES.map(documentOfState), ...FORMS.flatMap(inForm)])
}

function documentOfState(state: GoldenState): readonly [string, string] {
  const usual = state.name === USUAL.name ? undefined : documentOf(USUAL)
  return [`${state.name}.document.json`, documentGolden(documentOf(state), usual)]
}

function inForm({ extension, of, states }: Form): readonly (readonly [string, string])[] {
  return states.map((name) => {
    const state = stateNamed(name)
    return [`${name}.${extension}`, of(state, documentOf(state))]
  })
}

const USUAL = stateNamed('passed')

export function stateNamed(name: string): GoldenState {
  const state = STATES.find((one) => one.name === name)
  if (state === undefined) throw new Error(`no state ${name}`)
  return state
}

function machineReport({ jobResult }: Extract<GoldenState, { jobResult: unknown }>) {
  return { jobResult, texts: reportTexts(jobResult) }
}

export function documentOf(state: GoldenState): ReportDocument {
  return 'jobResult' in state ? describe(state.jobResult) : describeProblem(state.problem)
}

export function jsonOf(state: GoldenState, document = documentOf(state)): string {
  return 'jobResult' in state
    ? encodeReport(state.jobResult, reportTexts(state.jobResult))
    : encodeProblem(state.problem, {
        tool: 'inference-gate 0.1.0',
        headline: document.headline,
      })
}
