// What only shows when the parts of a whole configuration are seen together: a budget below the
// plan, limits that can never pass, names that would share a file.

import { answerKind, type Config, type Gate, type Limit } from '../model/config.ts'
import { isExpecting } from '../model/conversation.ts'
import { metricRow } from '../model/metric.ts'
import { plannedSamples } from '../model/planned-samples.ts'
import { ALPHA } from '../model/verdict-policy.ts'
import { waitFamily } from '../model/wait.ts'
import { fewestToPass } from '../stats/threshold.ts'
import { checkBudget } from './check-budget.ts'
import { checkConversations } from './check-conversations.ts'
import { checkInFlight } from './in-flight.ts'
import { waitLimits } from './limits/limits.ts'
import type { RawConfig } from './raw-config.ts'
import type { OnProblem } from './reading.ts'

export type WholeConfig = {
  readonly raw: RawConfig
  readonly config: Config
  readonly sources: {
    readonly endpointUrl?: string
    readonly referenceUrl?: string
    readonly onlyGate?: string
    readonly judged?: 'here' | 'elsewhere'
    readonly mostInFlight?: number
  }
}

export function findContradictions({ raw, config, sources }: WholeConfig, report: OnProblem): void {
  checkBudget(config, report)
  checkInFlight(config, sources.mostInFlight, report)
  // A single gate that is measured has one URL.
  if (sources.onlyGate === undefined) {
    checkOverride('endpoint-url', sources.endpointUrl, { raw, report })
    checkOverride('reference-url', sources.referenceUrl, { raw, report })
  }
  checkNames(config, report)
  for (const gate of config.gates) {
    if (sources.judged !== 'elsewhere') {
      for (const limit of gate.limits) checkLimit(gate, limit, report)
      checkLeftOut(gate, raw, report)
    }
    checkGoodput(gate, report)
    checkValidity(gate, report)
    checkColdStart(gate, report)
    checkServerNumbers(gate, report)
    checkConversations(gate, raw.gates[gate.name], report)
    checkAnswers(gate, report)
  }
}

/** One URL in place of several different ones would make gates measure what they are not for. */
function checkOverride(
  input: string,
  url: string | undefined,
  { raw, report }: { readonly raw: RawConfig; readonly report: OnProblem },
): void {
  const urls = new Set(Object.values(raw.gates).map(({ endpoint }) => endpoint.url))
  if (url === undefined || urls.size <= 1) return
  const message = `${input} replaces the URL of every gate, but the gates of this file have ${urls.size} different ones; use a file whose gates share one URL, or on the command line name one of them with --gate`
  report({ path: [input], message, elsewhere: { file: input } })
}

/** Whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i

/** A gate's name is a file's name, and some file systems do not tell case apart. */
function checkNames({ gates }: Config, report: OnProblem): void {
  const seen = new Map<string, string>()
  for (const { name } of gates) {
    if (DEVICE.test(name)) {
      const message = `\`${name}\` is a device on Windows, where no file can have this name; rename the gate`
      report({ path: ['gates', name], message, pointAt: 'key' })
    }
    const other = seen.get(name.toLowerCase())
    if (other !== undefined) {
      const message = `the gates \`${other}\` and \`${name}\` differ only by case; rename one`
      report({ path: ['gates', name], message, pointAt: 'key' })
    }
    seen.set(name.toLowerCase(), name)
  }
}

function checkLimit(gate: Gate, limit: Limit, report: OnProblem): void {
  const path = ['gates', gate.name, 'limits', limit.metric]
  const has = samplesOf(gate, limit)
  const needs = fewestFor(limit)
  if (limit.stated && has < needs) {
    const what = feedersOf(limit)
    const message = `${limit.metric} can fail but never pass with ${has} ${what}; it needs ${needs}`
    report({ path, message, pointAt: 'key', severity: 'warning' })
  }
  if (limit.family === 'cost_per_answer' && gate.prices.kind === 'none') {
    const message = 'cost_per_answer is limited but the gate has no `prices`: it will not be gated'
    report({ path, message, pointAt: 'key', severity: 'warning' })
  }
}

function feedersOf({ family }: Limit): string {
  const { feeds, turns } = metricRow(family)
  if (turns !== undefined) return `${turns} turns`
  return feeds === 'answers' ? 'requests' : 'requests and probes'
}

function samplesOf({ workload }: Gate, { family }: Limit): number {
  return plannedSamples(family, workload)
}

