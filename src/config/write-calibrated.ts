// Settings that were calibrated, put into a config: the requests, the increases of its limits, and what
// two deployments differ by, each with a comment that says when and from what.

import type { Calibration } from '../model/calibration.ts'
import type { Gate, Limit } from '../model/config.ts'
import { metricRow } from '../model/metric.ts'
import { limitWords } from './limits/limits.ts'
import { formatDuration, formatPercentage } from './quantities.ts'
import { editYaml, type YamlEdit } from './yaml/yaml.ts'

/** The whole text; undefined where a part of the gate is an alias, which others share. */
export function writeCalibrated(
  text: string,
  gate: Gate,
  { calibration, dayIso }: { readonly calibration: Calibration; readonly dayIso: string },
): string | undefined {
  const { chosen, runs, noise, arms } = calibration
  const at = ['gates', gate.name]
  const when = `${dayIso.slice(0, 10)}, ${runs} runs`
  const workload: readonly YamlEdit[] = [
    { path: [...at, 'workload', 'requests'], value: chosen.requests, comment: when },
    { path: [...at, 'workload', 'probes'], value: chosen.probes },
  ]
  const limits = chosen.limits.flatMap(({ metric, increase }): readonly YamlEdit[] => {
    const limit = gate.limits.find((each) => each.metric === metric)
    const reach = noise.find((each) => each.metric === metric)?.reach
    if (limit === undefined || reach === undefined) return []
    const comment = `${dayIso.slice(0, 10)}: unchanged runs stay below +${formatPercentage(rounded(reach))}`
    return limit.stated
      ? statedEdits([...at, 'limits', metric], { limit, increase })
      : [{ path: [...at, 'limits', metric], value: wholeLimit(limit, increase), comment }]
  })
  const isMap = gate.reference.kind === 'endpoint'
  const differs: readonly YamlEdit[] =
    chosen.differs === undefined || !isMap
      ? []
      : [
          {
            path: [...at, 'reference', 'differs'],
            value: formatPercentage(chosen.differs),
            comment: `${dayIso.slice(0, 10)}, ${arms?.pairs ?? 0} pairs`,
          },
        ]
  return editYaml(text, [...workload, ...limits, ...differs])
}

/** A limit that a person wrote keeps its other members; `must_detect` is never below the increase. */
function statedEdits(
  path: readonly string[],
  { limit, increase }: { readonly limit: Limit; readonly increase: number },
): readonly YamlEdit[] {
  const word = limitWords(metricRow(limit.family)).worsening
  const detect = limit.autoDetect !== true && limit.mustDetect < increase
  return [
    { path: [...path, word], value: formatPercentage(increase) },
    ...(detect ? [{ path: [...path, 'must_detect'], value: formatPercentage(increase) }] : []),
    ...(limit.drift !== undefined && limit.drift < increase
      ? [{ path: [...path, 'drift'], value: formatPercentage(increase) }]
      : []),
  ]
}

/** A default limit is written out whole: a metric that is named replaces it so. */
function wholeLimit(limit: Limit, increase: number): Readonly<Record<string, string>> {
  const row = metricRow(limit.family)
  const relative = { [limitWords(row).worsening]: formatPercentage(increase) }
  return limit.floor > 0 && row.unit === 'ms'
    ? { ...relative, floor: formatDuration(limit.floor) }
    : relative
}

function rounded(ratio: number): number {
  return Math.ceil(ratio * 1000) / 1000
}
