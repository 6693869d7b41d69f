// Why a measurement cannot be trusted or could not be made, and what to change: a short name for the
// headline, the fact, and the remedy.

import type { Invalidity } from '../../model/run.ts'
import type { Entrypoint } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { nothingCompletedRemedy } from './no-answer.ts'

export type InvalidityWords = {
  /** Follows "Could not measure: ". */
  readonly short: string
  readonly fact: string
  readonly remedy: string
}

type Of<Kind extends Invalidity['kind']> = Extract<Invalidity, { kind: Kind }>

export function invalidityWords(
  invalidity: Invalidity,
  entrypoint: Entrypoint = 'action',
): InvalidityWords {
  switch (invalidity.kind) {
    case 'event-loop-delay':
    case 'send-lateness':
    case 'load-not-reached':
    case 'too-many-in-flight':
      return clientSaturated(invalidity)
    case 'fresh-connections':
      return {
        short: 'connections were not warmed up',
        fact: `${format.percent(invalidity.share)} of the measured requests opened a connection that no warm-up request had opened before, where at most ${format.percent(invalidity.limit)} is trusted.`,
        remedy: 'Raise workload.warmup to one full wave: as many requests as run at once.',
      }
    case 'clock-stepped':
      return {
        short: 'the clock was stepped',
        fact: `The machine's clock moved by ${format.milliseconds(invalidity.driftMs)} against its monotonic clock during the run.`,
        remedy: 'Run the job again; a machine that was paused or resumed shows this.',
      }
    case 'nothing-completed':
      return nothingCompleted(invalidity, entrypoint)
    case 'budget':
      return budget(invalidity)
    case 'not-ready':
      return {
        short: 'the endpoint never became ready',
        fact: `endpoint.ready waited ${format.span(invalidity.waitedMs)} (${format.count(invalidity.looks, 'look')}) and the last answer was: ${invalidity.last}.`,
        remedy:
          'Find out why the endpoint does not start; where it only needs longer, raise endpoint.ready.timeout. A wrong key or path is never ready.',
      }
    case 'not-reported':
      return notReported(invalidity)
    case 'aborted':
      return {
        short: 'the run was stopped',
        fact: `The run was stopped after ${format.count(invalidity.measured, 'request')}.`,
        remedy: 'Run the job again.',
      }
  }
}

function notReported({ what }: Of<'not-reported'>): InvalidityWords {
  const remedy =
    "Look in that job's log, and at what the pull request changes in the workflow and the config."
  return what === 'gate'
    ? {
        short: 'the job reported nothing of it',
        fact: 'The base branch has this gate, and the report of the job says nothing of it. What is not reported is not passed.',
        remedy,
      }
    : {
        short: 'the job reported another load',
        fact: 'The figures in the name of this gate are of another load than the one that the base branch asks for, so they say nothing of it.',
        remedy,
      }
}

function clientSaturated(
  invalidity: Of<'event-loop-delay' | 'send-lateness' | 'load-not-reached' | 'too-many-in-flight'>,
): InvalidityWords {
  return {
    short: SATURATION[invalidity.kind],
    fact: saturationFact(invalidity),
    remedy: saturationRemedy(invalidity.kind),
  }
}

const SATURATION = {
  'event-loop-delay': 'the client was saturated',
  'send-lateness': 'the client was saturated',
  'load-not-reached': 'the load was not reached',
  'too-many-in-flight': 'the endpoint does not keep up with the load',
} as const

/** A busy machine is late under any load: what it may be late by is a setting. */
function saturationRemedy(kind: Invalidity['kind']): string {
  if (kind === 'too-many-in-flight') {
    return 'Lower the arrival rate: inference-gate sweep finds the highest one that the endpoint keeps up with. Or raise max_in_flight, if it is to be measured with that many waiting.'
  }
  const less =
    'lower workload.concurrency or the arrival rate, give the job a larger runner, or split the load over shards (mode: measure)'
  return kind === 'event-loop-delay' || kind === 'send-lateness'
    ? `Use a quieter machine; ${less}. Where the endpoint's own times are far above the delay, raise workload.max_client_delay.`
    : `${less.charAt(0).toUpperCase()}${less.slice(1)}.`
}

function saturationFact(
  invalidity: Of<'event-loop-delay' | 'send-lateness' | 'load-not-reached' | 'too-many-in-flight'>,
): string {
  switch (invalidity.kind) {
    case 'event-loop-delay':
      return `The measuring process was late itself: event loop delay ${format.milliseconds(invalidity.p99Ms)} at p99, where ${format.milliseconds(invalidity.limitMs)} is trusted. Its delay would be blamed on the endpoint.`
    case 'send-lateness':
      return `Requests left late: ${format.milliseconds(invalidity.p99Ms)} at p99, where ${format.milliseconds(invalidity.limitMs)} is trusted. The delay would be blamed on the endpoint.`
    case 'load-not-reached':
      return `The run reached a load of ${number(invalidity.achieved)} where ${number(invalidity.intended)} was planned, so it measured a different load.`
    case 'too-many-in-flight':
      return `More than ${format.count(invalidity.limit, 'request')} were in flight at once: the endpoint does not keep up with the arrival rate.${paceWords(invalidity)}`
  }
}

function paceWords({ asked, answered }: Of<'too-many-in-flight'>): string {
  return asked === undefined || answered === undefined
    ? ''
    : ` Over the second half it was asked ${number(asked)} a second and answered ${number(answered)}.`
}

function nothingCompleted(
  invalidity: Of<'nothing-completed'>,
  entrypoint: Entrypoint,
): InvalidityWords {
  const { outcome, status, count, detail } = invalidity
  const how = `${outcome}${status === undefined ? '' : ` (HTTP ${status})`}`
  const why = detail === undefined ? '.' : `: ${detail}${/[.!?…]$/.test(detail) ? '' : '.'}`
  const fact = `No request completed. ${format.count(count, 'request')} ended as ${how}${why}`
  return { fact, ...nothingCompletedRemedy(invalidity, entrypoint) }
}

function budget(invalidity: Of<'budget'>): InvalidityWords {
  const { what, allowed, needed, measured } = invalidity
  return {
    short: `the budget is too small (${what})`,
    fact: `budget.${what} allows ${amount(what, allowed)} and ${amount(what, needed)} would be needed; ${format.count(measured, 'request')} ${measured === 1 ? 'was' : 'were'} measured, too few to judge.`,
    remedy: `Raise budget.${what} on the base branch, or lower workload.requests.`,
  }
}

function amount(what: 'cost' | 'duration' | 'requests', size: number): string {
  if (what === 'cost') return format.usd(size)
  return what === 'duration' ? format.span(size) : format.count(size, 'request')
}

function number(size: number): string {
  return String(Number(size.toPrecision(3)))
}
