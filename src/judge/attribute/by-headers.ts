// What headers of the answers say of where the mean TTFT's rise went: the way to the server and back, or
// the server's own queue and prefill, told for each request.

import type { Attribution } from '../../model/attribution.ts'
import type { GatewaySaid } from '../../model/request-record.ts'
import type { Run } from '../../model/run.ts'
import { mean, NAMED, type Sampled, sampled, shiftOf } from './level.ts'
import { meanTtftMs, timedOf } from './timed.ts'

/** Of the requests: headers of fewer speak for the cached or the lucky ones alone. */
const MOST_OF_THEM = 0.9

type Read = (said: GatewaySaid, headersAfterMs: number | undefined) => number | undefined

const PARTS: readonly (readonly ['gateway' | 'queue' | 'prefill', Read])[] = [
  ['queue', ({ queueMs }) => queueMs],
  ['prefill', ({ prefillMs }) => prefillMs],
  [
    'gateway',
    ({ upstreamMs }, afterMs) =>
      upstreamMs === undefined || afterMs === undefined ? undefined : afterMs - upstreamMs,
  ],
]

export function byHeaders(now: Run, before: readonly Run[]): Attribution | undefined {
  const whole = shiftOf(before.map(meanTtftMs), meanTtftMs(now))
  if (whole === undefined || !(whole.low > 0)) return undefined
  for (const [kind, read] of PARTS) {
    const to = levelOf(now, read)
    const levels = before.flatMap((run) => levelOf(run, read)?.ms ?? [])
    if (to === undefined || levels.length < before.length) continue
    const part = shiftOf(levels, to.ms, { own: to.own })
    if (part === undefined || part.low < NAMED * whole.difference) continue
    const found = {
      partMs: part.difference,
      interval: [part.low, part.high] as const,
      wholeMs: whole.difference,
    }
    return kind === 'gateway' ? { kind, ...found } : { kind, ...found, estimated: false }
  }
  return undefined
}

function levelOf(run: Run, read: Read): { ms: number; own: Sampled } | undefined {
  const timed = timedOf(run)
  const values = timed.flatMap(({ record: { gateway = {}, headersMs, sentMs } }) => {
    const after = headersMs === undefined || sentMs === undefined ? undefined : headersMs - sentMs
    return read(gateway, after) ?? []
  })
  if (values.length < MOST_OF_THEM * timed.length || values.length === 0) return undefined
  return { ms: mean(values), own: sampled(values) }
}