/** For a ceiling on a rate: as many requests as must all be good to rule it out at 95 %. */
function fewestFor({ family, quantile, ceiling }: Limit): number {
  if (quantile !== undefined) return fewestToPass(quantile, ALPHA)
  if (family === 'error_rate' && ceiling !== undefined && ceiling > 0 && ceiling < 1) {
    return fewestToPass(1 - ceiling, ALPHA)
  }
  return 0
}

/** A p95 that everybody expects is missed only by who was told that it is not gated. */
function checkLeftOut(gate: Gate, raw: RawConfig, report: OnProblem): void {
  const named = raw.gates[gate.name]?.limits ?? {}
  const samples = gate.workload.requests + gate.workload.probes
  for (const { metric, quantile } of waitLimits(waitFamily(gate.endpoint.api))) {
    const needs = fewestToPass(quantile, ALPHA)
    if (quantile > 0.95 || samples >= needs || Object.hasOwn(named, metric)) continue
    const message = `${metric} is not gated with ${samples} requests and probes: it needs ${needs} to pass`
    const path = ['gates', gate.name, 'workload', 'requests']
    report({ path, message, severity: 'warning' })
  }
}

/** A limit on what is never measured would never be judged. */
function checkColdStart({ name, endpoint, limits }: Gate, report: OnProblem): void {
  const isMeasured = endpoint.ready !== undefined || endpoint.idleMs !== undefined
  if (isMeasured || limits.every(({ family }) => family !== 'cold_start')) return
  const message =
    'cold_start is the first answer after `ready` or after the idle time of `cold_start`, and the endpoint has neither; add one of them to `endpoint`'
  report({ path: ['gates', name, 'limits', 'cold_start'], message, pointAt: 'key' })
}

/** The server says it itself, where somebody asks it. */
function checkServerNumbers({ name, endpoint, limits }: Gate, report: OnProblem): void {
  if (endpoint.metricsUrl !== undefined) return
  for (const { family, metric } of limits) {
    if (metricRow(family).from !== 'server') continue
    const message = `${metric} is a number that the inference server exports, and \`endpoint.metrics\` does not say where; add \`metrics: {url: http://host:8000/metrics}\` to \`endpoint\``
    report({ path: ['gates', name, 'limits', metric], message, pointAt: 'key' })
  }
}

/** Goodput counts answers within the latency ceilings, so there must be one. */
function checkGoodput(gate: Gate, report: OnProblem): void {
  const limited = gate.limits.find(({ family }) => family === 'goodput')
  const hasCeiling = gate.limits.some(
    ({ family, ceiling }) => metricRow(family).unit === 'ms' && ceiling !== undefined,
  )
  if (limited === undefined || hasCeiling) return
  const message =
    'goodput counts answers within the latency ceilings, and this gate has none; add a `ceiling` to a latency limit'
  report({ path: ['gates', gate.name, 'limits', 'goodput'], message, pointAt: 'key' })
}

/** What is valid is for the prompts to say. */
function checkValidity({ name, limits, workload, prices }: Gate, report: OnProblem): void {
  if (workload.prompts.some(isExpecting)) return
  const remedy = 'and no prompt of this gate says what one is; add `expect` to a prompt'
  if (limits.some(({ family }) => family === 'answer_validity')) {
    const message = `answer_validity counts valid answers, ${remedy}`
    report({ path: ['gates', name, 'limits', 'answer_validity'], message, pointAt: 'key' })
  }
  if (prices.kind !== 'none' && prices.per === 'valid-answer') {
    const message = `the cost is divided by valid answers, ${remedy}`
    report({ path: ['gates', name, 'prices', 'per'], message })
  }
}

/** A limit on what such answers do not have would never be judged. */
function checkAnswers({ name, endpoint: { api }, limits }: Gate, report: OnProblem): void {
  const kind = answerKind(api)
  for (const { metric, family, stated } of limits) {
    const { of = kind } = metricRow(family)
    if (of === kind || !stated) continue
    const message =
      kind === 'items'
        ? `${metric} is of answers made of tokens, and those of ${api} have none; expected latency_p50, latency_p95, latency_p99, items_per_second, error_rate or cost_per_answer`
        : `${metric} counts vectors or rankings, and answers of ${api} have none; expected output_tokens_per_second or a latency`
    report({ path: ['gates', name, 'limits', metric], message, pointAt: 'key' })
  }
}
