// The first run of a new load or name on the base branch. It becomes a baseline only together with a
// sound run of the question before it that passes, or by acceptance: no change of shape washes a
// regression in.

import { comparableOf } from '../../measure/measure.ts'
import type { Config, Gate } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { StoredRun } from '../../model/history.ts'
import type { GateRequest } from '../../model/ports.ts'
import type { BaselineStore } from '../../model/store.ts'
import { type Question, questionsOf } from '../questions.ts'
import type { RecordRequest } from '../record-gates.ts'
import { configAt } from './configs.ts'
import type { Job } from './job.ts'
import { recordedConfig } from './recorded-inputs.ts'

/** `before` absent: there was one, and it is not known how it was asked. */
export type FirstRun = { readonly gate: string; readonly before?: Question }

export async function firstRunsOf(
  job: Job,
  config: Config,
  store: BaselineStore,
): Promise<readonly FirstRun[]> {
  const found: FirstRun[] = []
  for (const { name } of config.gates) {
    const first = await firstRunOf(name, { job, config, store })
    if (first !== undefined) found.push(first)
  }
  return found
}

type FirstRunPlace = { readonly job: Job; readonly config: Config; readonly store: BaselineStore }

async function firstRunOf(name: string, place: FirstRunPlace): Promise<FirstRun | undefined> {
  const { job, config, store } = place
  const gate = config.gates.find((one) => one.name === name)
  if (gate === undefined) return undefined
  const { runs } = await store.read(name)
  const own = runs.filter(({ run }) => run.provenance.branch === (job.event.branch ?? undefined))
  const { loadShapeHash } = comparableOf(gate)
  const ofShape = own.filter(({ run }) => run.loadShapeHash === loadShapeHash)
  if (ofShape.some(isAccepted)) return undefined
  const commit = own.findLast(isAccepted)?.run.provenance.commit ?? job.event.before
  const before = commit === undefined ? undefined : await questionBefore(name, commit, place)
  // Of a gate that nobody has ever recorded nothing can be washed in, unless one stands apart already.
  return before === undefined && own.length === 0 ? undefined : { gate: name, before }
}

function isAccepted({ standing }: StoredRun): boolean {
  return standing === 'accepted'
}

/** The question as it was at a commit, of today's endpoint; undefined where it was the same or none. */
async function questionBefore(
  name: string,
  commit: string,
  { job, config, store }: FirstRunPlace,
): Promise<Question | undefined> {
  try {
    const recorded = { store, branch: job.event.branch, like: config }
    const old = (await configAt(job, commit)) ?? (await recordedConfig(job, recorded))
    return questionsOf(old, config).find(({ asked }) => asked?.as === 'base' && asked.head === name)
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    job.screen.step(`the config at ${commit.slice(0, 7)} is not known: ${error.message}`)
    return undefined
  }
}

/** Each question before in front of the gate that it proves. */
export function withFirstRuns(
  requests: readonly GateRequest[],
  firstRuns: readonly FirstRun[],
  requestsOf: (gate: Gate) => readonly GateRequest[],
): readonly RecordRequest[] {
  return requests.flatMap((request): readonly RecordRequest[] => {
    const first = firstRuns.find(({ gate }) => gate === request.gate.name)
    if (first === undefined) return [request]
    const { gate, asked } = first.before ?? {}
    const part = asked && { as: 'before' as const, of: request.gate.name, asked }
    const before = gate === undefined ? [] : requestsOf(gate)
    return [
      ...before.map((one) => ({ ...one, firstRun: part })),
      { ...request, firstRun: { as: 'new' } },
    ]
  })
}
