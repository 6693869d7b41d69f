// How a part of the cost is spoken of.

import type { CostPart } from '../../model/verdict.ts'
import * as format from '../format.ts'

const LABELS: Readonly<Record<CostPart['part'], string>> = {
  'input-tokens': 'input tokens an answer',
  'cached-tokens': 'of them cached',
  'output-tokens': 'output tokens an answer',
  failures: 'failed requests for each answer',
}

/** `output tokens an answer from 24 to 30 (+25 %)`. */
export function costPart({ part, baseline, candidate }: CostPart): string {
  const ratio = baseline > 0 ? ` (${format.roughly(candidate / baseline - 1, 'ratio')})` : ''
  return `${LABELS[part]} from ${number(baseline)} to ${number(candidate)}${ratio}`
}

function number(value: number): string {
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)))
}
