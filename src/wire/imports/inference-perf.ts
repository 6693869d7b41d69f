// inference-perf: per_request_lifecycle_metrics.json, one element for each request, in seconds of a
// monotonic clock. It has no TTFT: that is the first chunk with content, which also works for an answer
// of one chunk. The load is in the summary beside it.

import type { Unknown } from '../../model/run.ts'
import {
  asArray,
  asNumber,
  asObject,
  countAt,
  isObject,
  type JsonObject,
  jsonOrNothing,
  listAt,
  objectAt,
  textAt,
} from '../json/json.ts'
import { type ForeignFailure, failureOf } from './failure-words.ts'
import { closedLoad, memberAt, members, NOT_SAID, openLoad, roughly } from './foreign-load.ts'
import { type ForeignRequest, recordsOf, usageOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, ImportInput, Recognised } from './imported-run.ts'

const SUMMARY = 'summary_lifecycle_metrics.json'
/** From 0.7 on rate and concurrency stand here and no longer in the summary. */
const FIRST_STAGE = 'stage_0_lifecycle_metrics.json'
const SECOND_STAGE = 'stage_1_lifecycle_metrics.json'

export const inferencePerf: ImportFormat = {
  name: 'inference-perf',
  title: 'inference-perf',
  perRequest:
    'Set report.request_lifecycle.per_request to true, and give per_request_lifecycle_metrics.json.',
  recognise,
  unread: ['response_chunks', 'reasoning_chunks', 'output_token_times', 'reasoning_chunk_times'],
  besides: () => [SUMMARY, FIRST_STAGE, SECOND_STAGE],
  read: (input) => [runOf(input)],
}

const TTFT = {
  id: 'inference-perf-first-content/1',
  words:
    'from the request handed to the client, connecting included, to the first chunk with content, reasoning and tool calls not counted (inference-perf; monotonic clock)',
}

function recognise(document: unknown): Recognised {
  if (Array.isArray(document)) {
    const [first] = document
    const isOurs =
      isObject(first) && 'start_time' in first && 'end_time' in first && 'info' in first
    return isOurs ? 'requests' : undefined
  }
  if (!isObject(document)) return undefined
  const isSummary = 'load_summary' in document && 'successes' in document
  return isSummary ? 'aggregates' : undefined
}

