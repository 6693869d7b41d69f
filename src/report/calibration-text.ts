// What `calibrate` prints: how far the runs of an endpoint lie apart, what so many requests find and
// take, and the settings that follow. Plain text for a terminal.

import type { ArmsDiffer, Calibration, SizeFinds } from '../model/calibration.ts'
import type { Gate } from '../model/config.ts'
import { type MetricId, metricRow, parseMetricId } from '../model/metric.ts'
import { metricUnit } from '../model/metric-label.ts'
import { MOST_DIFFERING } from '../model/verdict-policy.ts'
import { DAY_MS } from '../stats/moment.ts'
import * as format from './format.ts'
import { capitalized, likenessWords } from './likeness.ts'
import { painter, tableLines, wrapped } from './render/render.ts'

export type CalibrationShown = {
  readonly gate: Gate
  readonly calibration: Calibration
  readonly spentUsd: number
  readonly requests: number
}

export function calibrationText(
  shown: CalibrationShown,
  { width }: { readonly width: number },
): string {
  const { gate, calibration, requests, spentUsd } = shown
  const { runs, recorded, likeness, arms } = calibration
  const before = recorded === 0 ? '' : `, ${recorded} of them recorded earlier`
  const money = gate.prices.kind === 'none' ? '' : `, ${format.usd(spentUsd)}`
  const lines = [
    `${gate.name}: ${format.count(runs, 'run')}${before}; ${format.count(requests, 'request')} sent now${money}`,
    ...wrapped(`${capitalized(likenessWords(likeness))}.`, width, '  '),
    ...(arms === undefined ? [] : wrapped(armsWords(arms), width, '  ')),
    ...dayWords(calibration, width),
    '',
    ...noiseLines(shown, width),
    '',
    ...sizeLines(shown, width),
    '',
    ...chosenLines(shown, width),
  ]
  return `${lines.join('\n')}\n`
}

function armsWords({ rounds, pairs, mean, each }: ArmsDiffer): string {
  const way = mean >= 0 ? 'slower' : 'faster'
  return `The endpoint is ${format.percent(Math.abs(mean))} ${way} than the reference arm (${format.count(pairs, 'pair')} in ${format.count(rounds, 'round')}). ${each > MOST_DIFFERING ? 'That is more than two deployments of the same thing differ by.' : `Where both are the same thing, two deployments of it differ by about ${format.percent(each)}.`}`
}

function dayWords({ spanMs }: Calibration, width: number): readonly string[] {
  if (spanMs >= DAY_MS) return []
  return wrapped(
    'All runs are of one day and may share its level: days of a shared service lie further apart. Record at the hours at which pull requests are judged, and calibrate again after a week.',
    width,
    '  ',
  )
}

function noiseLines({ calibration: { noise } }: CalibrationShown, width: number) {
  return tableLines({
    head: ['  Metric', 'Level', 'One run is off by', 'Runs lie apart', 'Unchanged stays below'],
    aligns: ['left', 'right', 'right', 'right', 'right'],
    rows: noise.map(({ metric, level, within, between, reach }) => [
      `  ${metric}`,
      format.value(level, metricUnit(metric)),
      `±${format.percent(within)}`,
      `±${format.percent(between)}`,
      format.change(reach, 'ratio'),
    ]),
    width,
    paint: painter({ color: false }),
  })
}

function sizeLines({ calibration: { sizes, chosen }, gate }: CalibrationShown, width: number) {
  const metrics = sizes[0]?.finds.map(({ metric }) => metric) ?? []
  const usd = gate.prices.kind === 'none' ? [] : ['Costs']
  return tableLines({
    head: ['  Requests', 'Probes', ...usd, 'Takes', ...metrics.map((metric) => `${metric} finds`)],
    aligns: [
      'left',
      ...Array.from({ length: 2 + usd.length + metrics.length }, () => 'right' as const),
    ],
    rows: sizes.map((size) => [
      `${size.requests === chosen.requests ? '> ' : '  '}${size.requests}`,
      String(size.probes),
      ...usd.map(() => (size.usd === undefined ? '–' : format.usd(size.usd))),
      size.ms === undefined ? '–' : format.span(size.ms),
      ...metrics.map((metric) => findsOf(size, metric)),
    ]),
    width,
    paint: painter({ color: false }),
  }).concat(
    ...wrapped(
      '"Finds": the smallest worsening found four times of five beside the other limits, by the history alone.',
      width,
      '  ',
    ),
  )
}

function findsOf({ finds }: SizeFinds, metric: MetricId): string {
  const found = finds.find((each) => each.metric === metric)
  if (found?.change === undefined) return '–'
  return found.change > NOTHING_FOUND
    ? 'nothing'
    : format.worsening(found.change, { ...found, better: betterOf(metric) })
}

function chosenLines({ gate, calibration: { chosen } }: CalibrationShown, width: number) {
  const limits = chosen.limits.map(
    ({ metric, increase }) => `${metric} {${word(metric)}: ${format.percent(increase)}}`,
  )
  const differs =
    chosen.differs === undefined ? '' : `, reference {differs: ${format.percent(chosen.differs)}}`
  const text = `Chosen: workload {requests: ${chosen.requests}, probes: ${chosen.probes}}${limits.length === 0 ? '' : `, limits ${limits.join(', ')}`}${differs}. The config has requests: ${gate.workload.requests}, probes: ${gate.workload.probes}. --write puts what is chosen into the config.`
  return wrapped(text, width, '  ')
}

/** Ten times as slow is seen without a gate. */
const NOTHING_FOUND = 9

function word(metric: MetricId): 'increase' | 'decrease' {
  return betterOf(metric) === 'lower' ? 'increase' : 'decrease'
}

function betterOf(metric: MetricId): 'lower' | 'higher' {
  return metricRow(parseMetricId(metric)?.family ?? 'ttft').better
}
