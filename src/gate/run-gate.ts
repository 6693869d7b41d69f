// The sentence: choose the baseline, plan and measure, judge, measure on while the verdict is open, and
// conclude. A saved run takes the same way without the measuring, a shard without the judging. The
// world comes in through `Ports`; `app` describes and publishes what comes of it.

import { type Judged, judge, looksAhead, type Yardstick, yardstick } from '../judge/judge.ts'
import type { History } from '../model/history.ts'
import type { GateRequest, GateRun, Judging, Ports, Shard } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { concluded, judgeBesideEarlier, trialOf, unmeasured } from './conclude.ts'
import { confirmFail } from './confirm-fail.ts'
import { historyOfGate } from './history.ts'
import { measureSoundly } from './measure-again.ts'
import { measureUntilDecided } from './measure-until-decided.ts'

/** Measures one gate, judges it, goes on while that leaves it open, and confirms what would block. */
export async function runGate(request: GateRequest, ports: Ports): Promise<GateRun> {
  const history = await historyOfGate(request, ports)
  const round = await measureSoundly(request, ports, history)
  if (round.kind === 'refused') return unmeasured(request, history, round.because)
  const by = yardstick(history, request.gate.limits, request.differs)
  const begun = trialOf(firstLook(round.run, request, by), request, round.used)
  const setting = { request, ports, by }
  const decided = request.earlier === undefined ? await measureUntilDecided(begun, setting) : begun
  const trial = await confirmFail(decided, setting)
  return concluded(trial, request, history)
}

function firstLook(run: Run, request: GateRequest, by: Yardstick): Judged {
  if (request.earlier !== undefined) return judgeBesideEarlier(run, request, by)
  return judge(run, by, looksAhead(request.reference === undefined ? 'none' : 'available'))
}

/** Judges a run that was measured earlier or elsewhere, by its history or beside an earlier one. */
export function judgeSaved(run: Run, request: Judging, history: History): GateRun {
  const by = yardstick(history, request.gate.limits, request.differs)
  const isAlone = request.earlier === undefined
  const judged = isAlone ? judge(run, by) : judgeBesideEarlier(run, request, by)
  const trial = trialOf(judged, request)
  return concluded(trial, request, history)
}

/** Measures a part of a load that is larger than one runner; another job judges all parts together. */
export async function measureShard(request: GateRequest, ports: Ports): Promise<Shard> {
  const round = await measureSoundly(request, ports)
  const { used } = round
  const gate = request.gate.name
  return round.kind === 'refused'
    ? { gate, runs: [], used, invalidities: [round.because] }
    : { gate, runs: [round.run], used, invalidities: round.run.invalidities }
}
