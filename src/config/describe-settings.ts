// The settings that a pull request cannot change for itself, as the text a person would write, by
// the path they have in the file: what a list of proposed changes compares and shows.

import { arrivalsText } from '../model/arrival-stages.ts'
import type {
  Config,
  Gate,
  Limit,
  Prices,
  Prompt,
  ReferenceArm,
  Workload,
} from '../model/config.ts'
import { sha256Hex } from '../model/digest.ts'
import { metricRow } from '../model/metric.ts'
import type { ShareLimit } from '../model/share.ts'
import { shownUrl } from '../model/shown-url.ts'
import { OWN_SETTINGS } from './affected.ts'
import { limitWords } from './limits/limits.ts'
import { formatDuration, formatMoney, formatPercentage } from './quantities.ts'

export function describeGate(gate: Gate): ReadonlyMap<string, string> {
  const path = `gates.${gate.name}`
  const limits = gate.limits.map((limit): readonly [string, string] => [
    `${path}.limits.${limit.metric}`,
    limitText(limit),
  ])
  const { affectedBy } = gate
  const reference = [`${path}.reference`, referenceText(gate.reference)] as const
  const text = affectedBy && [OWN_SETTINGS, ...affectedBy].join(', ')
  return new Map([
    ...limits,
    reference,
    ...(gate.compare.length === 0
      ? []
      : [[`${path}.compare`, gate.compare.map(compareText).join('; ')] as const]),
    ...(text === undefined ? [] : [[`${path}.affected_by`, text] as const]),
    ...workloadMembers(gate.workload).map(
      ([member, value]) => [`${path}.workload.${member}`, value] as const,
    ),
    [`${path}.prices`, pricesText(gate.prices)],
  ])
}

type Member = readonly [member: string, text: string]

function workloadMembers(workload: Workload): readonly Member[] {
  const { requests, probes, load, warmup, promptCache, timeouts, maxClientDelayMs, seed } = workload
  const { connectMs, firstTokenMs, idleMs, totalMs } = timeouts
  const times = [connectMs, firstTokenMs, idleMs, totalMs].map(formatDuration)
  return [
    ['prompts', promptsText(workload.prompts)],
    ['requests', String(requests)],
    ['probes', String(probes)],
    load.kind === 'closed'
      ? ['concurrency', String(load.concurrency)]
      : ['arrivals', `${arrivalsText(load)}, at most ${load.maxInFlight}`],
    ['warmup', String(warmup)],
    ['prompt_cache', promptCache],
    ['timeouts', times.join(', ')],
    ['max_client_delay', formatDuration(maxClientDelayMs)],
    ['seed', String(seed)],
  ]
}

/** Their content by a digest: it can be long, and it is foreign. */
function promptsText(prompts: readonly Prompt[]): string {
  const digest = sha256Hex(JSON.stringify(prompts)).slice(0, 8)
  return `${prompts.length} (digest ${digest})`
}

function pricesText(prices: Prices): string {
  if (prices.kind === 'none') return 'none'
  const per = prices.per === undefined ? '' : ', per valid answer'
  if (prices.kind === 'gpu-hour') {
    return `${formatMoney(prices.usdPerHour)} an hour, ${prices.gpus}${per}`
  }
  const { input, cachedInput, output, reasoning, request, source } = prices
  const perMillion = (usd: number) => `${formatMoney(Number((usd * 1e6).toPrecision(12)))}/M`
  const tokens = `input ${perMillion(input)}, cached ${perMillion(cachedInput)}, output ${perMillion(output)}, reasoning ${perMillion(reasoning)}`
  const each = request === 0 ? '' : `, ${formatMoney(request)} a request`
  return `${tokens}${each}${source === undefined ? '' : `, from ${source}`}${per}`
}

export function describeSettings({
  budget,
  confirmAfterMs,
  baseline,
  policy,
}: Config): ReadonlyMap<string, string> {
  return new Map([
    ['budget.cost', formatMoney(budget.costUsd)],
    ['budget.duration', formatDuration(budget.durationMs)],
    ['budget.requests', String(budget.requests)],
    ['budget.in_flight', String(budget.inFlight ?? 'as the gates say')],
    ['confirm', confirmAfterMs === undefined ? 'none' : `after ${formatDuration(confirmAfterMs)}`],
    ['baseline.branch', baseline.branch],
    ['baseline.keep', String(baseline.keep)],
    ['baseline.max_age', formatDuration(baseline.maxAgeMs)],
    ['policy.inconclusive', policy.inconclusive],
    ['policy.no_baseline', policy.noBaseline],
    ['policy.invalid', policy.invalid],
    ['policy.no_secrets', policy.noSecrets],
    ['policy.dropped_gate', policy.droppedGate],
    ['policy.base_regressed', policy.baseRegressed],
    ['policy.accept_label', policy.acceptLabel],
    ['policy.allowed_hosts', listText(policy.allowedHosts, 'any')],
    ['policy.allowed_env', listText(policy.allowedEnv, 'none')],
  ])
}

function listText(items: readonly string[], empty: string): string {
  return items.length === 0 ? empty : items.join(', ')
}

/** As in the file: `cold: ttft_p50 at_most 50%`. */
function compareText({ gate, metric, side, share }: ShareLimit): string {
  return `${gate}: ${metric} ${side === 'at-most' ? 'at_most' : 'at_least'} ${formatPercentage(share)}`
}

/** As in the file: `increase: 15%, floor: 50ms, must_detect: 30%`; what was left out is left out. */
export function limitText(limit: Limit): string {
  const words = limitWords(metricRow(limit.family))
  const { worsening, floor, ceiling, mustDetect, autoDetect, drift } = limit
  const isStated = worsening !== undefined && autoDetect !== true
  const members: readonly (readonly [string, string | undefined])[] = [
    [words.worsening, text(worsening, words.formatRelative)],
    ['floor', floor === 0 ? undefined : words.formatAbsolute(floor)],
    [words.objective, text(ceiling, words.formatAbsolute)],
    ['must_detect', isStated ? words.formatRelative(mustDetect) : undefined],
    ['drift', text(drift, words.formatRelative)],
  ]
  return members
    .filter(([, value]) => value !== undefined)
    .map(([word, value]) => `${word}: ${value}`)
    .join(', ')
}

function text(value: number | undefined, format: (value: number) => string): string | undefined {
  return value === undefined ? undefined : format(value)
}

/** Header values are not shown: they may be secret. */
function referenceText(reference: ReferenceArm): string {
  if (reference.kind === 'none') return reference.kind
  const { differs } = reference
  const apart = differs === undefined ? '' : `, differs ${formatPercentage(differs)}`
  if (reference.kind === 'base') return `base${apart}`
  const { api, url, model, headers, body } = reference.endpoint
  const names = listText(Object.keys(headers), 'none')
  return `${shownUrl(url) ?? 'not filled in'}, api ${api}, model ${model}, headers ${names}, body ${JSON.stringify(body)}${apart}`
}
