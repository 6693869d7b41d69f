// Why a measurement cannot be trusted or could not be made, and what to change: a short name for the
// headline, the fact, and the remedy.

import type { Invalidity } from '../../model/run.ts'
import * as format from '../format.ts'

export type InvalidityWords = {
  /** Follows "Could not measure: ". */
  readonly short: string
  readonly fact: string
  readonly remedy: string
}

type Of<Kind extends Invalidity['kind']> = Extract<Invalidity, { kind: Kind }>

export function invalidityWords(invalidity: Invalidity): InvalidityWords {
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
      return nothingCompleted(invalidity)
    case 'budget':
      return budget(invalidity)
    case 'aborted':
      return {
        short: 'the run was stopped',
        fact: `The run was stopped after ${format.count(invalidity.measured, 'request')}.`,
        remedy: 'Run the job again.',
      }
  }
}

function clientSaturated(
  invalidity: Of<'event-loop-delay' | 'send-lateness' | 'load-not-reached' | 'too-many-in-flight'>,
): InvalidityWords {
  return {
    short:
      invalidity.kind === 'too-many-in-flight' || invalidity.kind === 'load-not-reached'
        ? 'the load was not reached'
        : 'the client was saturated',
    fact: saturationFact(invalidity),
    remedy:
      'Lower workload.concurrency or the arrival rate, give the job a larger runner, or split the load over shards (mode: measure).',
  }
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
      return `The run reached a load of ${number(invalidity.achieved)} where ${number(invalidity.intended)} was planned, so it measured another load.`
    case 'too-many-in-flight':
      return `More than ${format.count(invalidity.limit, 'request')} were in flight at once: the endpoint does not keep up with the arrival rate.`
  }
}

function nothingCompleted(invalidity: Of<'nothing-completed'>): InvalidityWords {
  const { outcome, status, count, detail } = invalidity
  const how = `${outcome}${status === undefined ? '' : ` (HTTP ${status})`}`
  const why = detail === undefined ? '.' : `: ${detail}${/[.!?]$/.test(detail) ? '' : '.'}`
  const fact = `No request completed. ${format.count(count, 'request')} ended as ${how}${why}`
  return { fact, ...nothingCompletedRemedy(outcome, status) }
}

function nothingCompletedRemedy(
  outcome: string,
  status: number | undefined,
): { readonly short: string; readonly remedy: string } {
  if (status === 401 || status === 403) {
    return {
      short: `the endpoint refuses the key (HTTP ${status})`,
      remedy:
        'Check the api-key input and the secret behind it, and that the key may use this model.',
    }
  }
  if (status === 404) {
    return {
      short: 'the endpoint does not know the path or the model (HTTP 404)',
      remedy: 'Check endpoint.url, endpoint.api and endpoint.model.',
    }
  }
  if (outcome === 'rate-limited') {
    return {
      short: 'every request was rate-limited',
      remedy: 'Lower workload.concurrency or the arrival rate, or ask the provider for more.',
    }
  }
  if (UNREACHABLE.has(outcome)) {
    return {
      short: 'the endpoint is down or cannot be reached',
      remedy: 'Check endpoint.url and that the runner can reach it, then run the job again.',
    }
  }
  return {
    short: 'no request completed',
    remedy: "Look at the errors by kind below and at the endpoint's own logs.",
  }
}

const UNREACHABLE: ReadonlySet<string> = new Set(['dns', 'connect', 'tls', 'timeout-connect'])

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
