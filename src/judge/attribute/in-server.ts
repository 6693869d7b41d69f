// How much of the mean TTFT's rise the server itself counts as waiting, or as computing the prompt.
// Means are the only numbers of an exporter that add up, so it is the mean that is split.

import type { Attribution, FromTo } from '../../model/attribution.ts'
import type { Run } from '../../model/run.ts'
import { courseOf, looksDuring, type ServerCourse } from '../../model/server-metrics.ts'
import {
  FEWEST_RUNS,
  MOST_OF_WHOLE,
  mean,
  NAMED,
  type Shift,
  sampled,
  sampledInOrder,
  shiftOf,
} from './level.ts'
import { meanTtftMs, timedOf } from './timed.ts'

type Known = { readonly run: Run; readonly course: ServerCourse }

export function inServer(now: Run, before: readonly Run[]): Attribution | undefined {
  const [known] = knownOf([now])
  const others = knownOf(before)
  if (known === undefined || others.length < FEWEST_RUNS) return undefined
  const whole = shiftOf(
    others.map(({ run }) => meanTtftMs(run)),
    meanTtftMs(now),
  )
  if (whole === undefined || !(whole.low > 0)) return undefined
  const gauges = {
    waiting: fromTo(known, others, 'mostWaiting'),
    kvCacheUse: fromTo(known, others, 'mostKvCacheUse'),
  }
  for (const kind of ['queue', 'prefill'] as const) {
    const part = partOf(kind, known, others)
    if (part === undefined || part.shift.low < NAMED * whole.difference) continue
    // What is longer than first tokens took counts other clients' requests.
    if (part.shift.to > MOST_OF_WHOLE * whole.to) continue
    const { low, high, difference } = part.shift
    return {
      kind,
      partMs: difference,
      interval: [low, high],
      wholeMs: whole.difference,
      estimated: part.estimated,
      ...(kind === 'queue' ? gauges : {}),
    }
  }
  return undefined
}

function knownOf(runs: readonly Run[]): readonly Known[] {
  return runs.flatMap((run) =>
    run.serverMetrics === undefined ? [] : [{ run, course: courseOf(run.serverMetrics) }],
  )
}

function fromTo(
  now: Known,
  before: readonly Known[],
  member: 'mostWaiting' | 'mostKvCacheUse',
): FromTo | undefined {
  const to = now.course[member]
  const from = before.flatMap(({ course }) => course[member] ?? [])
  return to === undefined || from.length === 0 ? undefined : { from: mean(from), to }
}

type Part = { readonly shift: Shift; readonly estimated: boolean }

function partOf(kind: 'queue' | 'prefill', now: Known, before: readonly Known[]): Part | undefined {
  const member = kind === 'queue' ? 'queueMs' : 'prefillMs'
  const to = now.course[member]
  const levels = before.flatMap(({ course }) => course[member] ?? [])
  if (to !== undefined && levels.length === before.length) {
    // A mean alone does not show its own error. A part of each TTFT varies no more than all of it.
    const own = sampled(timedOf(now.run).map(({ ttftMs }) => ttftMs))
    const shift = shiftOf(levels, to, { own })
    return shift && { shift, estimated: false }
  }
  return kind === 'queue' ? byLittle(now, before) : undefined
}

/** Looks while the run went on; with fewer the mean of a queue is an accident. */
const FEWEST_LOOKS = 8

/**
 * Mean time in the queue from its mean length, for engines that export the length alone.
 *
 *   W = L / lambda       (Little's law)
 */
function byLittle(now: Known, before: readonly Known[]): Part | undefined {
  const to = queueOf(now.run)
  const levels = before.flatMap(({ run }) => queueOf(run)?.ms ?? [])
  if (to === undefined || levels.length < before.length) return undefined
  const shift = shiftOf(levels, to.ms, { own: to.own })
  return shift && { shift, estimated: true }
}

function queueOf({ serverMetrics, records, conditions }: Run) {
  if (serverMetrics === undefined) return undefined
  const looks = looksDuring(serverMetrics).flatMap(({ waiting }) => waiting ?? [])
  if (looks.length < FEWEST_LOOKS || records.length === 0) return undefined
  const msEach = conditions.durationMs / records.length
  const { error, df } = sampledInOrder(looks)
  return { ms: mean(looks) * msEach, own: { error: error * msEach, df } }
}
