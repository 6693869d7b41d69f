// AIPerf: profile_export.jsonl has one line for each request, profile_export_aiperf.json beside it says
// what was asked. Times are nanoseconds since 1970, beyond what a number holds; units stand beside
// the values and are the ones that count.

import type { RequestRecord } from '../../model/request-record.ts'
import type { Unknown } from '../../model/run.ts'
import {
  asArray,
  asNumber,
  asObject,
  countAt,
  ForeignData,
  isObject,
  objectAt,
  textAt,
} from '../json/json.ts'
import { type ForeignFailure, failureOf } from './failure-words.ts'
import {
  closedLoad,
  memberAt,
  members,
  minorVersion,
  NOT_SAID,
  openLoad,
  roughly,
  safeUrl,
  wordOf,
} from './foreign-load.ts'
import { type ForeignRequest, recordsOf, usageOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, ImportInput, Recognised } from './imported-run.ts'

export const aiperf: ImportFormat = {
  name: 'aiperf',
  title: 'AIPerf',
  perRequest:
    'Run `aiperf profile` with --export-level records, and give profile_export.jsonl of its artifact folder.',
  recognise,
  besides: (fileName) =>
    fileName.endsWith('.jsonl') ? [fileName.replace(/\.jsonl$/, '_aiperf.json')] : [],
  read: (input) => [runOf(input)],
}

const TTFT = {
  id: 'aiperf-first-token-of-any-kind/1',
  words:
    'from the request handed to the client, connecting included, to the first token of any kind (AIPerf; monotonic clock)',
}

function recognise(document: unknown): Recognised {
  if (!isObject(document)) return undefined
  const metadata = objectAt(document, 'metadata')
  if (metadata !== undefined && 'request_start_ns' in metadata) return 'requests'
  const isSummary =
    'aiperf_version' in document ||
    (memberAt(document, 'request_latency', 'unit') !== undefined &&
      memberAt(document, 'request_count', 'unit') !== undefined)
  return isSummary ? 'aggregates' : undefined
}

function runOf({ documents, besides }: ImportInput): ImportedRun {
  const [summary] = besides.values()
  const lines = documents.map((document, number) => lineOf(document, `line ${number + 1}`))
  const measured = lines
    .filter(({ phase }) => phase !== 'warmup')
    .sort((a, b) => (a.startNs < b.startNs ? -1 : 1))
  const firstNs = measured[0]?.startNs ?? 0n
  const requests = measured.map((line) => requestOf(line, firstNs))
  const records = recordsOf(requests)
  const version = wordOf(memberAt(summary, 'aiperf_version'))
  const seed = memberAt(summary, 'run_info', 'random_seed')
  return {
    engine: `AIPerf ${minorVersion(version)}`.trim(),
    tool: version === undefined ? 'aiperf' : `aiperf/${version}`,
    ttft: TTFT,
    ...(measured.length === 0 ? {} : { startedAt: isoOf(firstNs) }),
    ...(typeof seed === 'number' ? { seed } : {}),
    load: loadOf(summary),
    shape: shapeOf(summary, requests),
    subject: members({
      model: modelOf(summary),
      url: safeUrl(memberAt(summary, 'input_config', 'endpoint', 'urls')),
      streaming: wordOf(memberAt(summary, 'input_config', 'endpoint', 'streaming')),
    }),
    records,
    warmupRequests: lines.length - measured.length,
    durationMs: records.reduce((last, { endMs }) => Math.max(last, endMs), 0),
    unknowns: unknownsOf(requests),
  }
}

type Line = {
  readonly place: string
  readonly startNs: bigint
  readonly endNs: bigint
  readonly phase: string | undefined
  readonly wasCancelled: boolean
  readonly metrics: unknown
  readonly error: unknown
}

