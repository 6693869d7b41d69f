// One gate of a report file, to and from its noun.

import type { ChartData } from '../../model/chart-data.ts'
import type { Limit } from '../../model/config.ts'
import { parseMetricId } from '../../model/metric.ts'
import type { ReportTexts } from '../../model/report-document.ts'
import type { GateResult, MetricJudgement } from '../../model/verdict.ts'
import { INTERVAL_LEVEL } from '../../model/verdict-policy.ts'
import type {
  FileChartData,
  FileGate,
  FileInterval,
  FileLimit,
  FileMetric,
} from './report-format.ts'
import { finiteOrNull, orInfinite, present } from './report-nulls.ts'

export function gateToFile(gate: GateResult, words: ReportTexts['gates'][number]): FileGate {
  return {
    name: gate.gate,
    verdict: gate.verdict,
    headline: words.headline,
    asked: gate.asked,
    notAffected: gate.notAffected,
    metrics: gate.metrics.map((metric, index) => metricToFile(metric, words.reasons[index] ?? '')),
    errors: gate.errors,
    errorExamples: gate.errorExamples,
    validity: gate.validity,
    costParts: gate.costParts,
    cost: {
      spentUsd: gate.spent.usd ?? null,
      perAnswerUsd: finiteOrNull(gate.perAnswerUsd),
      estimated: gate.spent.estimated,
      unknown: gate.spent.reason ?? null,
    },
    requests: gate.requests,
    conditions: gate.conditions ?? null,
    subject: gate.subject,
    completed: gate.completed,
    probes: gate.probes,
    subjectChanges: gate.subjectChanges,
    promptChanges: gate.promptChanges,
    loadShape: gate.loadShape,
    invalidities: gate.invalidities,
    warnings: gate.warnings,
    notes: gate.notes,
    baseline: { place: gate.baselinePlace, runs: gate.baselineRuns },
    effort: gate.effort,
    attributions: gate.attributions,
    shares: gate.shares,
    seed: gate.seed,
    chartData: gate.chartData === undefined ? null : chartDataToFile(gate.chartData),
  }
}

function validityFromFile({ validity }: FileGate): GateResult['validity'] | null {
  if (validity === undefined) return null
  const { checked, invalid } = validity
  return { checked, invalid: invalid.map(({ kind, count }) => ({ kind, count })) }
}

export function gateFromFile(file: FileGate): GateResult {
  const { cost } = file
  return {
    gate: file.name,
    verdict: file.verdict,
    asked: file.asked,
    notAffected: file.notAffected,
    metrics: file.metrics.map(metricFromFile),
    invalidities: file.invalidities,
    warnings: file.warnings,
    notes: file.notes,
    errors: file.errors,
    // A stranger's examples are words of a stranger: numbers alone are read back.
    ...present({ validity: validityFromFile(file), costParts: file.costParts ?? null }),
    requests: file.requests,
    completed: file.completed,
    probes: file.probes,
    spent: present({ usd: cost.spentUsd, reason: cost.unknown, estimated: cost.estimated }),
    ...present({ perAnswerUsd: cost.perAnswerUsd, conditions: file.conditions }),
    subject: file.subject,
    subjectChanges: file.subjectChanges,
    promptChanges: file.promptChanges,
    loadShape: file.loadShape,
    baselinePlace: file.baseline.place,
    baselineRuns: file.baseline.runs,
    effort: file.effort,
    attributions: file.attributions,
    shares: file.shares,
    ...(file.chartData === null ? {} : { chartData: chartDataFromFile(file.chartData) }),
    seed: file.seed,
  }
}

function metricToFile(metric: MetricJudgement, text: string): FileMetric {
  const { detectable, drift, interval, limit } = metric
  return {
    id: metric.id,
    unit: metric.unit,
    baseline: finiteOrNull(metric.baseline),
    candidate: finiteOrNull(metric.candidate),
    change: finiteOrNull(metric.change),
    interval: interval === undefined ? null : intervalToFile(interval),
    level: interval && INTERVAL_LEVEL,
    limit: limit === undefined ? null : limitToFile(limit, metric.better),
    verdict: metric.verdict,
    reason: { ...metric.reason, text },
    requests: metric.requests,
    history: metric.history,
    label: metric.label,
    better: metric.better,
    scale: metric.scale,
    failuresReach: (['baseline', 'candidate'] as const).filter(
      (member) => metric[member] === Number.POSITIVE_INFINITY,
    ),
    survivorsOnly: metric.survivorsOnly,
    ceilingHolds: metric.ceilingHolds,
    evidence: metric.evidence,
    detectable:
      detectable === undefined
        ? undefined
        : { at80: finiteOrNull(detectable.at80), best: finiteOrNull(detectable.best) },
    step: metric.step,
    resolution: metric.resolution,
    settles: metric.settles,
    heldBack: metric.heldBack,
    baseBranch: metric.baseBranch,
    accepted: metric.accepted,
    drift: drift === undefined ? undefined : { ...drift, interval: intervalToFile(drift.interval) },
  }
}

