// Limits between gates, in words: the share, how sure it is, and what it may be.

import type { Sentence } from '../../model/report-document.ts'
import type { ShareJudgement } from '../../model/share.ts'
import type { GateResult } from '../../model/verdict.ts'
import * as format from '../format.ts'
import { clipped, code, say, strong } from '../phrase.ts'
import { visible } from '../render/render.ts'

/** Worst first, one sentence each. */
export function shareSentences({ shares = [] }: GateResult): readonly Sentence[] {
  const rank = { fail: 0, inconclusive: 1, pass: 2 }
  return shares.toSorted((a, b) => rank[a.verdict] - rank[b.verdict]).map(sentence)
}

/** `TTFT p50 is 95 % of cold’s, above its limit of 50 %`; absent where none fails. */
export function shareFailure({ shares = [] }: GateResult): string | undefined {
  const failed = shares.find(({ verdict }) => verdict === 'fail')
  if (failed === undefined) return undefined
  const side = failed.side === 'at-most' ? 'above' : 'below'
  return `${failed.label} is ${shareOf(failed)} of ${nameOf(failed)}’s, ${side} its limit of ${format.percent(failed.share)}`
}

/** `cannot tell whether TTFT p50 is at most 50 % of cold’s`; absent where none is open. */
export function openShare({ shares = [] }: GateResult): string | undefined {
  const open = shares.find(({ verdict }) => verdict === 'inconclusive')
  return open && `cannot tell whether ${open.label} is ${limitOf(open)} of ${nameOf(open)}’s`
}

function nameOf({ gate }: ShareJudgement): string {
  return clipped(visible(gate), 32)
}

function sentence(share: ShareJudgement): Sentence {
  const { label, gate, own, other, unit, interval } = share
  const outcome = outcomeOf(share)
  if (own === undefined || other === undefined) {
    return say`${strong('Between gates:')} ${label} has to be ${limitOf(share)} of that of ${code(gate)}: ${outcome}.`
  }
  const sure =
    interval === undefined
      ? ''
      : ` (${format.INTERVAL} ${format.percent(interval[0])} to ${format.percent(interval[1])})`
  const values = `${format.value(own, unit)} beside ${format.value(other, unit)}`
  return say`${strong('Between gates:')} ${label} is ${strong(shareOf(share))} of that of ${code(gate)}, ${values}${sure}; limit ${limitOf(share)}: ${outcome}.`
}

function limitOf({ side, share }: ShareJudgement): string {
  return `${side === 'at-most' ? 'at most' : 'at least'} ${format.percent(share)}`
}

function shareOf({ own, other }: ShareJudgement): string {
  return own === undefined || other === undefined ? '–' : format.percent(own / other)
}

function outcomeOf({ verdict, open, accepted }: ShareJudgement): string {
  if (accepted === true) return 'breached, and accepted'
  if (verdict !== 'inconclusive') return verdict === 'pass' ? 'it holds' : 'it is breached'
  switch (open?.kind) {
    case 'not-measured':
      return 'one of the two gates has no sound run in this job, so it was not judged'
    case 'no-samples':
      return 'one of the two gates has no value for it, so it was not judged'
    case 'too-few-requests':
      return `${format.count(open.has, 'request')} of each gate cannot show it, ${open.needs} can`
    default:
      return 'the interval crosses the limit, so it is open; more requests in both gates narrow it'
  }
}
