// The front of `exporters`: what inference servers export of themselves for Prometheus, read into one
// vocabulary. A new engine is one file and one row of the table.

import type { Engine, ServerReading, Tally } from '../../model/server-metrics.ts'
import type { Exporter, MetricSource } from './exporter.ts'
import { LLAMA_CPP } from './llama-cpp.ts'
import { type MetricSample, readPrometheusText } from './prometheus-text.ts'
import { SGLANG } from './sglang.ts'
import { TENSORRT_LLM } from './tensorrt-llm.ts'
import { TGI } from './tgi.ts'
import { TRITON } from './triton.ts'
import { VLLM } from './vllm.ts'

const EXPORTERS: readonly Exporter[] = [VLLM, SGLANG, TGI, LLAMA_CPP, TENSORRT_LLM, TRITON]

export type ExporterRead =
  | {
      readonly ok: true
      readonly engine: Engine
      readonly reading: Omit<ServerReading, 'atMs'>
    }
  | { readonly ok: false; readonly problem: string }

/** Never throws. The problem completes "endpoint.metrics ". */
export function readExporter(text: string): ExporterRead {
  const samples = readPrometheusText(text)
  if (samples === undefined) {
    const what = /^\s*(<!doctype|<html|<\?xml)/i.test(text) ? 'an HTML page' : 'something else'
    return { ok: false, problem: `is ${what}, not the text format of Prometheus` }
  }
  const exporter = EXPORTERS.find(({ mark }) => samples.some(({ name }) => mark.test(name)))
  if (exporter === undefined) {
    const known = EXPORTERS.map(({ title }) => title).join(', ')
    const [first] = samples
    const found = first === undefined ? 'has no sample' : `begins with ${first.name.slice(0, 60)}`
    return { ok: false, problem: `${found}, which is no metric of a known engine (${known})` }
  }
  return { ok: true, engine: exporter.engine, reading: readingOf(exporter, samples) }
}

function readingOf(
  exporter: Exporter,
  samples: readonly MetricSample[],
): Omit<ServerReading, 'atMs'> {
  const { gauges, tallies } = exporter
  return {
    running: sumOf(gauges.running, samples),
    waiting: sumOf(gauges.waiting, samples),
    kvCacheUse: largestShare(gauges.kvCacheUse, samples),
    queueMs: tallyOf(tallies.queueMs, samples),
    prefillMs: tallyOf(tallies.prefillMs, samples),
    prefixHits: tallyOf(tallies.prefixHits, samples),
    preemptions: sumOf(tallies.preemptions, samples),
  }
}

/** The first of the names that is there: an engine has renamed some of them over time. */
function valuesOf(
  source: MetricSource | undefined,
  samples: readonly MetricSample[],
): readonly number[] {
  for (const name of source?.names ?? []) {
    const values = samples.flatMap((sample) =>
      sample.name === name && hasLabels(sample, source?.labels) && Number.isFinite(sample.value)
        ? [sample.value]
        : [],
    )
    if (values.length > 0) return values
  }
  return []
}

function hasLabels(sample: MetricSample, labels: MetricSource['labels']): boolean {
  return Object.entries(labels ?? {}).every(([name, value]) => sample.labels.get(name) === value)
}

/** Over all models and workers behind the one address. */
function sumOf(
  source: MetricSource | undefined,
  samples: readonly MetricSample[],
): number | undefined {
  const values = valuesOf(source, samples).filter((value) => value >= 0)
  if (values.length === 0) return undefined
  const sum = values.reduce((total, value) => total + value, 0) * (source?.factor ?? 1)
  if (source?.plus === undefined) return sum
  const more = sumOf({ ...source, names: [source.plus], plus: undefined }, samples)
  return more === undefined ? undefined : sum + more
}

/** The fullest worker's: that one makes requests wait. */
function largestShare(
  source: MetricSource | undefined,
  samples: readonly MetricSample[],
): number | undefined {
  const values = valuesOf(source, samples).filter((value) => value >= 0 && value <= 1)
  return values.length === 0 ? undefined : Math.max(...values)
}

function tallyOf(
  tally: { readonly sum: MetricSource; readonly count: MetricSource } | undefined,
  samples: readonly MetricSample[],
): Tally | undefined {
  const sum = sumOf(tally?.sum, samples)
  const count = sumOf(tally?.count, samples)
  return sum === undefined || count === undefined ? undefined : { sum, count }
}
