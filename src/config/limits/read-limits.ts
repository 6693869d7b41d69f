// Limits: the stated ones, and the documented defaults for what is not mentioned.

import type { Limit, Workload } from '../../model/config.ts'
import { isExpecting } from '../../model/conversation.ts'
import { metricRow, type ParsedMetricId, parseMetricId } from '../../model/metric.ts'
import { plannedSamples } from '../../model/planned-samples.ts'
import { shown } from '../../model/shown.ts'
import { waitFamily } from '../../model/wait.ts'
import type { RawGate, RawLimit } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { checkLimit } from './check-limit.ts'
import { defaultLimits, defaultMustDetect } from './default-limits.ts'
import { limitWords } from './limit-words.ts'

type Sent = Pick<Workload, 'requests' | 'probes' | 'prompts'>

/** In the file's order, then the defaults for metrics that the file does not name. */
export function readLimits(
  raw: RawGate,
  size: Sent,
  { path, reading }: { readonly path: Path; readonly reading: ConfigReading },
): readonly Limit[] {
  const at = [...path, 'limits']
  const stated: Limit[] = []
  for (const [id, limit] of Object.entries(raw.limits)) {
    const metric = parseMetricId(id)
    if (metric === undefined) {
      const message = `${shown(id)} is not a metric; a percentile is above 0 and below 100`
      reading.report({ path: [...at, id], message, pointAt: 'key' })
    } else if (limit !== 'off') {
      for (const { member, ...problem } of checkLimit(limit, metricRow(metric.family))) {
        reading.report({
          ...problem,
          path: member === undefined ? [...at, id] : [...at, id, member],
        })
      }
      stated.push(readLimit(limit, metric, samplesFor(metric, size)))
    }
  }
  const defaults = defaultLimits({
    samples: size.requests + size.probes,
    prices: raw.prices,
    expecting: size.prompts.some(isExpecting) ? size.requests : 0,
    waits: waitFamily(raw.endpoint.api),
  })
  return [...stated, ...defaults.filter(({ metric }) => !Object.hasOwn(raw.limits, metric))]
}

function samplesFor({ family }: ParsedMetricId, size: Sent): number {
  return plannedSamples(family, size)
}

function readLimit(raw: RawLimit, metric: ParsedMetricId, samples: number): Limit {
  const { id, family, quantile } = metric
  const words = limitWords(metricRow(family))
  const worsening = optional(raw[words.worsening], words.parseRelative)
  const ceiling = optional(raw[words.objective], words.parseAbsolute)
  const drift = optional(raw.drift, words.parseRelative)
  const stated = optional(raw.must_detect, words.parseRelative)
  const usual = Math.max(defaultMustDetect(metric, samples), worsening ?? 0)
  return {
    metric: id,
    family,
    quantile,
    worsening,
    floor: optional(raw.floor, words.parseAbsolute) ?? 0,
    ceiling,
    drift,
    mustDetect: stated ?? usual,
    autoDetect: stated === undefined,
    stated: true,
  }
}

function optional<T>(value: T | undefined, parse: (value: T) => number): number | undefined {
  return value === undefined ? undefined : parse(value)
}
