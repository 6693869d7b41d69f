// What only shows when the parts of a whole configuration are seen together: a budget below the
// plan, limits that can never pass, names that would share a file.

import type { Config, Gate, Limit } from '../../model/config.ts'
import { metricRow } from '../../model/metric.ts'
import { fewestToPass } from './default-limits.ts'
import { formatDuration } from './quantities.ts'
import type { RawConfig } from './raw-config.ts'
import type { Report } from './reading.ts'

export type WholeConfig = {
  readonly raw: RawConfig
  readonly config: Config
  readonly sources: { readonly endpointUrl?: string; readonly referenceUrl?: string }
}

export function findContradictions({ raw, config, sources }: WholeConfig, report: Report): void {
  checkBudget(config, report)
  checkOverride('endpoint-url', sources.endpointUrl, { raw, report })
  checkOverride('reference-url', sources.referenceUrl, { raw, report })
  checkNames(config, report)
  for (const gate of config.gates) {
    for (const limit of gate.limits) checkLimit(gate, limit, report)
    checkGoodput(gate, report)
  }
}

/** Warm-up is paid for as well. */
function checkBudget({ gates, budget }: Config, report: Report): void {
  const planned = gates.reduce((sum, { workload }) => {
    return sum + workload.requests + workload.probes + workload.warmup
  }, 0)
  if (planned > budget.requests) {
    const path = ['budget', 'requests']
    const message = `the gates plan ${planned} requests with warm-up and probes, more than the budget's ${budget.requests}; raise \`requests\` of the budget to ${planned} or more, or ask less in the workloads`
    report({ path, message })
  }
  const sendingMs = gates.reduce((sum, gate) => sum + shortestMs(gate), 0)
  if (budget.durationMs < sendingMs) {
    const message = `the gates' arrivals alone take ${formatDuration(Math.ceil(sendingMs / 1000) * 1000)}, longer than the budget's ${formatDuration(budget.durationMs)}; raise \`duration\` of the budget, or ask less or faster`
    report({ path: ['budget', 'duration'], message })
  }
}

/** An open loop lasts at least as long as its arrivals, whatever the endpoint does. */
function shortestMs({ workload }: Gate): number {
  const { load, requests, probes } = workload
  if (load.kind === 'closed') return 1
  return load.ratePerSecond > 0 ? (1000 * (requests + probes - 1)) / load.ratePerSecond : 0
}

/** One URL in place of several different ones would make gates measure what they are not for. */
function checkOverride(
  input: string,
  url: string | undefined,
  { raw, report }: { readonly raw: RawConfig; readonly report: Report },
): void {
  const urls = new Set(Object.values(raw.gates).map(({ endpoint }) => endpoint.url))
  if (url === undefined || urls.size <= 1) return
  const message = `${input} replaces the URL of every gate, but the gates of this file have ${urls.size} different ones; use a file whose gates share one URL`
  report({ path: [input], message, elsewhere: { file: input } })
}

/** A gate's name is a file's name, and some file systems do not tell case apart. */
function checkNames({ gates }: Config, report: Report): void {
  const seen = new Map<string, string>()
  for (const { name } of gates) {
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      const message = `the gates \`${other}\` and \`${name}\` differ only by case; rename one`
      report({ path: ['gates', name], message, pointAt: 'key' })
    }
    seen.set(name.toLowerCase(), name)
  }
}

function checkLimit(gate: Gate, limit: Limit, report: Report): void {
  const path = ['gates', gate.name, 'limits', limit.metric]
  const has = samplesOf(gate, limit)
  const needs = fewestFor(limit)
  if (limit.stated && has < needs) {
    const what = metricRow(limit.family).feeds === 'answers' ? 'requests' : 'requests and probes'
    const message = `${limit.metric} can fail but never pass with ${has} ${what}; it needs ${needs}`
    report({ path, message, pointAt: 'key', severity: 'warning' })
  }
  if (limit.family === 'cost_per_answer' && gate.prices.kind === 'none') {
    const message = 'cost_per_answer is limited but the gate has no `prices`: it will not be gated'
    report({ path, message, pointAt: 'key', severity: 'warning' })
  }
}

function samplesOf({ workload }: Gate, { family }: Limit): number {
  const probes = metricRow(family).feeds === 'answers' ? 0 : workload.probes
  return workload.requests + probes
}

/** For a ceiling on a rate: as many requests as must all be good to rule it out at 95 %. */
function fewestFor({ family, quantile, ceiling }: Limit): number {
  if (quantile !== undefined) return fewestToPass(quantile)
  if (family === 'error_rate' && ceiling !== undefined && ceiling > 0) {
    return fewestToPass(1 - ceiling)
  }
  return 0
}

/** Goodput counts answers within the latency ceilings, so there must be one. */
function checkGoodput(gate: Gate, report: Report): void {
  const limited = gate.limits.find(({ family }) => family === 'goodput')
  const hasCeiling = gate.limits.some(
    ({ family, ceiling }) => metricRow(family).unit === 'ms' && ceiling !== undefined,
  )
  if (limited === undefined || hasCeiling) return
  const message =
    'goodput counts answers within the latency ceilings, and this gate has none; add a `ceiling` to a latency limit'
  report({ path: ['gates', gate.name, 'limits', 'goodput'], message, pointAt: 'key' })
}
