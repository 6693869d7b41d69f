// `vllm bench serve --save-result --save-detailed`: one JSON object, or one a line when appended.
// Arrays are in seconds, parallel, failures included; there is no flag of success.

import {
  asArray,
  asNumber,
  asObject,
  countAt,
  ForeignData,
  isObject,
  type JsonObject,
  textAt,
} from '../json/json.ts'
import { failureOf } from './failure-words.ts'
import { closedLoad, memberAt, members, openLoad, roughly, wordOf } from './foreign-load.ts'
import { type ForeignRequest, recordsOf, usageOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, Recognised } from './imported-run.ts'

export const vllm: ImportFormat = {
  name: 'vllm',
  title: 'vLLM bench serve',
  perRequest: 'Run `vllm bench serve` with --save-result --save-detailed.',
  recognise,
  unread: ['generated_texts'],
  besides: () => [],
  read: ({ documents }) =>
    documents.map((document, number) => runOf(document, `run ${number + 1}`)),
}

/** Up to 0.32 a chunk that holds the role alone ended the TTFT; the files look the same. */
const FIRST_CHUNK = {
  id: 'vllm-first-choices-chunk/1',
  words:
    'from the request handed to the client, connecting included, to the first chunk with choices, a role-only or empty one too (vLLM; monotonic clock)',
}

const FIRST_TOKEN = {
  id: 'vllm-first-token-chunk/1',
  words:
    'from the request handed to the client, connecting included, to the first chunk with a token (vLLM from 0.33 on; monotonic clock)',
}

/**
 * What only the gaps tell: N tokens a chunk each have N - 1 gaps between them, and N + 1 where a role
 * before and an end after them count as well. Completions have no role, so their first chunk is a token.
 */
function ttftOf(file: JsonObject, { gaps, outputs }: Lists): typeof FIRST_CHUNK {
  const api = wordOf(file.endpoint_type) ?? wordOf(file.backend) ?? ''
  const lengths = gaps.map((each) => (Array.isArray(each) ? each.length : 0))
  const seen = lengths.flatMap((length, index) => {
    const tokens = countIn(outputs, index)
    return length === 0 || tokens === undefined ? [] : [length - tokens]
  })
  const between = seen.filter((difference) => difference === -1).length
  return api.includes('chat') && 2 * between > seen.length ? FIRST_TOKEN : FIRST_CHUNK
}

function recognise(document: unknown): Recognised {
  if (!isObject(document) || !('completed' in document)) return undefined
  const isVllm = 'model_id' in document && ('endpoint_type' in document || 'backend' in document)
  if (!isVllm) return undefined
  return 'ttfts' in document ? 'requests' : 'aggregates'
}

type Lists = {
  readonly ttfts: readonly unknown[]
  readonly errors: readonly unknown[]
  readonly inputs: readonly unknown[]
  readonly outputs: readonly unknown[]
  readonly gaps: readonly unknown[]
  readonly latencies: readonly unknown[] | undefined
  readonly starts: readonly unknown[] | undefined
}

