// How many of the requests each prompt gets: fixed by the weights, not drawn, so that two runs of
// the same design differ by the endpoint alone.

import type { Prompt } from '../../model/config.ts'
import type { Random } from '../../stats/random.ts'
import { shuffled } from './seeding.ts'

/**
 * Whole numbers that add up to `total`, each within one of its exact share (largest remainder).
 * Equal remainders are served in the order given.
 */
export function apportion(weights: readonly number[], total: number): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const shares = weights.map((weight) => (weight * total) / sum)
  // A share that is whole but for rounding must not lose its unit to the floor.
  const counts = shares.map((share) => Math.floor(share + 1e-9))
  let left = total - counts.reduce((a, b) => a + b, 0)
  const byRemainder = shares
    .map((share, at) => ({ at, remainder: share - (counts[at] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder) {
    if (left <= 0) break
    counts[at] = (counts[at] ?? 0) + 1
    left -= 1
  }
  return counts
}

/**
 * Requests of each prompt: classes first, by the sum of their weights, then prompts within their
 * class. Where there are more prompts than requests, `random` picks which are asked.
 */
export function apportionPrompts(
  prompts: readonly Prompt[],
  total: number,
  random: Random,
): readonly { readonly prompt: Prompt; readonly count: number }[] {
  const classes = [...new Set(prompts.map((prompt) => prompt.promptClass))]
  const groups = classes.map((name) =>
    shuffled(
      prompts.filter((prompt) => prompt.promptClass === name),
      random,
    ),
  )
  const perClass = apportion(groups.map(sumOfWeights), total)
  return groups.flatMap((group, at) => {
    const counts = apportion(
      group.map((prompt) => prompt.weight),
      perClass[at] ?? 0,
    )
    return group.map((prompt, position) => ({ prompt, count: counts[position] ?? 0 }))
  })
}

function sumOfWeights(prompts: readonly Prompt[]): number {
  return prompts.reduce((sum, prompt) => sum + prompt.weight, 0)
}
