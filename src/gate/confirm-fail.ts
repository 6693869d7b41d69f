// A fail that no reference arm showed is measured once more after a pause, before it blocks anybody: a
// provider that hangs for a minute is not the pull request's doing. Nothing is measured again where
// every part of a long run shows it by itself, or where the budget does not reach.

import { confirmed, failedIds, failsInEveryPart } from '../judge/judge.ts'
import { appendRounds, sizeOf } from '../measure/measure.ts'
import type { Confirmation } from '../model/effort.ts'
import { isOfOneNumber } from '../model/opening.ts'
import type { Setting, Trial } from './trial.ts'

export async function confirmFail(trial: Trial, setting: Setting): Promise<Trial> {
  const { request, rounds, judge, ports } = setting
  const { gate, confirmAfterMs, accept } = request
  if (confirmAfterMs === undefined || accept !== undefined || !isDoubtful(trial)) return trial
  if (isSeveralMeasurements(trial, confirmAfterMs, setting)) {
    return withConfirmation(trial, 'beyond-doubt')
  }
  const { judged: first } = trial
  const size = sizeOf(gate)
  if (!rounds.reaches(size, first.run)) return withConfirmation(trial, 'no-budget')
  ports.announce(
    `${gate.name}: ${failedIds(first.decision).join(', ')} failed; measuring once more in ${confirmAfterMs / 1000} s, before it blocks`,
  )
  await ports.wait(confirmAfterMs)
  const round = await rounds.measure(size, first.run)
  if (round.kind === 'refused') return withConfirmation(trial, 'no-budget')
  const { run: second } = round
  if (second.invalidities.length > 0) return withConfirmation(trial, 'void')
  const { looks, paired } = first
  const together = { run: appendRounds([first.run, second]), looks, paired }
  const judged = confirmed({ first, second, together }, judge)
  const isConfirmed = judged.decision.verdict === 'failed'
  return withConfirmation({ ...trial, judged }, isConfirmed ? 'confirmed' : 'not-confirmed')
}

/** Failed, and by nothing that was measured against the reference arm in the same minutes. */
function isDoubtful({ judged: { decision } }: Trial): boolean {
  return (
    decision.verdict === 'failed' &&
    decision.metrics.every(
      ({ id, verdict, evidence }) =>
        verdict !== 'fail' || (evidence !== 'reference' && !isOfOneNumber(id)),
    )
  )
}

const PARTS = 3

/** A run as long as several measurements with the pause between them, each of which fails by itself. */
function isSeveralMeasurements({ judged }: Trial, pauseMs: number, { judge }: Setting): boolean {
  const isLong = judged.run.conditions.durationMs >= PARTS * pauseMs
  return isLong && failsInEveryPart(judged, PARTS, judge)
}

function withConfirmation(trial: Trial, confirmation: Confirmation): Trial {
  return { ...trial, effort: { ...trial.effort, confirmation } }
}
