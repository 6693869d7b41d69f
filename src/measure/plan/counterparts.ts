// Which prompt of another workload each prompt is compared with, where both are asked in alternation.

import type { Prompt } from '../../model/config.ts'

/**
 * By name; then, among those that only one side has, the one of the same content, which was renamed;
 * then by class and by position. Every prompt has one, though several may share it.
 */
export function counterparts(
  prompts: readonly Prompt[],
  others: readonly Prompt[],
): ReadonlyMap<Prompt, Prompt> {
  const found = new Map<Prompt, Prompt>()
  const free = new Set(others)
  const take = (isLike: (prompt: Prompt, other: Prompt, position: number) => boolean) => {
    for (const [position, prompt] of prompts.entries()) {
      if (found.has(prompt)) continue
      const other = [...free].find((one) => isLike(prompt, one, position))
      if (other === undefined) continue
      found.set(prompt, other)
      free.delete(other)
    }
  }
  take((prompt, other) => prompt.name === other.name)
  take((prompt, other) => isSameText(prompt, other))
  take((prompt, other) => prompt.promptClass === other.promptClass)
  take((_, other, position) => others.indexOf(other) === position)
  for (const [position, prompt] of prompts.entries()) {
    const left = found.has(prompt) ? undefined : sharedBy(prompt, others, position)
    if (left !== undefined) found.set(prompt, left)
  }
  return found
}

export function isSameText(a: Prompt, b: Prompt): boolean {
  return JSON.stringify([a.messages, a.later]) === JSON.stringify([b.messages, b.later])
}

/** More prompts than the other side has: one of the class, else any, in turn. */
function sharedBy(
  { promptClass }: Prompt,
  others: readonly Prompt[],
  position: number,
): Prompt | undefined {
  const ofClass = others.filter((other) => other.promptClass === promptClass)
  const some = ofClass.length > 0 ? ofClass : others
  return some[position % some.length]
}