function lineOf(document: unknown, place: string): Line {
  const line = asObject(document, place)
  const metadata = asObject(line.metadata, `${place}: metadata`)
  const startNs = nanosecondsOf(metadata.request_start_ns, `${place}: metadata.request_start_ns`)
  return {
    place,
    startNs,
    endNs:
      metadata.request_end_ns === undefined || metadata.request_end_ns === null
        ? startNs
        : nanosecondsOf(metadata.request_end_ns, `${place}: metadata.request_end_ns`),
    phase: textAt(metadata, 'benchmark_phase'),
    wasCancelled: metadata.was_cancelled === true,
    metrics: line.metrics,
    error: line.error,
  }
}

/** Whole numbers beyond 2^53 come as text. */
function nanosecondsOf(value: unknown, place: string): bigint {
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) return BigInt(value)
  return BigInt(Math.round(asNumber(value, place)))
}

const NS_PER_MS = 1_000_000

function isoOf(ns: bigint): string {
  const ms = Number(ns / BigInt(NS_PER_MS))
  const time = new Date(ms)
  if (Number.isNaN(time.getTime()) || ms > 253_402_300_799_999) {
    throw new ForeignData(`line 1: metadata.request_start_ns is no time since 1970`)
  }
  return time.toISOString()
}

function requestOf(line: Line, firstNs: bigint): ForeignRequest {
  const { metrics, place } = line
  const ttftMs = msOf(metrics, 'time_to_first_token', place)
  const latencyMs =
    msOf(metrics, 'request_latency', place) ?? Number(line.endNs - line.startNs) / NS_PER_MS
  const gapsMs = gapsOf(metrics, place)
  const ending = endingOf(line)
  const isCompleted = ending.outcome === 'completed'
  return {
    startedMs: Number(line.startNs - firstNs) / NS_PER_MS,
    ttftMs,
    firstOutputTokenMs: msOf(metrics, 'time_to_first_output_token', place),
    lastTokenMs: lastTokenMs(ttftMs, gapsMs, latencyMs),
    latencyMs,
    gapsMs,
    ...ending,
    freshConnection: memberAt(metrics, 'http_req_connection_reused', 'value') === 0,
    usage: isCompleted ? countsOf(metrics) : undefined,
  }
}

/** Without the gaps, AIPerf itself takes the end of the answer for its last token. */
function lastTokenMs(
  ttftMs: number | undefined,
  gapsMs: readonly number[],
  latencyMs: number,
): number | undefined {
  if (ttftMs === undefined) return undefined
  return gapsMs.length === 0 ? latencyMs : gapsMs.reduce((sum, gap) => sum + gap, ttftMs)
}

const MS_IN: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, sec: 1000 }

/** A metric's value in ms by its own unit. Throws ForeignData for a unit that is no time. */
function msOf(metrics: unknown, name: string, place: string): number | undefined {
  const value = memberAt(metrics, name, 'value')
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  return value * scaleOf(metrics, name, place)
}

function scaleOf(metrics: unknown, name: string, place: string): number {
  const unit = memberAt(metrics, name, 'unit')
  const scale = typeof unit === 'string' ? MS_IN[unit] : undefined
  if (scale !== undefined) return scale
  throw new ForeignData(
    `${place}: metrics.${name}.unit is ${JSON.stringify(unit)?.slice(0, 40)}, not one of ${Object.keys(MS_IN).join(', ')}`,
  )
}

function gapsOf(metrics: unknown, place: string): readonly number[] {
  const value = memberAt(metrics, 'inter_chunk_latency', 'value')
  if (!Array.isArray(value)) return []
  const scale = scaleOf(metrics, 'inter_chunk_latency', place)
  return asArray(value, place).map(
    (gap) => scale * asNumber(gap, `${place}: metrics.inter_chunk_latency.value`),
  )
}