function metricFromFile(file: FileMetric): MetricJudgement {
  const { detectable, drift, interval, limit, failuresReach } = file
  const infinite = Object.fromEntries(
    failuresReach.map((member) => [member, Number.POSITIVE_INFINITY]),
  )
  return {
    id: file.id,
    label: file.label,
    unit: file.unit,
    better: file.better,
    scale: file.scale,
    ...present({ baseline: file.baseline, candidate: file.candidate, change: file.change }),
    ...infinite,
    ...present({ survivorsOnly: file.survivorsOnly ?? null }),
    ...(interval === null ? {} : { interval: intervalFromFile(interval) }),
    ...limitFromFile(file.id, limit),
    ...present({
      ceilingHolds: file.ceilingHolds ?? null,
      resolution: file.resolution ?? null,
      step: file.step ?? null,
    }),
    verdict: file.verdict,
    // Its sentence stays in it: harmless, and never read again.
    reason: file.reason,
    requests: file.requests,
    history: file.history,
    evidence: file.evidence,
    ...(detectable === undefined
      ? {}
      : {
          detectable: { at80: orInfinite(detectable.at80), best: orInfinite(detectable.best) },
        }),
    settles: file.settles,
    ...present({ heldBack: file.heldBack ?? null, baseBranch: file.baseBranch ?? null }),
    ...present({ accepted: file.accepted ?? null }),
    ...(drift === undefined
      ? {}
      : { drift: { ...drift, interval: intervalFromFile(drift.interval) } }),
  }
}

function intervalToFile([low, high]: readonly [number, number]): FileInterval {
  return [finiteOrNull(low), finiteOrNull(high)]
}

function intervalFromFile([low, high]: FileInterval): readonly [number, number] {
  return [orInfinite(low, -1), orInfinite(high)]
}

/** In the words of the configuration, which mirror where higher is better. */
function limitToFile(limit: Limit, better: 'lower' | 'higher'): FileLimit {
  const { worsening, ceiling, drift } = limit
  const [relative, absolute] =
    better === 'lower' ? (['increase', 'ceiling'] as const) : (['decrease', 'minimum'] as const)
  return {
    ...(worsening === undefined ? {} : { [relative]: worsening }),
    floor: limit.floor,
    ...(ceiling === undefined ? {} : { [absolute]: ceiling }),
    must_detect: limit.mustDetect,
    drift,
    stated: limit.stated,
  }
}

/** No limit for a metric that is not in the table: it could not be spoken of. */
function limitFromFile(id: string, file: FileLimit | null): { readonly limit?: Limit } {
  const parsed = parseMetricId(id)
  if (file === null || parsed === undefined) return {}
  const { floor, stated, must_detect: mustDetect } = file
  return {
    limit: {
      metric: id,
      family: parsed.family,
      floor,
      mustDetect,
      stated,
      ...present({
        quantile: parsed.quantile ?? null,
        worsening: file.increase ?? file.decrease ?? null,
        ceiling: file.ceiling ?? file.minimum ?? null,
        drift: file.drift ?? null,
      }),
    },
  }
}

/** Without the timeline: it is as long as the run, which has a file of its own. */
function chartDataToFile({ family, quantiles, trend }: ChartData): FileChartData {
  return {
    family,
    quantiles: {
      probabilities: quantiles.probabilities,
      baseline: quantiles.baseline.map(finiteOrNull),
      candidate: quantiles.candidate.map(finiteOrNull),
      band: quantiles.band && {
        low: quantiles.band.low.map(finiteOrNull),
        high: quantiles.band.high.map(finiteOrNull),
      },
      limits: quantiles.limits,
    },
    trend: trend.map((run) => ({
      ...run,
      p50Ms: finiteOrNull(run.p50Ms),
      p95Ms: finiteOrNull(run.p95Ms),
    })),
  }
}

function chartDataFromFile({ family = 'ttft', quantiles, trend }: FileChartData): ChartData {
  return {
    family,
    quantiles: {
      probabilities: quantiles.probabilities,
      baseline: quantiles.baseline.map((ms) => orInfinite(ms)),
      candidate: quantiles.candidate.map((ms) => orInfinite(ms)),
      band: quantiles.band && {
        low: quantiles.band.low.map((ms) => orInfinite(ms)),
        high: quantiles.band.high.map((ms) => orInfinite(ms)),
      },
      limits: quantiles.limits ?? [],
    },
    trend: trend.map((run) => ({
      ...run,
      p50Ms: orInfinite(run.p50Ms),
      p95Ms: orInfinite(run.p95Ms),
    })),
  }
}
