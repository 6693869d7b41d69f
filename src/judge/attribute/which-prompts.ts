// Whether the slower requests are those of one class, or of the long prompts.

import type { Attribution } from '../../model/attribution.ts'
import { mean } from './level.ts'
import { onlyThisPart } from './one-part.ts'
import { inputTokensOf, type TimedRequest } from './timed.ts'

type Runs = {
  readonly now: readonly TimedRequest[]
  readonly before: readonly (readonly TimedRequest[])[]
}

export function oneClass(runs: Runs): Attribution | undefined {
  const classes = [...new Set(runs.now.map(({ record }) => record.promptClass))]
  if (classes.length < 2) return undefined
  const found = classes.flatMap((promptClass) => {
    const isPart = ({ record }: TimedRequest) => record.promptClass === promptClass
    const shift = onlyThisPart(runs, isPart, classes.length)
    return shift === undefined ? [] : [{ promptClass, shift }]
  })
  const [only, ...others] = found
  if (only === undefined || others.length > 0) return undefined
  const { change, interval } = only.shift
  return { kind: 'one-class', promptClass: only.promptClass, change, interval }
}

/** On each side of a split, so that no single prompt is taken for its length. */
const FEWEST_PROMPTS = 2
/** The long prompts are at least this many times as long as the short ones. */
const LONGER = 1.5

export function longPrompts(runs: Runs): Attribution | undefined {
  const lengths = lengthsOf(runs.now)
  const splits = lengths.slice(FEWEST_PROMPTS, lengths.length - FEWEST_PROMPTS + 1)
  const clear = splits.filter(({ tokens }, i) => {
    const before = lengths[FEWEST_PROMPTS + i - 1]
    return before !== undefined && tokens >= LONGER * before.tokens
  })
  const found = clear.flatMap(({ tokens }) => {
    const long = new Set(lengths.filter((each) => each.tokens >= tokens).map(({ name }) => name))
    const shift = onlyThisPart(runs, ({ record }) => long.has(record.prompt), clear.length)
    return shift === undefined ? [] : [{ tokens, shift }]
  })
  const best = found.toSorted((a, b) => b.shift.z - a.shift.z)[0]
  if (best === undefined) return undefined
  const { change, interval } = best.shift
  return { kind: 'long-prompts', fromTokens: Math.round(best.tokens), change, interval }
}

/** Prompts with their mean length, shortest first; those of unknown length are left out. */
function lengthsOf(now: readonly TimedRequest[]): readonly { name: string; tokens: number }[] {
  const byPrompt = Map.groupBy(now, ({ record }) => record.prompt)
  return [...byPrompt]
    .flatMap(([name, some]) => {
      const known = some.flatMap(({ record }) => inputTokensOf(record) ?? [])
      return known.length === 0 ? [] : [{ name, tokens: mean(known) }]
    })
    .sort((a, b) => a.tokens - b.tokens)
}
