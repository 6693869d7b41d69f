// What somebody who asked waits for: the first token, or the whole answer where the API answers with
// vectors or rankings. It is what is judged by default and drawn, and what the client's own delay and
// the warm-up are held against.

import { hasTokens, type LoadShape } from './config.ts'
import type { MetricFamily, MetricId } from './metric.ts'
import { answerLatency } from './metric-values.ts'
import type { RequestRecord } from './request-record.ts'
import type { Series, Summary } from './summary.ts'
import { ttftMs } from './ttft.ts'

export type WaitFamily = Extract<MetricFamily, 'ttft' | 'latency'>

/** Of an API by its name: `DialectName`, or what an imported run says. */
export function waitFamily(api: string): WaitFamily {
  return hasTokens(api) ? 'ttft' : 'latency'
}

/** Runs of other load generators are of streams. */
export function waitFamilyOf({ loadShape }: { readonly loadShape: LoadShape }): WaitFamily {
  return waitFamily(loadShape.api ?? '')
}

/** Milliseconds. Undefined for a request that did not get that far. */
export function waitMs(record: RequestRecord): number | undefined {
  return record.items === undefined ? ttftMs(record) : answerLatency(record)[0]
}

/** Of every request of a run, as far as it got. Undefined for a run without one. */
export function waitSeries(summary: Pick<Summary, 'series' | 'loadShape'>): Series | undefined {
  return summary.series[waitFamilyOf(summary)]
}

/** The metrics that a report always shows, limited or not. */
export function alwaysShown(family: WaitFamily): readonly MetricId[] {
  const more = family === 'latency' ? ['items_per_second'] : []
  return [50, 95, 99]
    .map((percentile): MetricId => `${family}_p${percentile}`)
    .concat(['error_rate', 'cost_per_answer', ...more])
}
