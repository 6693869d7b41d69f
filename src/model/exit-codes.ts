// The exit codes of both entrypoints, stable from the first release.

import { blockingOf, blocks } from './blocking.ts'
import type { Policy } from './config.ts'
import type { GateErrorKind } from './errors.ts'
import type { Dropped, GateVerdict } from './verdict.ts'

export const EXIT = {
  passed: 0,
  failed: 1,
  badInput: 2,
  couldNotMeasure: 3,
  undecided: 4,
  bug: 70,
} as const

const CODES: Readonly<Record<GateVerdict, number>> = {
  passed: EXIT.passed,
  failed: EXIT.failed,
  invalid: EXIT.couldNotMeasure,
  inconclusive: EXIT.undecided,
  'no-baseline': EXIT.undecided,
}

export function exitCodeOfVerdict(verdict: GateVerdict, policy: Policy): number {
  return blocks(verdict, blockingOf(policy)) ? CODES[verdict] : EXIT.passed
}

/** A run that is given no secrets measured nothing, and its author can do nothing about it. */
export function exitCodeWithoutSecrets({ noSecrets }: Policy): number {
  return noSecrets === 'fail' ? EXIT.couldNotMeasure : EXIT.passed
}

/** A gate that goes has no verdict from here on: what it watched stays undecided. */
export function exitCodeOfDropped(dropped: Dropped | undefined): number {
  return dropped?.blocks === true ? EXIT.undecided : EXIT.passed
}

/** Of several gates: the gravest code any of them calls for, so that none hides behind another. */
export function exitCodeOfVerdicts(
  verdicts: readonly GateVerdict[],
  policy: Policy,
  dropped?: Dropped,
): number {
  const ofGates = verdicts.map((verdict) => exitCodeOfVerdict(verdict, policy))
  const codes = new Set(dropped === undefined ? ofGates : [...ofGates, exitCodeOfDropped(dropped)])
  const gravity = [EXIT.failed, EXIT.couldNotMeasure, EXIT.undecided, EXIT.passed]
  // Nothing judged is nothing passed.
  return gravity.find((code) => codes.has(code)) ?? EXIT.couldNotMeasure
}

export function exitCodeOfError(kind: GateErrorKind): number {
  return kind === 'config' || kind === 'usage' || kind === 'file'
    ? EXIT.badInput
    : EXIT.couldNotMeasure
}
