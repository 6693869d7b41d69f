// A workload: how many requests, how fast, how long to wait, and which prompts.

import type { Load, Timeouts, Workload } from '../model/config.ts'
import { readPrompts } from './prompts/prompts.ts'
import { parseDuration } from './quantities.ts'
import type { RawWorkload } from './raw-config.ts'
import { readArrivals } from './read-arrivals.ts'
import type { ConfigReading } from './reading.ts'
import type { Path } from './yaml/yaml.ts'

const DEFAULT_CONCURRENCY = 4
const DEFAULT_REQUESTS = 200
/** With the default requests 320 first tokens: a p99 passes from 299, and some may fail. */
const DEFAULT_PROBES = 120

/** Whoever says how many requests are sent is sent no probes that were not asked for. */
function sentBy({ requests, probes }: RawWorkload): Sent {
  return {
    requests: requests ?? DEFAULT_REQUESTS,
    probes: probes ?? (requests === undefined ? DEFAULT_PROBES : 0),
  }
}

type Sent = Pick<Workload, 'requests' | 'probes'>

export function readWorkload(raw: RawWorkload, path: Path, reading: ConfigReading): Workload {
  const load = readLoad(raw, path, reading)
  return {
    prompts: readPrompts(raw, [...path, 'prompts'], reading),
    ...sentBy(raw),
    load,
    warmup: raw.warmup ?? oneWave(load),
    promptCache: raw.prompt_cache,
    timeouts: readTimeouts(raw, [...path, 'timeouts'], reading),
    maxClientDelayMs: parseDuration(raw.max_client_delay),
    seed: raw.seed,
  }
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

/** As many warm connections as the load will want: with arrivals, those of two seconds. */
function oneWave(load: Load): number {
  if (load.kind === 'closed') return load.concurrency
  return Math.min(64, load.maxInFlight, Math.max(4, Math.ceil(load.ratePerSecond * 2)))
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

const LONGEST_TIMEOUT_MS = 3_600_000
