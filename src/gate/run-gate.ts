// The sentence: choose the baseline, plan and measure, judge, measure on while the verdict is open, and
// conclude. A saved run takes the same way without the measuring, a shard without the judging. The
// world comes in through `Ports`; `app` describes and publishes what comes of it.

import { judgeBy } from '../judge/judge.ts'
import { NOTHING_USED, roundsOf } from '../measure/measure.ts'
import type { History } from '../model/history.ts'
import type { GateRequest, GateRun, Judging, Ports, Shard } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { concluded, unmeasured } from './conclude.ts'
import { confirmFail } from './confirm-fail.ts'
import { firstRound, measureSoundly } from './first-round.ts'
import { historyOfGate } from './history.ts'
import { measureUntilDecided } from './measure-until-decided.ts'
import { begun, begunSaved } from './trial.ts'

/** Measures one gate, judges it, goes on while that leaves it open, and confirms what would block. */
export async function runGate(request: GateRequest, ports: Ports): Promise<GateRun> {
  const history = await historyOfGate(request, ports)
  const rounds = roundsOf(request, ports)
  const judge = judgeBy(history, request)
  const first = await firstRound(request, { history, rounds, ports })
  if (first.kind === 'refused') {
    return unmeasured(first.because, rounds.taken().used, { request, history })
  }
  const setting = { request, rounds, judge, ports }
  const decided = await measureUntilDecided(begun(first, request), setting)
  const trial = await confirmFail(decided, setting)
  return concluded(trial, rounds.taken(), { request, history })
}

/** Judges a run that was measured earlier or elsewhere, by its history or beside an earlier one. */
export function judgeSaved(run: Run, request: Judging, history: History): GateRun {
  const judge = judgeBy(history, request)
  const trial = { ...begunSaved(run, request), judged: judge({ run }) }
  return concluded(trial, { used: NOTHING_USED, spent: run.spent }, { request, history })
}

/** Measures a part of a load that is larger than one runner; another job judges all parts together. */
export async function measureShard(request: GateRequest, ports: Ports): Promise<Shard> {
  const rounds = roundsOf(request, ports)
  const planned = await measureSoundly(request, { rounds, ports })
  const { used } = rounds.taken()
  const gate = request.gate.name
  return planned.kind === 'refused'
    ? { gate, runs: [], used, invalidities: [planned.because] }
    : { gate, runs: [planned.run], used, invalidities: planned.run.invalidities }
}