/** The server's usage where it was kept, the client's tokenizer otherwise. */
function countsOf(metrics: unknown): RequestRecord['usage'] {
  const count = (name: string) => countAt(memberAt(metrics, name), 'value')
  const input = count('usage_prompt_tokens')
  const output = count('usage_completion_tokens')
  const isServers = input !== undefined && output !== undefined
  return usageOf({
    source: isServers ? 'server' : 'estimated',
    input: isServers ? input : count('input_sequence_length'),
    output: isServers ? output : count('output_sequence_length'),
    cached: count('usage_prompt_cache_read_tokens'),
    reasoning: count('usage_reasoning_tokens') ?? count('reasoning_token_count'),
  })
}

/** 499 is AIPerf's own code for what it cut at the end of a phase: it says nothing of the endpoint. */
function endingOf({ error, wasCancelled }: Line): ForeignFailure {
  if (wasCancelled || memberAt(error, 'code') === 499) return { outcome: 'aborted' }
  if (error === undefined || error === null) return { outcome: 'completed' }
  const code = countAt(error, 'code')
  const type = textAt(error, 'type') ?? ''
  if (type.includes('InvalidInferenceResult'))
    return { outcome: 'empty', detail: type.slice(0, 60) }
  return failureOf(`${textAt(error, 'message') ?? ''}\n${type}`, code)
}

function modelOf(summary: unknown): string | undefined {
  const config = memberAt(summary, 'input_config')
  const items = memberAt(config, 'models', 'items')
  const names = memberAt(config, 'endpoint', 'model_names')
  const first = Array.isArray(items) ? memberAt(items[0], 'name') : undefined
  return wordOf(first) ?? (Array.isArray(names) ? wordOf(names[0]) : undefined)
}

/** Since 0.11 as phases; before that as one block `loadgen`. */
function loadOf(summary: unknown): string {
  const phases = memberAt(summary, 'input_config', 'phases')
  const phase = Array.isArray(phases)
    ? phases.find((one) => memberAt(one, 'kind') !== 'warmup')
    : memberAt(summary, 'input_config', 'loadgen')
  const rate = countAt(phase, 'rate') ?? countAt(phase, 'request_rate')
  const concurrency = countAt(phase, 'concurrency')
  if (rate !== undefined) {
    const process = textAt(phase, 'arrival_pattern') ?? textAt(phase, 'type') ?? 'unknown process'
    const most = concurrency === undefined ? '' : `, at most ${concurrency} in flight`
    return `${openLoad(rate, process)}${most}`
  }
  return concurrency === undefined ? NOT_SAID : closedLoad(concurrency)
}

function shapeOf(summary: unknown, requests: readonly ForeignRequest[]): ImportedRun['shape'] {
  return members({
    api: wordOf(memberAt(summary, 'input_config', 'endpoint', 'type')),
    'input tokens': roughly(requests.map(({ usage }) => usage?.inputTokens)),
  })
}

function unknownsOf(requests: readonly ForeignRequest[]): readonly Unknown[] {
  const completed = requests.filter(({ outcome }) => outcome === 'completed')
  const lacks = (has: (request: ForeignRequest) => boolean) =>
    completed.length > 0 && !completed.some(has)
  const streams = 'a first token: the answers were not streamed'
  return [
    ...(lacks(({ ttftMs }) => ttftMs !== undefined)
      ? (['ttft', 'ttfot', 'tpot'] as const).map((family) => ({ family, what: streams }))
      : lacks(({ firstOutputTokenMs }) => firstOutputTokenMs !== undefined)
        ? [{ family: 'ttfot', what: 'which tokens are reasoning' } as const]
        : []),
    ...(lacks(({ gapsMs = [] }) => gapsMs.length > 0)
      ? [{ family: 'itl', what: 'the gaps between tokens' } as const]
      : []),
    ...(lacks(({ usage }) => usage !== undefined)
      ? (['tpot', 'output_tokens', 'output_tokens_per_second'] as const).map((family) => ({
          family,
          what: 'how many tokens were used',
        }))
      : []),
  ]
}
