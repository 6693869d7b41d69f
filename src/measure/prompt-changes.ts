// What a pull request changes in the prompts, with the tokens that each answer's usage says.

import type { Workload } from '../model/config.ts'
import type { PromptChange } from '../model/prompt-change.ts'
import type { RequestRecord } from '../model/request-record.ts'
import type { Run } from '../model/run.ts'
import { counterparts, isSameText } from './plan/plan.ts'

export type AskedInPairs = {
  readonly workload: Pick<Workload, 'prompts'>
  readonly before: Pick<Workload, 'prompts'>
  readonly candidate: Pick<Run, 'records'>
  readonly reference: Pick<Run, 'records'>
}

/** The prompts that are asked otherwise, in the order of the workload. */
export function promptChangesOf(asked: AskedInPairs): readonly PromptChange[] {
  const partners = counterparts(asked.workload.prompts, asked.before.prompts)
  return [...partners].flatMap(([prompt, other]) => {
    const sameText = isSameText(prompt, other)
    const [before, after] = [other.maxOutputTokens, prompt.maxOutputTokens]
    if (sameText && before === after && prompt.name === other.name) return []
    return [
      {
        prompt: prompt.name,
        ...(prompt.name === other.name ? {} : { pairedWith: other.name }),
        isSameText: sameText,
        inputTokens: tokensOf(prompt.name, asked),
        ...(before === after ? {} : { maxOutputTokens: { before, after } }),
      },
    ]
  })
}

/** Of the pairs in which both say it. */
function tokensOf(name: string, { candidate, reference }: AskedInPairs) {
  const others = new Map(reference.records.map((record) => [record.pair, record]))
  const pairs = candidate.records.flatMap((own) => {
    const other = own.pair === undefined ? undefined : others.get(own.pair)
    const [after, before] = [usageOf(own), other && usageOf(other)]
    return own.prompt === name && after && before ? [{ before, after }] : []
  })
  if (pairs.length === 0) return undefined
  const mean = (side: 'before' | 'after') =>
    pairs.reduce((sum, pair) => sum + pair[side].inputTokens, 0) / pairs.length
  const estimated = pairs.some(({ before, after }) =>
    [before, after].some(({ source }) => source === 'estimated'),
  )
  return { before: mean('before'), after: mean('after'), estimated }
}

function usageOf({ usage, outcome }: RequestRecord) {
  return outcome === 'completed' ? usage : undefined
}