function runOf(document: unknown, place: string): ImportedRun {
  const file = asObject(document, place)
  const lists = listsOf(file, place)
  const firstStart = (lists.starts ?? []).reduce<number>(
    (first, at) => Math.min(first, asNumber(at, `${place}: start_times`)),
    Number.POSITIVE_INFINITY,
  )
  const requests = lists.ttfts.map((_, index) => requestOf(lists, index, firstStart))
  const durationS = countAt(file, 'duration')
  const startedAt = startOf(file)
  return {
    engine: 'vLLM bench serve',
    tool: 'vllm-bench-serve',
    ttft: ttftOf(file, lists),
    startedAt,
    load: loadOf(file),
    shape: members({
      api: wordOf(file.endpoint_type) ?? wordOf(file.backend),
      'input tokens': roughly(lists.inputs.map((_, index) => countIn(lists.inputs, index))),
    }),
    subject: members({
      model: wordOf(file.model_id),
      backend: wordOf(file.backend),
      label: wordOf(file.label),
    }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === undefined ? undefined : 1000 * durationS,
    unknowns: unknownsOf(file, lists, requests),
  }
}

function listsOf(file: JsonObject, place: string): Lists {
  const ttfts = asArray(file.ttfts, `${place}: ttfts`)
  const list = (name: string) => {
    const found = asArray(file[name], `${place}: ${name}`)
    if (found.length === ttfts.length) return found
    throw new ForeignData(
      `${place}: ${name} has ${found.length} values, and ttfts has ${ttfts.length}`,
    )
  }
  const optionalList = (name: string) => (Array.isArray(file[name]) ? list(name) : undefined)
  return {
    ttfts,
    errors: list('errors'),
    inputs: list('input_lens'),
    outputs: list('output_lens'),
    gaps: list('itls'),
    latencies: optionalList('latencies'),
    starts: optionalList('start_times'),
  }
}

function requestOf(lists: Lists, index: number, firstStart: number): ForeignRequest {
  const ttftS = countIn(lists.ttfts, index) ?? 0
  const latencyS = lists.latencies && countIn(lists.latencies, index)
  const gapsMs = gapsOf(lists.gaps[index])
  const startS = lists.starts && countIn(lists.starts, index)
  const ending = endingOf(lists, index, ttftS)
  const output = countIn(lists.outputs, index) ?? 0
  const wasRefused = ending.status !== undefined || ending.outcome === 'connect'
  const sumMs = gapsMs.reduce((sum, gap) => sum + gap, 1000 * ttftS)
  return {
    startedMs: startS === undefined ? 0 : 1000 * (startS - firstStart),
    ...(ttftS > 0 ? { ttftMs: 1000 * ttftS, lastTokenMs: sumMs } : {}),
    latencyMs: latencyS === undefined ? undefined : 1000 * latencyS,
    gapsMs,
    ...ending,
    // The server's count where it sent one, the client's tokenizer otherwise: the file cannot tell.
    usage: wasRefused
      ? undefined
      : usageOf({
          source: 'estimated',
          input: countIn(lists.inputs, index),
          output: output > 0 || ttftS === 0 ? output : gapsMs.length + 1,
        }),
  }
}

/** Success is an empty error, a first chunk and at least one token. */
function endingOf(lists: Lists, index: number, ttftS: number) {
  const error = lists.errors[index]
  if (typeof error === 'string' && error !== '') return failureOf(error)
  if (ttftS > 0 && (countIn(lists.outputs, index) ?? 0) > 0) {
    return { outcome: 'completed' } as const
  }
  // A refusal without words of its own, or an answer without a token: the file says no more.
  return ttftS > 0 ? ({ outcome: 'empty' } as const) : failureOf('')
}

function gapsOf(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return []
  return value.map((_, index) => 1000 * (countIn(value, index) ?? 0))
}

function countIn(list: readonly unknown[], index: number): number | undefined {
  const value = list[index]
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** `20261101-120000`, in the zone of a machine that the file does not name: read as UTC. */
function startOf(file: JsonObject): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(textAt(file, 'date') ?? '')
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}

function loadOf(file: JsonObject): string {
  const limit = countAt(file, 'max_concurrency')
  const rate = countAt(file, 'request_rate')
  const ramp = wordOf(file.ramp_up_strategy)
  const ramped = ramp === undefined ? '' : `, ${ramp} ramp`
  if (rate === undefined) {
    return `${limit === undefined ? 'open, all at once' : closedLoad(limit)}${ramped}`
  }
  const burstiness = memberAt(file, 'burstiness')
  const process =
    burstiness === 1 || burstiness === undefined ? 'poisson' : `gamma ${wordOf(burstiness) ?? '?'}`
  const most = limit === undefined ? '' : `, at most ${limit} in flight`
  return `${openLoad(rate, process)}${most}${ramped}`
}

function unknownsOf(
  file: JsonObject,
  lists: Lists,
  requests: readonly ForeignRequest[],
): ImportedRun['unknowns'] {
  const stated = countAt(file, 'completed')
  const counts = [
    requests.filter(({ outcome }) => outcome === 'completed').length,
    requests.filter(({ outcome }) => outcome === 'completed' || outcome === 'empty').length,
  ]
  const agrees = stated === undefined || counts.includes(stated)
  return [
    { family: 'ttfot', what: 'which tokens are reasoning' },
    ...(lists.latencies === undefined
      ? ([
          { family: 'latency', what: 'when each answer ended' },
          { family: 'output_tokens_per_second', what: 'when each answer ended' },
        ] as const)
      : []),
    ...(agrees
      ? []
      : ([
          {
            family: 'error_rate',
            what: `which requests failed: it counts ${stated} as completed and lists ${counts[0]}`,
          },
        ] as const)),
  ]
}