function runOf({ documents, besides }: ImportInput): ImportedRun {
  const elements = asArray(documents[0], 'the file')
    .map((element, number) => asObject(element, `element ${number}`))
    .map((element, number) => ({
      element,
      startS: asNumber(element.start_time, `element ${number}: start_time`),
      endS: asNumber(element.end_time, `element ${number}: end_time`),
    }))
    .sort((a, b) => a.startS - b.startS)
  const firstS = elements[0]?.startS ?? 0
  const streams = elements.some(({ element }) => chunksOf(element).length > 0)
  const requests = elements.map((one) => requestOf(one, firstS, streams))
  const endS = elements.reduce((last, one) => Math.max(last, one.endS), firstS)
  const rates = ratesOf(besides)
  return {
    engine: 'inference-perf',
    tool: 'inference-perf',
    ttft: TTFT,
    load: loadOf(besides),
    shape: members({
      'input tokens': roughly(requests.map(({ usage }) => usage?.inputTokens)),
      'output tokens asked': roughly(requests.map(({ maxOutputTokens }) => maxOutputTokens)),
    }),
    subject: members({ model: elements.map(({ element }) => modelOf(element)).find(Boolean) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: 1000 * (endS - firstS),
    rates,
    unknowns: unknownsOf(requests, streams),
  }
}

function requestOf(
  { element, startS, endS }: { element: JsonObject; startS: number; endS: number },
  firstS: number,
  streams: boolean,
): ForeignRequest {
  const chunks = chunksOf(element)
  const [first] = chunks
  const last = chunks.at(-1)
  const usage = countsOf(element)
  const ending = endingOf(element, streams ? first !== undefined : usage?.outputTokens !== 0)
  return {
    startedMs: 1000 * (startS - firstS),
    ...(first === undefined || last === undefined
      ? {}
      : { ttftMs: 1000 * (first - startS), lastTokenMs: 1000 * (last - startS) }),
    latencyMs: 1000 * (endS - startS),
    gapsMs: chunks.slice(1).map((at, index) => 1000 * Math.max(0, at - (chunks[index] ?? at))),
    ...ending,
    usage: ending.status === undefined ? usage : undefined,
    maxOutputTokens: askedOf(element),
  }
}

function chunksOf(element: JsonObject): readonly number[] {
  const metrics = memberAt(element, 'info', 'response_metrics')
  return listAt(metrics, 'chunk_times').filter(
    (at): at is number => typeof at === 'number' && Number.isFinite(at),
  )
}

/** As servers end a stream: OpenAI's mark or a reason, Anthropic's last event. */
const TERMINAL = /^data: ?\[DONE\]|"finish_reason": ?"|"type": ?"message_stop"|"stop_reason": ?"/m
const STREAM = /^(data|event):/m
const ERROR_EVENT = /^(event: ?error|data: ?\{ ?"error": ?[{"])/m

/**
 * The whole stream is kept in `response`: one that broke off has no terminal mark. An answer that is no
 * stream ended with its body.
 */
function streamEnding(response: string): ForeignFailure {
  if (!STREAM.test(response)) return { outcome: 'completed' }
  if (ERROR_EVENT.test(response)) return { outcome: 'stream-error' }
  return { outcome: TERMINAL.test(response) ? 'completed' : 'truncated' }
}

/**
 * An error object; 200 without any token, or a stream that broke off or held an error, all of which
 * inference-perf itself counts as a success.
 */
function endingOf(element: JsonObject, hasTokens: boolean): ForeignFailure {
  const error = objectAt(element, 'error')
  if (error === undefined) {
    return hasTokens ? streamEnding(textAt(element, 'response') ?? '') : { outcome: 'empty' }
  }
  return failureOf(`${textAt(error, 'error_msg') ?? ''}\n${textAt(error, 'error_type') ?? ''}`)
}

/** The server's usage first; otherwise the client's own count of the text. */
function countsOf(element: JsonObject) {
  const info = objectAt(element, 'info')
  const metrics = objectAt(info, 'response_metrics')
  const server = objectAt(metrics, 'server_usage')
  const prompt = countAt(server, 'prompt_tokens')
  const completion = countAt(server, 'completion_tokens')
  if (prompt !== undefined && completion !== undefined) {
    return usageOf({
      source: 'server',
      input: prompt,
      output: completion,
      cached: countAt(objectAt(server, 'prompt_tokens_details'), 'cached_tokens'),
      reasoning: countAt(objectAt(server, 'completion_tokens_details'), 'reasoning_tokens'),
    })
  }
  return usageOf({
    source: 'estimated',
    input:
      countAt(info, 'input_tokens') ??
      countAt(objectAt(objectAt(info, 'request_metrics'), 'text'), 'input_tokens'),
    output: countAt(metrics, 'output_tokens') ?? (metrics === undefined ? 0 : undefined),
  })
}

/** The request is the body that was sent, as text. Only the model and a number are taken from it. */
function bodyOf(element: JsonObject): unknown {
  const body = element.request
  if (typeof body !== 'string') return body
  return jsonOrNothing(body) ?? membersIn(body)
}

/** Of a body that is too long to be kept whole. */
function membersIn(body: string): JsonObject {
  const model = /"model": ?"([^"\\]{1,200})"/.exec(body)?.[1]
  const asked = /"max_(?:completion_)?tokens": ?(\d{1,9})\b/.exec(body)?.[1]
  return { model, max_tokens: asked === undefined ? undefined : Number(asked) }
}

function modelOf(element: JsonObject): string | undefined {
  return textAt(bodyOf(element), 'model')?.slice(0, 200)
}

function askedOf(element: JsonObject): number | undefined {
  const body = bodyOf(element)
  return countAt(body, 'max_tokens') ?? countAt(body, 'max_completion_tokens')
}

function loadOf(besides: ReadonlyMap<string, unknown>): string {
  if (besides.has(SECOND_STAGE)) return 'several stages, one after the other'
  const load = loadSummary(besides)
  const rate = countAt(load, 'requested_rate')
  const concurrency = countAt(load, 'concurrency')
  if (concurrency !== undefined && concurrency > 0) return closedLoad(concurrency)
  return rate === undefined ? NOT_SAID : openLoad(rate, 'poisson')
}

/** Of the summary, with what only the stage says. */
function loadSummary(besides: ReadonlyMap<string, unknown>): JsonObject {
  const known = (path: string) =>
    Object.entries(objectAt(besides.get(path), 'load_summary') ?? {}).filter(
      ([, value]) => value !== null,
    )
  return Object.fromEntries([...known(FIRST_STAGE), ...known(SUMMARY)])
}

function ratesOf(besides: ReadonlyMap<string, unknown>): ImportedRun['rates'] {
  if (besides.has(SECOND_STAGE)) return undefined
  const load = loadSummary(besides)
  const intended = countAt(load, 'requested_rate')
  const achieved = countAt(load, 'achieved_rate')
  return intended === undefined || achieved === undefined ? undefined : { intended, achieved }
}

function unknownsOf(requests: readonly ForeignRequest[], streams: boolean): readonly Unknown[] {
  const noFirst = 'a first token: the answers were not streamed'
  const completed = requests.filter(({ outcome }) => outcome === 'completed')
  const isUncounted = completed.length > 0 && completed.every(({ usage }) => usage === undefined)
  return [
    { family: 'ttfot', what: 'which tokens are reasoning' },
    ...(streams
      ? []
      : (['ttft', 'tpot', 'itl'] as const).map((family) => ({ family, what: noFirst }))),
    ...(isUncounted
      ? (['tpot', 'output_tokens', 'output_tokens_per_second'] as const).map((family) => ({
          family,
          what: 'how many tokens were used',
        }))
      : []),
  ]
}
