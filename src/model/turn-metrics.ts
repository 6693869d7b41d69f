// Metrics of conversations: which are shown, and which requests they are about.

import type { MetricId, MetricRow } from './metric.ts'
import type { RequestRecord } from './request-record.ts'

/** Shown of conversations as well: the one has no cache to find its beginning in, the other should. */
export const SHOWN_OF_TURNS: readonly MetricId[] = ['first_turn_ttft_p50', 'later_turn_ttft_p50']

/** Whether the request is one of those that a metric is about. */
export function concerns({ turns }: MetricRow, { turn }: Pick<RequestRecord, 'turn'>): boolean {
  if (turns === undefined) return true
  return turn !== undefined && (turn === 1) === (turns === 'first')
}
