// Every state in every format: what the files in __tests__/golden hold.

import type { ReportDocument } from '../../src/model/report-document.ts'
import { describe, reportTexts } from '../../src/report/describe/describe.ts'
import { describeProblem } from '../../src/report/describe/problem.ts'
import { gitlabMetrics } from '../../src/report/render/gitlab/gitlab.ts'
import { html } from '../../src/report/render/html/html.ts'
import { junit } from '../../src/report/render/junit/junit.ts'
import { markdown } from '../../src/report/render/markdown/markdown.ts'
import { text } from '../../src/report/render/text/text.ts'
import { encodeProblem, encodeReport } from '../../src/wire/files/report-file.ts'
import { type GoldenState, STATES } from './states.ts'

export const MARKER =
  '<!-- inference-gate:v1 key=.github%2Finference%2Dgate.yml head=d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d run=19640112233 attempt=1 -->'

export function goldens(): ReadonlyMap<string, string> {
  return new Map(
    STATES.flatMap((state) => {
      const document = documentOf(state)
      return [
        [`${state.name}.md`, markdown(document, { marker: MARKER, maxCharacters: 65_000 })],
        [`${state.name}.html`, html(document)],
        [`${state.name}.txt`, text(document, { color: false, width: 100 })],
        [`${state.name}.json`, jsonOf(state, document)],
        ...forgeGoldens(state),
      ] as const
    }),
  )
}

/** States that say all of it: what blocks, what does not, and what strangers wrote. */
const IN_OTHER_FORGES = ['many-gates', 'no-baseline', 'endpoint-down', 'hostile-names']

function forgeGoldens(state: GoldenState): readonly (readonly [string, string])[] {
  if (!('jobResult' in state) || !IN_OTHER_FORGES.includes(state.name)) return []
  const { name, jobResult } = state
  return [
    [`${name}.junit.xml`, junit({ jobResult, texts: reportTexts(jobResult) })],
    [`${name}.metrics.txt`, gitlabMetrics(jobResult)],
  ]
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
