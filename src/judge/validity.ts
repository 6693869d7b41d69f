// What the answers of a run were worth: how many of each kind were not what their prompts expect.

import { ANSWER_FAULTS, type ValiditySummary } from '../model/expectation.ts'
import type { Run } from '../model/run.ts'

export function validityOf({ records, invalidAnswers = [] }: Run): ValiditySummary | undefined {
  const checked = records.flatMap(({ validity }) => validity ?? [])
  if (checked.length === 0) return undefined
  const invalid = ANSWER_FAULTS.flatMap((kind) => {
    const count = checked.filter((validity) => validity === kind).length
    const found = invalidAnswers.find((each) => each.kind === kind)
    if (count === 0) return []
    if (found === undefined) return [{ kind, count }]
    const { kind: _, ...example } = found
    return [{ kind, count, example }]
  })
  return { checked: checked.length, invalid: invalid.toSorted((a, b) => b.count - a.count) }
}
