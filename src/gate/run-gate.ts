// The sentence: choose the baseline, plan and measure, judge, measure on while the verdict is open, and
// conclude. A saved run takes the same way without the measuring, a shard without the judging. The
// world comes in through `Ports`; `app` describes and publishes what comes of it.

import { judgeBy } from '../judge/judge.ts'
import { NOTHING_USED, roundsOf } from '../measure/measure.ts'
import type { History } from '../model/history.ts'
import type { GateRequest, GateRun, Judging, Ports, Shard } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { roundOfShard, withShard } from './between-gates.ts'
import { concluded, unmeasured } from './conclude.ts'
import { confirmFail } from './confirm-fail.ts'
import { firstSize } from './first-pairs.ts'
import { historyOfGate } from './history.ts'
import { measureSoundly } from './measure-again.ts'
import { begun, measureUntilDecided } from './measure-until-decided.ts'

/** Measures one gate, judges it, goes on while that leaves it open, and confirms what would block. */
export async function runGate(request: GateRequest, ports: Ports): Promise<GateRun> {
  const history = await historyOfGate(request, ports)
  const rounds = roundsOf(request, ports)
  const judge = judgeBy(history, request)
  const size = firstSize(request, rounds, history)
  const planned =
    roundOfShard(request) ?? (await measureSoundly(request, { rounds, ports, size }, history))
  if (planned.kind === 'refused') {
    const { used } = rounds.taken()
    return unmeasured(request.gate, history, { because: planned.because, used })
  }
  const setting = { request, rounds, judge, ports }
  const decided = await measureUntilDecided(planned, setting)
  const trial = await confirmFail(decided, setting)
  return concluded(trial, withShard(rounds.taken(), request), { request, history })
}

/** Judges a run that was measured earlier or elsewhere, by its history or beside an earlier one. */
export function judgeSaved(run: Run, request: Judging, history: History): GateRun {
  const judge = judgeBy(history, request)
  const trial = { ...begun({ run }, request), judged: judge({ run }) }
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
