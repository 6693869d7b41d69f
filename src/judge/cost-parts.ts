// What an answer costs, part by part, against the baseline: a more expensive answer is longer, or asked more,
// or was cached less, or failed more often. The price of a token stands in the subject.

import { isCompletedAnswer } from '../model/request-record.ts'
import type { Run } from '../model/run.ts'
import type { CostPart } from '../model/verdict.ts'

/** Smaller moves explain nothing that a verdict could be about. */
const WORTH_SAYING = 0.02

/** The parts that moved, largest first. Empty without token counts on both sides. */
export function costPartsOf(candidate: Run, history: readonly Run[]): readonly CostPart[] {
  const own = partsOf([candidate])
  const base = partsOf(history)
  if (own === undefined || base === undefined) return []
  const parts = (Object.keys(own) as (keyof PartSizes)[]).map((part) => ({
    part,
    baseline: base[part],
    candidate: own[part],
  }))
  return parts.filter((part) => moved(part) > WORTH_SAYING).sort((a, b) => moved(b) - moved(a))
}

type PartSizes = Readonly<Record<CostPart['part'], number>>

/** Tokens of a mean answer, and failed requests for each that completed. */
function partsOf(runs: readonly Run[]): PartSizes | undefined {
  const answers = runs.flatMap(({ records }) => records.filter(({ kind }) => kind === 'answer'))
  const completed = answers.filter(isCompletedAnswer)
  const usages = completed.flatMap(({ usage }) => usage ?? [])
  if (usages.length === 0 || usages.length < completed.length) return undefined
  const mean = (tokens: readonly number[]) =>
    tokens.reduce((sum, count) => sum + count, 0) / usages.length
  return {
    'input-tokens': mean(usages.map(({ inputTokens }) => inputTokens)),
    'cached-tokens': mean(usages.map(({ cachedInputTokens }) => cachedInputTokens)),
    'output-tokens': mean(usages.map(({ outputTokens }) => outputTokens)),
    failures: (answers.length - completed.length) / completed.length,
  }
}

function moved({ part, baseline, candidate }: CostPart): number {
  if (part === 'failures') return Math.abs(candidate - baseline)
  const larger = Math.max(baseline, candidate)
  return larger === 0 ? 0 : Math.abs(candidate - baseline) / larger
}
