// What `plan` prints: what a run would send, cost and take, and the smallest change each limited metric
// would show. Plain text for a terminal.

import type { Gate } from '../model/config.ts'
import { isOfConversations, shareOfTurns } from '../model/conversation.ts'
import { metricRow, parseMetricId } from '../model/metric.ts'
import type { Estimate } from '../model/plan.ts'
import type { Invalidity } from '../model/run.ts'
import type { Detectable } from '../model/verdict.ts'
import { POWER } from '../stats/detectable-change.ts'
import { invalidityWords } from './describe/describe.ts'
import * as format from './format.ts'
import { painter, tableLines, wrapped } from './render/render.ts'

export type PlanShown = {
  readonly gate: Gate
  /** Runs of the baseline behind the numbers. */
  readonly runs: number
  readonly estimate: Estimate
  readonly probesUsd?: number
  readonly forbidden?: Invalidity
  readonly detects: readonly {
    readonly metric: string
    readonly scale: 'ratio' | 'difference'
    readonly requests: number
    readonly needsToFail: number
    readonly needsToPass: number
    readonly detectable?: Detectable
  }[]
}

export function planText(shown: PlanShown, { width }: { readonly width: number }): string {
  const { gate, runs, estimate } = shown
  const lines = [
    `${gate.name}: ${gate.endpoint.api} ${gate.endpoint.model} at ${gate.endpoint.url}`,
    `  sends     ${sends(gate, estimate)}`,
    `  costs     ${costs(shown)}`,
    `  takes     ${estimate.durationMs === undefined ? 'not known until a first run is recorded' : `about ${format.span(estimate.durationMs)}`}`,
    `  baseline  ${format.count(runs, 'run')}${runs === 0 ? ': figures below are for a usual endpoint with one run of this size' : ''}`,
    ...forbiddenLines(shown, width),
    '',
    ...detectLines(shown, width),
  ]
  return `${lines.join('\n')}\n`
}

function sends({ workload }: Gate, { requests }: Estimate): string {
  const probes =
    workload.probes > 0 ? `, ${format.count(workload.probes, 'first-token probe')}` : ''
  return `${format.count(requests, 'request')}: ${format.count(workload.requests, 'answer')}${talks(workload)}${probes}, ${workload.warmup} to warm up`
}

/** As many as are begun, the last of them perhaps cut short. */
function talks(workload: Gate['workload']): string {
  if (!isOfConversations(workload)) return ''
  const begun = Math.round(workload.requests * shareOfTurns(workload).first)
  return ` in ${format.count(begun, 'conversation')}`
}

function costs({ gate: { prices }, estimate: { costUsd }, probesUsd }: PlanShown): string {
  if (costUsd === undefined) return 'not known: no prices, or no earlier run to go by'
  const from =
    prices.kind === 'tokens' && prices.source !== undefined ? `, by ${prices.source}` : ''
  const probes = probesUsd === undefined ? '' : `, ${format.usd(probesUsd)} of it for the probes`
  return `about ${format.usd(costUsd)}${probes}${from}`
}

function forbiddenLines({ forbidden }: PlanShown, width: number): readonly string[] {
  if (forbidden === undefined) return []
  const { fact, remedy } = invalidityWords(forbidden)
  return wrapped(`over budget: ${fact} ${remedy}`, width, '  ')
}

function detectLines({ detects }: PlanShown, width: number): readonly string[] {
  return tableLines({
    head: ['  Metric', 'Shows a change of', 'At best', 'Samples', 'To fail', 'To pass'],
    aligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    rows: detects.map(({ metric, scale, requests, needsToFail, needsToPass, detectable }) => [
      `  ${metric}`,
      changeText(detectable?.at80, { metric, scale }),
      changeText(detectable?.best, { metric, scale }),
      String(requests),
      String(needsToFail),
      String(needsToPass),
    ]),
    width,
    paint: painter({ color: false }),
  }).concat('', ...wrapped(EXPLANATION, width, '  '))
}

/** With one run of a shared service nearly nothing is known: how many million percent says no more. */
const MOST_SAID = 10

function changeText(
  size: number | undefined,
  of: Pick<PlanShown['detects'][number], 'metric' | 'scale'>,
): string {
  if (size === undefined) return '–'
  const { better } = metricRow(parseMetricId(of.metric)?.family ?? 'ttft')
  const said = format.worsening(Math.min(size, MOST_SAID), { ...of, better })
  return size > MOST_SAID ? `> ${said}` : said
}

const EXPLANATION = `"Shows a change of": found with ${format.percent(POWER)} power by what is planned. "At best": with any number of requests; below it only a longer history or a reference arm helps. Fewer samples than "to fail" or "to pass" leave the metric undecided.`
