// `python -m sglang.bench_serving --output-file F --output-details`: one object a line, appended.
// Lists are in seconds. There is no model, no time, no latency of a request and no count of failures.

import { asArray, asObject, countAt, ForeignData, isObject, type JsonObject } from '../json/json.ts'
import { failureOf } from './failure-words.ts'
import { closedLoad, members, openLoad, roughly, wordOf } from './foreign-load.ts'
import { type ForeignRequest, recordsOf, usageOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, Recognised } from './imported-run.ts'

export const sglang: ImportFormat = {
  name: 'sglang',
  title: 'SGLang bench_serving',
  perRequest: 'Run `bench_serving` with --output-file FILE --output-details.',
  recognise,
  unread: ['generated_texts'],
  besides: () => [],
  read: ({ documents }) =>
    documents.map((document, number) => runOf(document, `line ${number + 1}`)),
}

const TTFT = {
  id: 'sglang-first-text-or-reasoning/1',
  words:
    'from the request handed to a client with a new connection for each, connecting included, to the first text or reasoning (SGLang; monotonic clock)',
}

function recognise(document: unknown): Recognised {
  if (!isObject(document) || !('completed' in document) || 'model_id' in document) return undefined
  if (!('mean_ttft_ms' in document || 'ttfts' in document)) return undefined
  if (!('sharegpt_output_len' in document || 'random_input_len' in document)) return undefined
  return 'ttfts' in document ? 'requests' : 'aggregates'
}

function runOf(document: unknown, place: string): ImportedRun {
  const file = asObject(document, place)
  const requests = requestsOf(file, place)
  const durationS = countAt(file, 'duration')
  return {
    engine: 'SGLang bench_serving',
    tool: 'sglang-bench-serving',
    ttft: TTFT,
    load: loadOf(file),
    shape: members({
      dataset: wordOf(file.dataset_name),
      'input tokens': roughly(asArray(file.input_lens, `${place}: input_lens`).map(known)),
      'input length asked': wordOf(file.random_input_len),
      'output length asked': wordOf(file.random_output_len) ?? wordOf(file.sharegpt_output_len),
      'length range ratio': wordOf(file.random_range_ratio),
    }),
    subject: members({ backend: wordOf(file.backend), tag: wordOf(file.tag) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === undefined ? undefined : 1000 * durationS,
    unknowns: unknownsOf(file),
  }
}

function requestsOf(file: JsonObject, place: string): readonly ForeignRequest[] {
  const ttfts = asArray(file.ttfts, `${place}: ttfts`)
  const list = (name: string) => {
    const found = asArray(file[name], `${place}: ${name}`)
    if (found.length === ttfts.length) return found
    throw new ForeignData(
      `${place}: ${name} has ${found.length} values, and ttfts has ${ttfts.length}`,
    )
  }
  const lists = {
    errors: list('errors'),
    gaps: list('itls'),
    inputs: list('input_lens'),
    outputs: list('output_lens'),
    cached: Array.isArray(file.cached_tokens) ? list('cached_tokens') : [],
  }
  const counts = countsTokens(file)
  return ttfts.map((ttft, index) => {
    const gapsMs = asArray(lists.gaps[index] ?? [], `${place}: itls[${index}]`).map(
      (gap) => 1000 * (known(gap) ?? 0),
    )
    const ttftMs = 1000 * (known(ttft) ?? 0)
    const failure = failureIn(lists.errors[index], ttftMs)
    const isCompleted = failure === undefined
    return {
      startedMs: 0,
      ...(ttftMs > 0
        ? { ttftMs, lastTokenMs: gapsMs.reduce((sum, gap) => sum + gap, ttftMs) }
        : {}),
      gapsMs,
      freshConnection: true,
      ...(failure ?? { outcome: 'completed' as const }),
      usage: usageOf({
        source: 'estimated',
        input: isCompleted && counts ? known(lists.inputs[index]) : undefined,
        output: known(lists.outputs[index]),
        cached: known(lists.cached[index]),
      }),
    }
  })
}

/** An answer without text keeps a TTFT of zero and no error, and is in no percentile of ours. */
function failureIn(error: unknown, ttftMs: number) {
  if (typeof error === 'string' && error !== '') return failureOf(error)
  return ttftMs > 0 ? undefined : ({ outcome: 'empty' } as const)
}

function known(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function loadOf(file: JsonObject): string {
  const limit = countAt(file, 'max_concurrency')
  const rate = countAt(file, 'request_rate')
  const most = limit === undefined ? '' : `, at most ${limit} in flight`
  if (rate !== undefined) return `${openLoad(rate, 'poisson')}${most}`
  if (file.request_rate === 'trace') return `open, a trace${most}`
  return limit === undefined ? 'open, all at once' : closedLoad(limit)
}

/** The native API counts its own tokens; on the others a missing count is the length asked for. */
function countsTokens({ backend }: JsonObject): boolean {
  return backend === 'sglang' || backend === 'sglang-native'
}

function unknownsOf(file: JsonObject): ImportedRun['unknowns'] {
  const tokens = 'how many tokens were generated, as it may write the length that was asked for'
  const times = [
    { family: 'ttfot', what: 'which tokens are reasoning' },
    { family: 'latency', what: 'when each answer ended' },
    { family: 'output_tokens_per_second', what: 'when each answer ended' },
  ] as const
  if (countsTokens(file)) return times
  return [...times, { family: 'tpot', what: tokens }, { family: 'output_tokens', what: tokens }]
}
