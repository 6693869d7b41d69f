// What two deployments of the same thing differ by: found in the pairs of a pull request that passed, and
// learnt from what merged ones have left in the history.

import type { History } from '../model/history.ts'
import type { Run } from '../model/run.ts'
import { DEPLOYMENT_SPREAD, FEWEST_PAIRS } from '../model/verdict-policy.ts'
import { deploymentSpread, type TwinDifference } from '../stats/deployment-spread.ts'
import { trimmedMean } from '../stats/trimmed-mean.ts'
import { waitRatios } from './pair-values.ts'

type Arms = { readonly candidate: Run; readonly reference: Run; readonly isEarlier?: true }

/**
 * Undefined where they are not two deployments of one thing: of another model or with other parameters, at
 * one address, asked otherwise, or not in alternation.
 */
export function twinDifference(paired: Arms | undefined): TwinDifference | undefined {
  if (paired === undefined || paired.isEarlier) return undefined
  const { candidate, reference } = paired
  if (!isSameThing(candidate, reference)) return undefined
  const ratios = waitRatios(candidate, reference)
  if (ratios.length < FEWEST_PAIRS) return undefined
  const { value, variance } = trimmedMean(ratios)
  return { difference: value, error: Math.sqrt(variance) }
}

function isSameThing(candidate: Run, reference: Run): boolean {
  const { url, ...own } = candidate.subject
  const { url: otherUrl, ...other } = reference.subject
  return (
    url !== otherUrl &&
    JSON.stringify(own) === JSON.stringify(other) &&
    candidate.loadShapeHash === reference.loadShapeHash
  )
}

export type TakenToDiffer = {
  /** What deployments of the same thing lie apart of themselves, each as a deviation of logs. */
  readonly differs: number
  /** Merged pull requests that it was learnt from. Absent = none: it is stated, or assumed. */
  readonly learntFrom?: number
}

/** What a config states is a person's word, and nothing is learnt beside it. */
export function differingOf(stated: number | undefined, history: History): TakenToDiffer {
  if (stated !== undefined) return { differs: stated }
  const merged = history.runs.flatMap(({ provenance }) => provenance.merged ?? [])
  // A job that ran again measured the same pull request's merge once more.
  const found = [...new Map(merged.map((one) => [one.pullRequest, one])).values()]
  const differs = deploymentSpread(found, DEPLOYMENT_SPREAD)
  return found.length === 0 ? { differs } : { differs, learntFrom: found.length }
}
