// How many of the requests that a gate plans can say something of a metric.

import { type LaterTurn, shareOfTurns } from './conversation.ts'
import { type MetricFamily, metricRow } from './metric.ts'

export type PlannedSize = {
  readonly requests: number
  readonly probes: number
  /** Absent where no prompt is a conversation. */
  readonly prompts?: readonly { readonly weight: number; readonly later?: readonly LaterTurn[] }[]
}

export function plannedSamples(
  family: MetricFamily,
  { requests, probes, prompts = [] }: PlannedSize,
): number {
  const { feeds, turns } = metricRow(family)
  if (turns === undefined) return feeds === 'answers-and-probes' ? requests + probes : requests
  const share = shareOfTurns({ prompts })
  return Math.round(requests * share[turns])
}
