// What a reader should know of a run that does not void it.

import type { Measurement } from '../../model/measurement.ts'
import type { Plan } from '../../model/plan.ts'
import type { Arm, RequestRecord } from '../../model/request-record.ts'
import type { RunWarning } from '../../model/run.ts'
import { usageDisagreement } from './usage-disagreement.ts'

/** Shares of completed requests, or of token events, from which on something is worth saying. */
const IGNORED_LIMIT_SHARE = 0.05
const COALESCED_SHARE = 0.2
const EMPTY_PROBES_SHARE = 0.5
const FRESH_SHARE = 0.1
/** Tokens beyond the limit that are a server's way of counting, not ignoring it. */
const SPARE_TOKENS = 2

export function warningsOf(measurement: Measurement, plan: Plan): readonly RunWarning[] {
  const { records } = measurement
  const completed = records.filter((record) => record.outcome === 'completed')
  return [
    limitIgnored(completed),
    usageDisagreement(completed),
    usageMissing(completed),
    probesEmpty(records),
    coalesced(completed),
    serverCloses(measurement, plan),
    rateLimited(records),
    answersUnchecked(measurement, plan),
    fromCache(completed),
    unsettled(measurement, 'candidate'),
    unsettled(measurement, 'reference'),
    metricsUnread(measurement),
  ].filter((warning) => warning !== undefined)
}

function limitIgnored(completed: readonly RequestRecord[]): RunWarning | undefined {
  const offenders = completed.filter(
    ({ usage, maxOutputTokens, kind }) =>
      kind === 'answer' &&
      usage?.source === 'server' &&
      usage.outputTokens - usage.reasoningTokens > maxOutputTokens + SPARE_TOKENS,
  )
  const worst = offenders.toSorted((a, b) => excess(b) - excess(a))[0]
  if (worst === undefined || offenders.length < IGNORED_LIMIT_SHARE * completed.length) {
    return undefined
  }
  const got = worst.usage?.outputTokens ?? 0
  return { kind: 'output-tokens-ignored', asked: worst.maxOutputTokens, got }
}

function excess(record: RequestRecord): number {
  return (record.usage?.outputTokens ?? 0) - record.maxOutputTokens
}

function usageMissing(completed: readonly RequestRecord[]): RunWarning | undefined {
  const requests = completed.filter((record) => record.usage?.source !== 'server').length
  return requests === 0 ? undefined : { kind: 'usage-missing', requests }
}

/** One token was asked for and spent on something invisible: such probes can tell nothing. */
function probesEmpty(records: readonly RequestRecord[]): RunWarning | undefined {
  const probes = records.filter((record) => record.kind === 'probe')
  const empty = probes.filter((record) => record.outcome === 'empty').length
  if (empty === 0 || empty < EMPTY_PROBES_SHARE * probes.length) return undefined
  return { kind: 'probes-empty', empty, probes: probes.length }
}

/** Token events that shared a read with an earlier one: their gaps cannot be seen. */
function coalesced(completed: readonly RequestRecord[]): RunWarning | undefined {
  const answers = completed.filter((record) => record.kind === 'answer')
  const events = answers.reduce((sum, record) => sum + record.tokenEvents, 0)
  const reads = answers.reduce((sum, record) => sum + record.tokenReads, 0)
  const share = events === 0 ? 0 : 1 - reads / events
  return share > COALESCED_SHARE ? { kind: 'coalesced-reads', share } : undefined
}

/** Only where no connection is ever idle: an idle one is given up by the client itself. */
function serverCloses({ conditions }: Measurement, plan: Plan): RunWarning | undefined {
  const isBusy =
    plan.load.kind === 'closed' &&
    plan.requests.every(({ pair, turn }) => pair === undefined && (turn?.thinkMs ?? 0) === 0)
  if (!isBusy) return undefined
  const { freshConnections, unwarmedConnections = 0, measuredRequests } = conditions
  const share = (freshConnections - unwarmedConnections) / Math.max(1, measuredRequests)
  return share > FRESH_SHARE ? { kind: 'server-closes-connections', share } : undefined
}

function rateLimited(records: readonly RequestRecord[]): RunWarning | undefined {
  const limited = records.filter((record) => record.outcome === 'rate-limited')
  if (limited.length === 0) return undefined
  const waits = limited.flatMap(({ retryAfterS }) =>
    retryAfterS === undefined ? [] : [retryAfterS],
  )
  return {
    kind: 'rate-limited',
    requests: limited.length,
    ...(waits.length === 0 ? {} : { retryAfterS: Math.max(...waits) }),
  }
}

/** Too long to keep, or the check did not come to its end. */
function answersUnchecked({ records }: Measurement, plan: Plan): RunWarning | undefined {
  const expecting = new Set(plan.requests.filter(({ expect }) => expect).map(({ index }) => index))
  const answers = records.filter(
    ({ index, outcome }) => outcome === 'completed' && expecting.has(index),
  )
  const unchecked = answers.filter(({ validity }) => validity === undefined).length
  return unchecked === 0
    ? undefined
    : { kind: 'answers-unchecked', unchecked, answers: answers.length }
}

function fromCache(completed: readonly RequestRecord[]): RunWarning | undefined {
  const cached = completed.filter(({ gateway }) => gateway?.fromCache === true).length
  return cached === 0
    ? undefined
    : { kind: 'answers-from-cache', cached, answers: completed.length }
}

function unsettled({ warmth: all }: Measurement, arm: Arm): RunWarning | undefined {
  const warmth = all?.[arm]
  if (warmth === undefined || warmth.isSettled || !Number.isFinite(warmth.lastMs)) return undefined
  const { requests, firstMs, lastMs } = warmth
  const first = Number.isFinite(firstMs) ? firstMs : lastMs
  const ofArm = arm === 'reference' ? { arm } : {}
  return { kind: 'unsettled', requests, firstMs: first, lastMs, ...ofArm }
}

function metricsUnread({ serverMetrics }: Measurement): RunWarning | undefined {
  const read = serverMetrics?.candidate
  if (read === undefined || read.ok) return undefined
  return { kind: 'metrics-unread', problem: read.problem }
}
