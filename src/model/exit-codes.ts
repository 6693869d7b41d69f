// The exit codes of both doors, stable from the first release.

import type { Policy } from './config.ts'
import type { GateErrorKind } from './errors.ts'
import type { GateVerdict } from './verdict.ts'

export const EXIT = {
  passed: 0,
  failed: 1,
  badInput: 2,
  couldNotMeasure: 3,
  undecided: 4,
  bug: 70,
} as const

/** `failed` always blocks; the other three block as the policy says. */
export function exitCodeOfVerdict(verdict: GateVerdict, policy: Policy): number {
  switch (verdict) {
    case 'passed':
      return EXIT.passed
    case 'failed':
      return EXIT.failed
    case 'invalid':
      return policy.invalid === 'fail' ? EXIT.couldNotMeasure : EXIT.passed
    case 'inconclusive':
      return policy.inconclusive === 'fail' ? EXIT.undecided : EXIT.passed
    case 'no-baseline':
      return policy.noBaseline === 'fail' ? EXIT.undecided : EXIT.passed
  }
}

/** A run that is given no secrets measured nothing, and its author can do nothing about it. */
export function exitCodeWithoutSecrets({ noSecrets }: Policy): number {
  return noSecrets === 'fail' ? EXIT.couldNotMeasure : EXIT.passed
}

/** Of several gates: the gravest code any of them calls for, so that none hides behind another. */
export function exitCodeOfVerdicts(verdicts: readonly GateVerdict[], policy: Policy): number {
  const codes = new Set(verdicts.map((verdict) => exitCodeOfVerdict(verdict, policy)))
  const gravity = [EXIT.failed, EXIT.couldNotMeasure, EXIT.undecided, EXIT.passed]
  // Nothing judged is nothing passed.
  return gravity.find((code) => codes.has(code)) ?? EXIT.couldNotMeasure
}

export function exitCodeOfError(kind: GateErrorKind): number {
  return kind === 'config' || kind === 'usage' || kind === 'file'
    ? EXIT.badInput
    : EXIT.couldNotMeasure
}
