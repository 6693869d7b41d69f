// Why what failed became worse, in one sentence, with the interval of what it claims.

import type { Attribution, Between, FromTo } from '../../model/attribution.ts'
import { CAUSE_ERROR } from '../../model/attribution.ts'
import type { Sentence } from '../../model/report-document.ts'
import * as format from '../format.ts'
import { code, say, strong } from '../phrase.ts'

/** What the interval of a cause is called. */
const INTERVAL = `${format.percent(1 - 2 * CAUSE_ERROR)} interval`

type Of<Kind extends Attribution['kind']> = Extract<Attribution, { kind: Kind }>

export function attributionSentence(cause: Attribution): Sentence {
  switch (cause.kind) {
    case 'queue':
    case 'prefill':
      return inServer(cause)
    case 'gateway':
      return say`${strong('Why:')} ${milliseconds(cause.partMs)} of the ${milliseconds(cause.wholeMs)} rise in mean TTFT is spent before the server, on the way or in a gateway (${INTERVAL} ${milliseconds(cause.interval[0])} to ${milliseconds(cause.interval[1])}).`
    case 'one-class':
      return say`${strong('Why:')} only prompts of class ${code(cause.promptClass)} became slower: typical TTFT ${change(cause)}.`
    case 'long-prompts':
      return say`${strong('Why:')} only prompts of ${format.count(cause.fromTokens, 'token')} and more became slower: typical TTFT ${change(cause)}.`
    case 'late':
      return say`${strong('Why:')} the run began as fast as the baseline and became slower after ${format.span(cause.fromMs)}: typical TTFT ${change(cause)} from then on.`
    case 'longer-answers':
      return say`${strong('Why:')} answers grew from ${tokens(cause.tokens.from)} to ${tokens(cause.tokens.to)} tokens, which is ${format.usd(cause.partUsd)} (${INTERVAL} ${format.usd(cause.interval[0])} to ${format.usd(cause.interval[1])}) of the ${format.usd(cause.wholeUsd)} that an answer costs more.`
  }
}

function inServer(cause: Of<'queue' | 'prefill'>): Sentence {
  const { partMs, interval, wholeMs, estimated } = cause
  const where = cause.kind === 'queue' ? 'waiting in the server’s queue' : 'prefill'
  const about = estimated ? 'about ' : ''
  const ends = `${INTERVAL} ${milliseconds(interval[0])} to ${milliseconds(interval[1])}`
  const sure = `(${ends}${estimated ? ', from how many requests waited' : ''})`
  const peaks = peaksOf(cause)
  const whole = milliseconds(wholeMs)
  if (partMs > wholeMs && interval[0] <= wholeMs) {
    return say`${strong('Why:')} all of the ${whole} rise in mean TTFT is ${where}: ${about}${milliseconds(partMs)} ${sure}${peaks}.`
  }
  return partMs <= wholeMs
    ? say`${strong('Why:')} ${about}${milliseconds(partMs)} of the ${whole} rise in mean TTFT is ${where} ${sure}${peaks}.`
    : say`${strong('Why:')} ${where} takes ${about}${milliseconds(partMs)} longer ${sure}, more than the ${whole} rise in mean TTFT: the rest became faster${peaks}.`
}

function peaksOf({ waiting, kvCacheUse }: Of<'queue' | 'prefill'>): string {
  const gauges = [
    levels('requests waiting', waiting, (value) => tokens(value)),
    levels('KV cache', kvCacheUse, (value) => format.percent(value)),
  ].filter((text) => text !== '')
  return gauges.length === 0 ? '' : `; at most: ${gauges.join(', ')}`
}

/** Nothing of what did not rise: it explains nothing. */
function levels(name: string, at: FromTo | undefined, show: (value: number) => string): string {
  return at === undefined || at.to <= at.from ? '' : `${name} ${show(at.from)} → ${show(at.to)}`
}

function change({ change: size, interval }: { change: number; interval: Between }): string {
  return `${format.change(size, 'ratio')} (${INTERVAL} ${format.interval(interval, 'ratio')})`
}

function milliseconds(ms: number): string {
  return format.milliseconds(ms).replace('-', '−')
}

function tokens(count: number): string {
  return String(Number(count.toFixed(1)))
}
