// GuideLLM's benchmarks.json, report version 2 and the one before it: one run for each benchmark.
// Times are seconds since 1970 of a clock that may be stepped; what is missing is null in the
// requests, and 0 in the distributions, which are never read.

import type { Unknown } from '../../model/run.ts'
import {
  asArray,
  asObject,
  countAt,
  ForeignData,
  isObject,
  type JsonObject,
  lengthAt,
  listAt,
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
import type { ImportedRun, ImportFormat, Recognised } from './imported-run.ts'

export const guidellm: ImportFormat = {
  name: 'guidellm',
  title: 'GuideLLM',
  perRequest:
    'Write a JSON report (--output kind=json,path=benchmarks.json), without a sample size of 0.',
  recognise,
  besides: () => [],
  read: ({ documents: [document] }) => runsOf(asObject(document, 'the file')),
}

const TTFT = {
  id: 'guidellm-first-token-of-any-kind/1',
  words:
    'from the request handed to the client, connecting included, to the first line with a token of any kind (GuideLLM; wall clock, which may be stepped)',
}

function recognise(document: unknown): Recognised {
  if (!isObject(document) || !Array.isArray(document.benchmarks)) return undefined
  const version = memberAt(document, 'metadata', 'guidellm_version')
  const [first] = document.benchmarks
  const hasRequests = isObject(memberAt(first, 'requests'))
  if (version === undefined && !hasRequests) return undefined
  return hasRequests && listed(first).length > 0 ? 'requests' : 'aggregates'
}

const GROUPS = ['successful', 'errored', 'incomplete'] as const
type Group = (typeof GROUPS)[number]

function listed(benchmark: unknown): readonly unknown[] {
  return GROUPS.flatMap((group) => listAt(memberAt(benchmark, 'requests'), group))
}

function runsOf(file: JsonObject): readonly ImportedRun[] {
  const benchmarks = asArray(file.benchmarks, 'benchmarks')
  if (benchmarks.length === 0) throw new ForeignData('benchmarks is an empty list')
  return benchmarks.map((benchmark, number) =>
    runOf(file, asObject(benchmark, `benchmarks[${number}]`), `benchmarks[${number}]`),
  )
}

type Found = { readonly group: Group; readonly stats: JsonObject }

function runOf(file: JsonObject, benchmark: JsonObject, place: string): ImportedRun {
  const found = foundIn(benchmark, place)
  const starts = found.flatMap(({ stats }) => startS(stats) ?? [])
  const firstS = starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const strategy = strategyOf(benchmark)
  const requests = found
    .map((one) => requestOf(one, firstS, isOpen(strategy)))
    .sort((a, b) => a.startedMs - b.startedMs)
  const version = wordOf(memberAt(file, 'metadata', 'guidellm_version'))
  const durationS = countAt(benchmark, 'duration')
  const startedAt = Number.isFinite(firstS) ? isoOf(firstS, place) : undefined
  return {
    engine: `GuideLLM ${minorVersion(version)}`.trim(),
    tool: version === undefined ? 'guidellm' : `guidellm/${version}`,
    ttft: TTFT,
    startedAt,
    load: loadOf(strategy),
    shape: members({
      api: wordOf(setting(file, 'request_format')) ?? wordOf(setting(file, 'request_type')),
      'input tokens': roughly(requests.map(({ usage }) => usage?.inputTokens)),
      'output tokens asked': roughly(requests.map(({ maxOutputTokens }) => maxOutputTokens)),
    }),
    subject: members({
      model: wordOf(setting(file, 'model')),
      url: safeUrl(setting(file, 'target')),
      backend: wordOf(setting(file, 'kind')) ?? wordOf(setting(file, 'backend')),
    }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === undefined ? undefined : 1000 * durationS,
    unknowns: unknownsOf(benchmark, found, requests),
  }
}

function foundIn(benchmark: JsonObject, place: string): readonly Found[] {
  const groups = asObject(benchmark.requests, `${place}.requests`)
  return GROUPS.flatMap((group) =>
    asArray(groups[group] ?? [], `${place}.requests.${group}`).map((stats, number) => ({
      group,
      stats: asObject(stats, `${place}.requests.${group}[${number}]`),
    })),
  )
}

/** The version decides where the backend's settings are; the newest place first. */
function setting(file: JsonObject, name: string): unknown {
  const places = [['config', 'spec', 'backend'], ['config', 'backend'], ['config'], ['args']]
  return places
    .map((path) => memberAt(file, ...path, name))
    .find((value) => typeof value === 'string')
}

function strategyOf(benchmark: JsonObject): JsonObject {
  return (
    objectAt(objectAt(benchmark, 'config'), 'strategy') ??
    objectAt(objectAt(benchmark, 'args'), 'strategy') ??
    {}
  )
}

function isOpen(strategy: JsonObject): boolean {
  return countAt(strategy, 'rate') !== undefined
}

function loadOf(strategy: JsonObject): string {
  const type = textAt(strategy, 'type_')
  const rate = countAt(strategy, 'rate')
  const streams = countAt(strategy, 'streams')
  if (rate !== undefined) return openLoad(rate, type === 'constant' ? 'constant' : (type ?? '?'))
  if (streams !== undefined) return closedLoad(streams)
  if (type === 'synchronous') return closedLoad(1)
  const most = countAt(strategy, 'max_concurrency')
  if (type === undefined) return NOT_SAID
  return most === undefined ? `${type}, as many as it takes` : `${type}, at most ${most} in flight`
}

function startS(stats: JsonObject): number | undefined {
  return (
    countAt(stats, 'request_start_time') ??
    countAt(stats, 'start_time') ??
    countAt(timingsOf(stats), 'request_start') ??
    countAt(timingsOf(stats), 'resolve_start')
  )
}

function timingsOf(stats: JsonObject): JsonObject | undefined {
  return objectAt(objectAt(stats, 'info'), 'timings')
}

function requestOf({ group, stats }: Found, firstS: number, open: boolean): ForeignRequest {
  const timings = timingsOf(stats)
  const start = startS(stats) ?? firstS
  // A stamp before the start is of a clock that was stepped back, and says nothing.
  const since = (at: number | undefined) =>
    at === undefined || at < start ? undefined : 1000 * (at - start)
  const intended = open ? countAt(timings, 'targeted_start') : undefined
  const end =
    countAt(stats, 'request_end_time') ??
    countAt(stats, 'end_time') ??
    countAt(timings, 'request_end') ??
    countAt(timings, 'resolve_end')
  const ttftMs = countAt(stats, 'time_to_first_token_ms')
  const ending = endingOf(group, stats)
  return {
    startedMs: 1000 * (start - firstS),
    intendedMs: intended === undefined ? undefined : 1000 * (intended - firstS),
    ttftMs,
    firstOutputTokenMs: countAt(stats, 'time_to_first_output_token_ms'),
    lastTokenMs: since(
      countAt(timings, 'last_token_iteration') ?? countAt(stats, 'last_token_time'),
    ),
    latencyMs: since(end),
    ...ending,
    usage: usageOf({
      // GuideLLM counts no prompt itself: where it has that count, the server sent usage.
      source: 'server',
      input: countAt(stats, 'prompt_tokens'),
      output: countAt(stats, 'output_tokens'),
      cached: countAt(stats, 'cached_tokens'),
    }),
    inputCharacters: wholeAt(objectAt(stats, 'input_metrics'), 'text_characters'),
    outputCharacters: lengthAt(stats, 'output') + lengthAt(stats, 'reasoning_output'),
    maxOutputTokens: askedOf(stats),
  }
}

function wholeAt(value: unknown, name: string): number | undefined {
  const count = countAt(value, name)
  return count === undefined ? undefined : Math.round(count)
}

/** Only a number is taken from what was sent: the rest is somebody's prompt. */
function askedOf(stats: JsonObject): number | undefined {
  const args = textAt(stats, 'request_args') ?? ''
  const asked = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d{1,7})/.exec(args)?.[1]
  return asked === undefined ? undefined : Number(asked)
}

/** What it cut itself at the end of a run says nothing of the endpoint. */
function endingOf(group: Group, stats: JsonObject): ForeignFailure {
  if (group === 'successful') return { outcome: 'completed' }
  if (group === 'incomplete') return { outcome: 'aborted' }
  const words = textAt(objectAt(stats, 'info'), 'error') ?? textAt(stats, 'error') ?? ''
  return failureOf(words)
}

function isoOf(seconds: number, place: string): string {
  const time = new Date(1000 * seconds)
  if (Number.isNaN(time.getTime()) || seconds > 253_402_300_799) {
    throw new ForeignData(`${place}: request_start_time is no time since 1970`)
  }
  return time.toISOString()
}

function unknownsOf(
  benchmark: JsonObject,
  found: readonly Found[],
  requests: readonly ForeignRequest[],
): readonly Unknown[] {
  const completed = requests.filter(({ outcome }) => outcome === 'completed')
  const isBlind = completed.length > 0 && completed.every(({ ttftMs }) => ttftMs === undefined)
  const noFirst = 'a first token: the answers were not streamed'
  const gaps: Unknown = { family: 'itl', what: 'the gaps between tokens, only of their mean' }
  const first: readonly Unknown[] = isBlind
    ? (['ttft', 'ttfot', 'tpot'] as const).map((family) => ({ family, what: noFirst }))
    : []
  return [gaps, ...first, ...sampledUnknowns(benchmark, found)]
}

/** `requests` may be a sample of what was made, of each group its own. */
function sampledUnknowns(benchmark: JsonObject, found: readonly Found[]): readonly Unknown[] {
  const made = objectAt(objectAt(benchmark, 'scheduler_metrics'), 'requests_made')
  const isSampled = (['successful', 'errored'] as const).some(
    (group) => found.filter((one) => one.group === group).length < (countAt(made, group) ?? 0),
  )
  if (!isSampled) return []
  const what = 'all of the requests: it keeps a sample'
  const hasFailures = (countAt(made, 'errored') ?? 0) > 0
  const families = ['error_rate', 'cost_per_answer'] as const
  const all = hasFailures ? ([...families, 'ttft', 'ttfot', 'latency'] as const) : families
  return all.map((family) => ({ family, what }))
}
