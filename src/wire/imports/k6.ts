// k6 --out json: one line for each metric and each sample. k6 knows no first token, so a Trend of the
// script is named as TTFT, in ms. Samples of different metrics belong to no common request: failures
// are counted only where the samples add up to the requests.

import type { Unknown } from '../../model/run.ts'
import {
  asNumber,
  asObject,
  asText,
  ForeignData,
  isObject,
  objectAt,
  textAt,
} from '../json/json.ts'
import { type ForeignFailure, failureOf } from './failure-words.ts'
import { closedLoad, memberAt, NOT_SAID } from './foreign-load.ts'
import { type ForeignRequest, recordsOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, ImportInput, Recognised } from './imported-run.ts'

export const k6: ImportFormat = {
  name: 'k6',
  title: 'k6',
  perRequest:
    'Run `k6 run` with --out json=FILE, and name the Trend that holds TTFT with --ttft-metric.',
  recognise,
  superfluous: isSuperfluous,
  besides: () => [],
  read: (input) => [runOf(input)],
}

function recognise(document: unknown): Recognised {
  if (!isObject(document)) return undefined
  const isLine = (document.type === 'Metric' || document.type === 'Point') && 'metric' in document
  if (isLine) return 'requests'
  const isSummary =
    (isObject(document.metrics) && isObject(document.root_group)) ||
    memberAt(document, 'metadata', 'k6Version') !== undefined
  return isSummary ? 'aggregates' : undefined
}

/** A sample of a metric that neither counts requests nor holds TTFT. Metrics themselves are listed. */
function isSuperfluous(line: string, ttftMetric: string | undefined): boolean {
  const metric = /"metric": ?"([^"]*)"/.exec(line)?.[1]
  if (metric === undefined || /"type": ?"Metric"/.test(line)) return false
  return !(metric === ttftMetric || ['http_req_failed', 'http_reqs', 'vus'].includes(metric))
}

type Point = {
  readonly metric: string
  readonly atMs: number
  readonly value: number
  readonly tags: unknown
}

function runOf({ documents, ttftMetric }: ImportInput): ImportedRun {
  const name = ttftMetric ?? refuseUnnamed(documents)
  const points = documents.flatMap((document, number) => pointOf(document, `line ${number + 1}`))
  const firsts = points.filter(({ metric }) => metric === name)
  if (firsts.length === 0) {
    throw new ForeignData(`has no sample of the metric ${name}; ${trendsIn(documents)}`)
  }
  const failed = points.filter(({ metric, value }) => metric === 'http_req_failed' && value > 0)
  const sent = points.filter(({ metric }) => metric === 'http_reqs')
  const addsUp = sent.length === firsts.length + failed.length
  const measured = addsUp ? [...firsts, ...failed] : firsts
  const ordered = measured.sort((a, b) => a.atMs - b.atMs)
  const startMs = ordered[0]?.atMs ?? 0
  const endMs = ordered.at(-1)?.atMs ?? startMs
  return {
    engine: 'k6',
    tool: 'k6',
    ttft: {
      id: `k6-trend-${name.slice(0, 100)}/1`,
      words: `what the script of k6 put into its Trend ${name.slice(0, 100)}`,
    },
    startedAt: new Date(startMs).toISOString(),
    load: loadOf(points),
    shape: {},
    subject: {},
    records: recordsOf(ordered.map((point) => requestOf(point, startMs))),
    warmupRequests: 0,
    durationMs: endMs - startMs,
    unknowns: unknownsOf(addsUp),
  }
}

/** Its `vus` points: one user is one request in flight. The last ones of a run wind down. */
function loadOf(points: readonly Point[]): string {
  const users = points.flatMap(({ metric, value }) => (metric === 'vus' ? [value] : []))
  if (users.length === 0) return NOT_SAID
  const most = Math.max(...users)
  const settled = users.filter((value) => value === most).length
  return 2 * settled >= users.length ? closedLoad(most) : `ramping, up to ${most} in flight`
}

function refuseUnnamed(documents: readonly unknown[]): never {
  throw new ForeignData(
    `does not say which of its metrics is TTFT: name it with --ttft-metric; ${trendsIn(documents)}`,
  )
}

/** Those of the script first come to mind: k6's own begin with http_ or iteration_. */
function trendsIn(documents: readonly unknown[]): string {
  const trends = documents.flatMap((document) =>
    memberAt(document, 'type') === 'Metric' && memberAt(document, 'data', 'type') === 'trend'
      ? [textAt(document, 'metric') ?? '']
      : [],
  )
  const own = [...new Set(trends)].filter((name) => !/^(http_|iteration_|ws_|grpc_)/.test(name))
  return own.length === 0
    ? 'it has no Trend of the script'
    : `its Trends are ${own.slice(0, 20).join(', ')}`
}

function pointOf(document: unknown, place: string): readonly Point[] {
  const line = asObject(document, place)
  if (line.type !== 'Point') return []
  const data = asObject(line.data, `${place}: data`)
  const time = asText(data.time, `${place}: data.time`)
  const atMs = Date.parse(time)
  if (Number.isNaN(atMs)) throw new ForeignData(`${place}: data.time is no time`)
  return [
    {
      metric: asText(line.metric, `${place}: metric`),
      atMs,
      value: asNumber(data.value, `${place}: data.value`),
      tags: objectAt(data, 'tags'),
    },
  ]
}

/** When the sample was taken, which is all that k6 says of its time. */
function requestOf(point: Point, startMs: number): ForeignRequest {
  const startedMs = point.atMs - startMs
  return point.metric === 'http_req_failed'
    ? { startedMs, ...endingOf(point) }
    : { startedMs, ttftMs: point.value, outcome: 'completed' }
}

/** k6 numbers its own errors: 1050 a timeout, 11xx names, 12xx connections, 13xx TLS. */
function endingOf({ tags }: Point): ForeignFailure {
  const status = Number(textAt(tags, 'status') ?? 0)
  if (status >= 400) return failureOf('', status)
  const code = Number(textAt(tags, 'error_code') ?? 0)
  if (code === 1050) return { outcome: 'timeout-total' }
  if (code === 1211) return { outcome: 'timeout-connect' }
  if (code >= 1100 && code < 1200) return { outcome: 'dns' }
  if (code >= 1200 && code < 1220) return { outcome: 'connect' }
  if (code === 1220) return { outcome: 'truncated' }
  if (code >= 1300 && code < 1400) return { outcome: 'tls' }
  return failureOf(textAt(tags, 'error') ?? '')
}

function unknownsOf(addsUp: boolean): readonly Unknown[] {
  const tokens = 'tokens'
  return [
    ...(['ttfot', 'tpot', 'itl', 'output_tokens', 'output_tokens_per_second'] as const).map(
      (family) => ({ family, what: tokens }),
    ),
    { family: 'latency', what: 'which answer belongs to which first token' },
    ...(addsUp
      ? []
      : [
          {
            family: 'error_rate',
            what: 'which requests failed: first tokens and failures do not add up to the requests',
          } as const,
        ]),
  ]
}
