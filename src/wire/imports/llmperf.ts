// llmperf: NAME_individual_responses.json, one element for each request, in seconds. Errors are
// under-recorded: one that comes before any token stops its thread and is in no file.

import { asArray, asObject, countAt, isObject, type JsonObject, textAt } from '../json/json.ts'
import { type ForeignFailure, failureOf } from './failure-words.ts'
import { closedLoad, members, NOT_SAID, roughly, wordOf } from './foreign-load.ts'
import { type ForeignRequest, recordsOf, usageOf } from './foreign-request.ts'
import type { ImportedRun, ImportFormat, ImportInput, Recognised } from './imported-run.ts'

export const llmperf: ImportFormat = {
  name: 'llmperf',
  title: 'llmperf',
  perRequest:
    'Run it with --results-dir, and give the file that ends in _individual_responses.json.',
  recognise,
  besides: (fileName) =>
    fileName.endsWith('_individual_responses.json')
      ? [fileName.replace(/_individual_responses\.json$/, '_summary.json')]
      : [],
  read: (input) => [runOf(input)],
}

const TTFT = {
  id: 'llmperf-first-content/1',
  words:
    'from before a new connection is opened to the first content, reasoning and tool calls not counted (llmperf; monotonic clock)',
}

function recognise(document: unknown): Recognised {
  if (Array.isArray(document)) {
    const [first] = document
    return isObject(first) && 'error_code' in first && 'number_input_tokens' in first
      ? 'requests'
      : undefined
  }
  const isSummary = isObject(document) && 'results_number_errors' in document
  return isSummary ? 'aggregates' : undefined
}

function runOf({ documents, besides }: ImportInput): ImportedRun {
  const requests = asArray(documents[0], 'the file').map((element, number) =>
    requestOf(asObject(element, `element ${number}`)),
  )
  const [found] = besides.values()
  const summary = isObject(found) ? found : {}
  const startedAt = startOf(summary)
  const concurrency = countAt(summary, 'num_concurrent_requests')
  return {
    engine: 'llmperf',
    tool: 'llmperf',
    ttft: TTFT,
    startedAt,
    load: concurrency === undefined ? NOT_SAID : closedLoad(concurrency),
    shape: members({
      'input tokens': roughly(requests.map(({ usage }) => usage?.inputTokens)),
      'input length asked': wordOf(summary.mean_input_tokens),
      'output length asked': wordOf(summary.mean_output_tokens),
    }),
    subject: members({ model: wordOf(summary.model), name: wordOf(summary.name) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    unknowns: [
      { family: 'error_rate', what: 'the failures that stopped one of its threads' },
      { family: 'ttfot', what: 'which tokens are reasoning' },
      { family: 'itl', what: 'the gaps between tokens, only of their mean' },
      { family: 'tpot', what: 'when the last token came' },
    ],
  }
}

function requestOf(element: JsonObject): ForeignRequest {
  const ttftMs = 1000 * (countAt(element, 'ttft_s') ?? 0)
  const latencyS = countAt(element, 'end_to_end_latency_s')
  const ending = endingOf(element, ttftMs)
  return {
    startedMs: 0,
    ...(ttftMs > 0 ? { ttftMs } : {}),
    latencyMs: latencyS === undefined ? undefined : 1000 * latencyS,
    ...ending,
    freshConnection: true,
    // Counted with one tokenizer for every model.
    usage:
      ending.status === undefined
        ? usageOf({
            source: 'estimated',
            input: countAt(element, 'number_input_tokens'),
            output: countAt(element, 'number_output_tokens'),
          })
        : undefined,
  }
}

/** -1 is an error of the client; no error and no TTFT is an answer without a token. */
function endingOf(element: JsonObject, ttftMs: number): ForeignFailure {
  const code = element.error_code
  if (code === null || code === undefined) {
    return { outcome: ttftMs > 0 ? 'completed' : 'empty' }
  }
  const status = typeof code === 'number' && code > 0 ? code : undefined
  return failureOf(textAt(element, 'error_msg') ?? '', status)
}

/** Seconds since 1970. */
function startOf(summary: unknown): string | undefined {
  const seconds = countAt(summary, 'timestamp')
  if (seconds === undefined || seconds > 253_402_300_799) return undefined
  return new Date(1000 * seconds).toISOString()
}
