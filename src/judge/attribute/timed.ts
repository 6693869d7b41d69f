// The requests of a run whose TTFT is known, as attribution looks at them.

import { metricRow } from '../../model/metric.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Run } from '../../model/run.ts'
import { CHARACTERS_PER_TOKEN } from '../../model/token-length.ts'
import { mean } from './level.ts'

export type TimedRequest = {
  readonly record: RequestRecord
  readonly ttftMs: number
  readonly logTtft: number
}

const TTFT = metricRow('ttft')

export function timedOf({ records }: Run): readonly TimedRequest[] {
  return records.flatMap((record) => {
    const [ttftMs] = TTFT.read(record)
    if (ttftMs === undefined || !(ttftMs > 0) || !Number.isFinite(ttftMs)) return []
    return [{ record, ttftMs, logTtft: Math.log(ttftMs) }]
  })
}

export function meanTtftMs(run: Run): number {
  return mean(timedOf(run).map(({ ttftMs }) => ttftMs))
}

/** By the server's count where there is one, else reckoned from the characters. */
export function inputTokensOf({ usage, inputCharacters }: RequestRecord): number | undefined {
  if (usage !== undefined || inputCharacters === undefined) return usage?.inputTokens
  return inputCharacters / CHARACTERS_PER_TOKEN
}
