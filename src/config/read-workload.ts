// A workload: how many requests, how fast, how long to wait, and which prompts.

import {
  type DialectName,
  hasTokens,
  type Load,
  type Prompt,
  type Timeouts,
  type Workload,
} from '../model/config.ts'
import { isOfConversations } from '../model/conversation.ts'
import { oneWave } from '../model/one-wave.ts'
import { HOUR_MS } from '../stats/moment.ts'
import { readPrompts, readTrace, type Trace } from './prompts/prompts.ts'
import { parseDuration } from './quantities.ts'
import type { RawTrace, RawWorkload } from './raw-config.ts'
import { readArrivals } from './read-arrivals.ts'
import type { ConfigReading } from './reading.ts'
import type { Path } from './yaml/yaml.ts'

const DEFAULT_CONCURRENCY = 4
const DEFAULT_REQUESTS = 200
/** With the default requests 320 first tokens: a p99 passes from 299, and some may fail. */
const DEFAULT_PROBES = 120
/** Where there are no first tokens to probe for, a p99 needs whole answers. */
const DEFAULT_WHOLE = DEFAULT_REQUESTS + DEFAULT_PROBES

/** Whoever says how many requests are sent is sent no probes that were not asked for; of conversations
 * there are none. */
function sentBy(
  { requests, probes }: RawWorkload,
  api: DialectName,
  prompts: readonly Prompt[] = [],
): Sent {
  if (!hasTokens(api)) return { requests: requests ?? DEFAULT_WHOLE, probes: 0 }
  const isProbed = requests === undefined && !isOfConversations({ prompts })
  return {
    requests: requests ?? DEFAULT_REQUESTS,
    probes: probes ?? (isProbed ? DEFAULT_PROBES : 0),
  }
}

type Sent = Pick<Workload, 'requests' | 'probes'>

/** Where a workload is read: its path, and where problems go. */
type WorkloadPlace = { readonly path: Path; readonly reading: ConfigReading }

export function readWorkload(raw: RawWorkload, api: DialectName, place: WorkloadPlace): Workload {
  const { path, reading } = place
  const asked =
    raw.trace === undefined
      ? askedByDesign(raw, api, place)
      : askedByTrace(raw, raw.trace, { api, ...place })
  if (!hasTokens(api) && (raw.probes ?? 0) > 0) {
    const message = `answers of ${api} have no first token that a probe could end at; take \`probes\` out, and ask for more \`requests\``
    reading.report({ path: [...path, 'probes'], message, pointAt: 'key' })
  }
  const { load } = asked
  return {
    ...asked,
    warmup: raw.warmup ?? oneWave(load),
    ...(raw.warmup === undefined ? { warmsUntilSettled: true as const } : {}),
    promptCache: raw.prompt_cache,
    timeouts: readTimeouts(raw, [...path, 'timeouts'], reading),
    maxClientDelayMs: parseDuration(raw.max_client_delay),
    seed: raw.seed,
  }
}

type AskedFor = Pick<Workload, 'prompts' | 'requests' | 'probes' | 'load'>

function askedByDesign(
  raw: RawWorkload,
  api: DialectName,
  { path, reading }: WorkloadPlace,
): AskedFor {
  const prompts = readPrompts(raw, api, { path: [...path, 'prompts'], reading })
  return {
    prompts,
    ...sentBy(raw, api, prompts),
    load: readLoad(raw, path, reading),
  }
}

/** What the trace itself says: whatever would say it otherwise is refused. */
const INSTEAD_OF_TRACE = ['prompts', 'concurrency', 'arrivals', 'probes'] as const

function askedByTrace(
  raw: RawWorkload,
  trace: RawTrace,
  { api, path, reading }: WorkloadPlace & { readonly api: DialectName },
): AskedFor {
  for (const member of INSTEAD_OF_TRACE) {
    if (raw[member] === undefined) continue
    const message = `\`${member}\` and \`trace\` cannot stand together: a trace says what is asked and when; keep one`
    reading.report({ path: [...path, member], message, pointAt: 'key' })
  }
  if (api === 'rerank') {
    const message =
      'a trace says how long requests are, and not which documents a query is for; expected `prompts` with `query` and `documents`'
    reading.report({ path: [...path, 'trace'], message, pointAt: 'key' })
  }
  const { requests } = sentBy(raw, api)
  const read = readTrace(trace, requests, { path: [...path, 'trace'], reading })
  const { prompts, timesMs, hasShared } = read ?? NO_TRACE
  if (hasShared && raw.prompt_cache === 'bypass') {
    const message =
      'no prefix cache sees what the requests of the trace share: `prompt_cache: bypass` puts a unique text before every prompt; set `keep` to have it measured as in production'
    reading.report({ path: [...path, 'trace'], message, pointAt: 'key', severity: 'warning' })
  }
  const lastMs = timesMs.at(-1) ?? 0
  return {
    prompts: hasTokens(api) ? prompts : prompts.map((one) => ({ ...one, maxOutputTokens: 0 })),
    requests: prompts.length,
    probes: 0,
    load: {
      kind: 'open',
      process: 'trace',
      ratePerSecond: (1000 * Math.max(1, prompts.length - 1)) / Math.max(1, lastMs),
      timesMs,
      maxInFlight: trace.max_in_flight,
    },
  }
}

/** To read on with where the file's problems have been reported. */
const NO_TRACE: Trace = {
  prompts: [{ name: 'none', promptClass: 'none', weight: 1, messages: [], maxOutputTokens: 1 }],
  timesMs: [0],
  hasShared: false,
}

function readLoad(raw: RawWorkload, path: Path, reading: ConfigReading): Load {
  const { arrivals } = raw
  if (arrivals === undefined) {
    return { kind: 'closed', concurrency: raw.concurrency ?? DEFAULT_CONCURRENCY }
  }
  if (raw.concurrency !== undefined) {
    const message =
      '`concurrency` (closed loop) and `arrivals` (open loop) cannot stand together; keep one'
    reading.report({ path: [...path, 'concurrency'], message, pointAt: 'key' })
  }
  return readArrivals(arrivals, [...path, 'arrivals'], reading)
}

function readTimeouts(raw: RawWorkload, path: Path, reading: ConfigReading): Timeouts {
  const { connect, first_token, idle, total } = raw.timeouts
  const timeouts: Timeouts = {
    connectMs: parseDuration(connect),
    firstTokenMs: parseDuration(first_token),
    idleMs: parseDuration(idle),
    totalMs: parseDuration(total),
  }
  for (const [member, text] of Object.entries(raw.timeouts)) {
    const durationMs = parseDuration(text)
    if (durationMs >= 1 && durationMs <= LONGEST_TIMEOUT_MS) continue
    const message = `${text} is no usable timeout; expected 1ms to 1h`
    reading.report({ path: [...path, member], message })
  }
  if (timeouts.totalMs < timeouts.firstTokenMs) {
    const message = `${total} is shorter than \`first_token\` (${first_token}); expected at least that`
    reading.report({ path: [...path, 'total'], message })
  }
  return timeouts
}

const LONGEST_TIMEOUT_MS = HOUR_MS
