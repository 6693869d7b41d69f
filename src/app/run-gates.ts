// Runs every gate of a config, one after the other within one budget, and keeps what each came to.

import { secondArmOf } from '../config/config.ts'
import { measureTied, tiedRequests } from '../gate/gate.ts'
import { added, estimateOfPlan, NOTHING_USED, remaining } from '../measure/measure.ts'
import type { Budget, Config, Gate, Prices } from '../model/config.ts'
import type { Allowance } from '../model/plan.ts'
import type { BaselineContext, GateRequest, Ports, Shard } from '../model/ports.ts'
import type { Provenance } from '../model/run.ts'
import type { Acceptance } from '../model/verdict.ts'

export type GatesJob = {
  readonly config: Config
  /** The base branch's config, whose endpoint blocks are the default reference arm. */
  readonly base?: Config
  /** Absent = all. */
  readonly only?: string
  /** Absent where no branch is looked for: whatever the store has. */
  readonly context?: BaselineContext
  /** Absent where nothing is kept that says where it is from. */
  readonly provenance?: Provenance
  readonly accept?: Acceptance
}

export function gateRequests(job: GatesJob): readonly GateRequest[] {
  const { config, only } = job
  return config.gates
    .filter(({ name }) => only === undefined || name === only)
    .map((gate) => requestOf(gate, job))
}

function requestOf(gate: Gate, job: GatesJob): GateRequest {
  const { config, base, context = {}, provenance = {}, accept } = job
  const arm = secondArmOf(gate, base)
  return {
    gate,
    ...(arm === undefined
      ? { withoutReference: withoutReference(gate, base) }
      : { reference: arm.endpoint, referenceWorkload: arm.workload }),
    differs: gate.reference.kind === 'none' ? undefined : gate.reference.differs,
    ofBase: base?.gates.find(({ name }) => name === gate.name),
    baseline: config.baseline,
    context,
    baseRegressed: config.policy.baseRegressed,
    provenance,
    allowance: allowanceOf(config.budget),
    boundBy: base === undefined ? undefined : pricesOfBase(gate, base),
    confirmAfterMs: config.confirmAfterMs,
    accept,
  }
}

function withoutReference(gate: Gate, base: Config | undefined): 'none' | 'same-as-candidate' {
  const isNamed =
    gate.reference.kind === 'endpoint' ||
    (gate.reference.kind === 'base' && base?.gates.some(({ name }) => name === gate.name) === true)
  return isNamed ? 'same-as-candidate' : 'none'
}

/** The base branch's for the gate; for one that it does not have, all that it has. */
function pricesOfBase({ name }: Gate, base: Config): readonly Prices[] {
  const own = base.gates.filter((gate) => gate.name === name)
  return (own.length > 0 ? own : base.gates).map(({ prices }) => prices)
}

function allowanceOf({ requests, costUsd, durationMs }: Budget): Allowance {
  return { requests, costUsd, durationMs }
}

/**
 * `run` is given each request with the share of the budget that is left for it. Each result goes to
 * `keep` at once: whatever happens to a later gate, what was measured is on the disk.
 */
export async function runAll<Result extends Shard, Request extends GateRequest = GateRequest>(
  requests: readonly Request[],
  run: (request: Request) => Promise<Result>,
  keep: (result: Result) => Promise<void>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let used = requests.flatMap(({ measured }) => measured?.used ?? []).reduce(added, NOTHING_USED)
  for (const [position, request] of requests.entries()) {
    const later = requests.slice(position + 1).filter(({ measured }) => measured === undefined)
    const share = shareOf(remaining(request.allowance, used), request, later)
    const result = await run({ ...request, allowance: share })
    await keep(result)
    used = added(used, result.used)
    results.push(result)
    // Whoever stopped it does not want the next gate: the report is of what there is, and void.
    if (result.invalidities.some(({ kind }) => kind === 'aborted')) break
  }
  return results
}

/** With what the gates that are compared with each other were measured to be, in turns. */
export async function withTurns<Request extends GateRequest>(
  requests: readonly Request[],
  ports: Ports,
): Promise<readonly Request[]> {
  const measured = new Map<Request, Shard | undefined>()
  for (const group of tiedRequests(requests)) {
    const used = [...measured.values()].flatMap((shard) => shard?.used ?? [])
    const others = requests.filter((request) => !group.includes(request) && !measured.has(request))
    const shares = group.map((request) => {
      const left = remaining(request.allowance, used.reduce(added, NOTHING_USED))
      const durationMs = (left.durationMs * group.length) / (group.length + others.length)
      return { ...request, allowance: { ...shareOf(left, request, others), durationMs } }
    })
    const taken = await measureTied(shares, ports)
    for (const [i, request] of group.entries()) measured.set(request, taken[i]?.measured)
  }
  return requests.map((request) => ({ ...request, measured: measured.get(request) }))
}

type Planned = Pick<GateRequest, 'gate' | 'boundBy' | 'referenceWorkload'>

/** The part of a budget that one of several gates may use: what is left, less what the gates after
 * it have planned. What the gate itself has planned comes first: estimates of money err upwards. */
export function shareOf(left: Allowance, own: Planned, later: readonly Planned[]): Allowance {
  const part = 1 / (later.length + 1)
  const planned = later.map((each) => planOf(each, left.costUsd * part))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const others = sum(planned.map(({ costUsd }) => costUsd))
  const first = planOf(own, left.costUsd * part).costUsd
  return {
    requests: Math.max(0, left.requests - sum(planned.map(({ requests }) => requests))),
    costUsd: Math.min(left.costUsd, Math.max(first, left.costUsd - others)),
    durationMs: left.durationMs * part,
  }
}

/** GPU time has a price once it is known how long it takes: until then a gate has `partUsd`. */
function planOf({ gate, boundBy = [], referenceWorkload }: Planned, partUsd: number) {
  const arms = referenceWorkload === undefined ? 1 : 2
  const estimates = [gate.prices, ...boundBy].map((prices) => {
    const { requests, costUsd } = estimateOfPlan({ ...gate, prices })
    return {
      requests: arms * requests,
      costUsd: costUsd === undefined ? (prices.kind === 'none' ? 0 : partUsd) : arms * costUsd,
    }
  })
  const requests = Math.max(...estimates.map((estimate) => estimate.requests))
  return { requests, costUsd: Math.max(...estimates.map(({ costUsd }) => costUsd)) }
}
