// What is wrong with one limit although its shape is right: members that mean nothing alone, and
// quantities that could never be met or ruled out.

import type { MetricRow } from '../../model/metric.ts'
import type { RawLimit } from '../raw-config.ts'
import { type LimitWords, limitWords } from './limit-words.ts'

export type LimitProblem = {
  /** Absent when the limit as a whole is meant. */
  readonly member?: string
  readonly message: string
  readonly pointAt?: 'key'
}

export function checkLimit(raw: RawLimit, row: MetricRow): readonly LimitProblem[] {
  const words = limitWords(row)
  if (Object.keys(raw).length === 0) {
    const message = `this limit limits nothing; expected \`${words.worsening}\` or \`${words.objective}\`, or \`off\` in its place`
    return [{ message, pointAt: 'key' }]
  }
  const problems = [
    ...objectiveOutOfRange(raw, row),
    ...relativesOutOfRange(raw, row),
    ...lonely(raw, words),
    ...belowTolerance(raw, words),
  ]
  return [...Map.groupBy(problems, ({ member }) => member).values()].flatMap(
    ([first]) => first ?? [],
  )
}

/** A floor qualifies an increase, and so does what a pass has to rule out. */
function lonely(raw: RawLimit, words: LimitWords): readonly LimitProblem[] {
  if (raw[words.worsening] !== undefined) return []
  return (['floor', 'must_detect'] as const)
    .filter((member) => raw[member] !== undefined)
    .map((member) => ({
      member,
      message: `\`${member}\` means nothing without \`${words.worsening}\`; add that, or take this out`,
    }))
}

function belowTolerance(raw: RawLimit, words: LimitWords): readonly LimitProblem[] {
  const worsening = raw[words.worsening]
  if (worsening === undefined) return []
  return (['must_detect', 'drift'] as const).flatMap((member) => {
    const text = raw[member]
    if (text === undefined || words.parseRelative(text) >= words.parseRelative(worsening)) return []
    const message = `${text} is below \`${words.worsening}\`, which tolerates ${worsening}; expected ${worsening} or more`
    return [{ member, message }]
  })
}

function objectiveOutOfRange(raw: RawLimit, row: MetricRow): readonly LimitProblem[] {
  const words = limitWords(row)
  const member = words.objective
  const written = raw[member]
  if (written === undefined) return []
  const objective = words.parseAbsolute(written)
  if (row.unit === 'ratio' && objective > 1) {
    return [{ member, message: `${written} is more than all requests; expected 100% or less` }]
  }
  const isImpossible = row.statistic !== 'rate' || row.better === 'higher'
  if (objective === 0 && isImpossible) {
    const message = `${written} can never be shown to hold; expected more than 0, or \`${words.worsening}\` alone`
    return [{ member, message }]
  }
  return []
}

function relativesOutOfRange(raw: RawLimit, row: MetricRow): readonly LimitProblem[] {
  const words = limitWords(row)
  return ([words.worsening, 'must_detect', 'drift'] as const).flatMap((member) => {
    const text = raw[member]
    if (text === undefined) return []
    const message = problemOfRelative(text, words.parseRelative(text), { row, member })
    return message === undefined ? [] : [{ member, message }]
  })
}

function problemOfRelative(
  text: string,
  value: number,
  of: { readonly row: MetricRow; readonly member: string },
): string | undefined {
  const { row, member } = of
  if (value === 0 && member === 'must_detect') {
    return `${text} can never be ruled out; expected more than 0`
  }
  if (row.statistic === 'rate' && value > 1) {
    return `${text} is more than all requests; expected 100pp or less`
  }
  if (row.statistic !== 'rate' && row.better === 'higher' && value >= 1) {
    return `${text} is a fall to nothing; expected less than 100%`
  }
  return undefined
}
