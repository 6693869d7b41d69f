// A fail that no reference arm showed is measured once more after a pause, before it blocks anybody: a
// provider that hangs for a minute is not the pull request's doing. Nothing is measured again where
// every part of a long run shows it by itself, or where the budget does not reach.

import { confirm, judge } from '../judge/judge.ts'
import {
  added,
  appendRounds,
  estimateByUnits,
  isAffordable,
  measureRound,
  type RoundSize,
  remaining,
  unitCostsOf,
} from '../measure/measure.ts'
import type { Confirmation } from '../model/effort.ts'
import type { Run } from '../model/run.ts'
import { judgeBesideEarlier, type Trial } from './conclude.ts'
import type { Setting } from './measure-until-decided.ts'

export async function confirmFail(trial: Trial, setting: Setting): Promise<Trial> {
  const { request, ports, by } = setting
  const { gate, confirmAfterMs, accept } = request
  if (confirmAfterMs === undefined || accept !== undefined || !isDoubtful(trial)) return trial
  if (isSeveralSittings(trial, confirmAfterMs, setting)) return ended(trial, 'beyond-doubt')
  const allowance = remaining(request.allowance, trial.used)
  const size = secondSitting(trial, setting)
  if (!isAffordable({ ...request, allowance }, size)) return ended(trial, 'no-budget')
  ports.announce(
    `${gate.name}: ${failed(trial).join(', ')} failed; measuring once more in ${confirmAfterMs / 1000} s, before it blocks`,
  )
  await ports.wait(confirmAfterMs)
  const round = await measureRound({ ...request, allowance }, ports, size)
  if (round.kind === 'refused') return ended(trial, 'no-budget')
  const paid: Trial = {
    ...trial,
    spent: [...trial.spent, round.run.spent],
    used: added(trial.used, round.used),
    rounds: trial.rounds + 1,
  }
  if (round.run.invalidities.length > 0) return ended(paid, 'void')
  const { run, looks, decision: first } = trial.judged
  const both = appendRounds([run, round.run])
  const isEarlier = request.earlier !== undefined
  const together = isEarlier
    ? judgeBesideEarlier(both, request, by)
    : judge(both, by, looks, trial.paired)
  const { comparison } = together
  const second = isEarlier ? judgeBesideEarlier(round.run, request, by) : judge(round.run, by)
  const decision = confirm({
    first,
    second: second.decision,
    together: together.decision,
    comparison,
  })
  const judged = { ...together, decision }
  return ended({ ...paid, judged }, decision.verdict === 'failed' ? 'confirmed' : 'not-confirmed')
}

/** The same design as the first, in an order of its own. */
function secondSitting(trial: Trial, { request: { gate } }: Setting): RoundSize {
  const { requests, probes, warmup, load } = gate.workload
  const seen = unitCostsOf(trial.judged.run, gate.prices, load)
  const expect: RoundSize['expect'] = (plan) => estimateByUnits(plan, seen)
  return { arms: 'candidate', requests, probes, warmup, round: trial.rounds, expect }
}

/** Failed, and by nothing that was measured against the reference arm in the same minutes. */
function isDoubtful({ judged: { decision } }: Trial): boolean {
  return (
    decision.verdict === 'failed' &&
    decision.metrics.every(
      ({ verdict, evidence }) => verdict !== 'fail' || evidence !== 'reference',
    )
  )
}

function failed({ judged }: Trial): readonly string[] {
  return judged.decision.metrics.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)
}

const PARTS = 3

/** A run as long as several sittings with the pause between them, each of which fails by itself. */
function isSeveralSittings(trial: Trial, pauseMs: number, { by, request }: Setting): boolean {
  const { run } = trial.judged
  if (run.conditions.durationMs < PARTS * pauseMs) return false
  const ids = failed(trial)
  return partsOf(run).every((part) => {
    const isEarlier = request.earlier !== undefined
    const judged = isEarlier ? judgeBesideEarlier(part, request, by) : judge(part, by)
    const { metrics } = judged.decision
    return metrics.some(({ id, verdict }) => verdict === 'fail' && ids.includes(id))
  })
}

function partsOf(run: Run): readonly Run[] {
  const size = Math.ceil(run.records.length / PARTS)
  return Array.from({ length: PARTS }, (_, part) => {
    const [from, to] = [part * size, (part + 1) * size]
    return {
      ...run,
      records: run.records.slice(from, to),
      costsUsd: run.costsUsd.slice(from, to),
    }
  })
}

function ended(trial: Trial, confirmation: Confirmation): Trial {
  return { ...trial, effort: { ...trial.effort, confirmation } }
}
