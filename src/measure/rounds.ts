// The rounds in which one gate is measured. Each is planned, held against what the budget still allows,
// measured, priced, checked and made a run of; what all of them took is counted here, so that nobody
// else has to know what a round costs.

import type { Endpoint, Gate } from '../model/config.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { Measurement } from '../model/measurement.ts'
import type { OpeningPlan } from '../model/opening.ts'
import type { Allowance, Plan, UnitCosts } from '../model/plan.ts'
import type { GateRequest, Opened, Ports } from '../model/ports.ts'
import type { Arm } from '../model/request-record.ts'
import type { Cost, Invalidity, Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import { waitMs } from '../model/wait.ts'
import { medianOf } from '../stats/settling.ts'
import { accountOf, added, NOTHING_USED } from './allowance.ts'
import { assembleRun } from './assemble-run.ts'
import { comparableOf, expectationOf, subjectOf } from './load-shape.ts'
import { type PlanOptions, planWorkload, spareWarmup } from './plan/plan.ts'
import { priceMeasurement } from './price/price.ts'
import { type KnownPace, type RoundBudget, roundBudgetOf } from './round-budget.ts'
import { checkRun } from './self-check/self-check.ts'

export type RoundSize = {
  readonly arms: 'candidate' | 'pairs'
  readonly requests: number
  readonly probes: number
  readonly warmup: number
  /** The arms that are waited for before it, left alone and asked once. Absent = none. */
  readonly openings?: readonly (OpeningPlan & { readonly arm: Arm })[]
}

export type Round =
  | {
      readonly kind: 'measured'
      readonly run: Run
      /** Present after a round of pairs. */
      readonly reference?: Run
    }
  /** The budget does not reach for it, or the endpoint never came: nothing was measured. */
  | { readonly kind: 'refused'; readonly because: Invalidity }

export type MeasuredRound = Extract<Round, { kind: 'measured' }>

/** What all rounds took. */
export type Taken = { readonly used: Allowance; readonly spent: Cost }

export type Rounds = {
  readonly measure: (size: RoundSize, known: KnownPace) => Promise<Round>
  /** Whether the budget reaches for a round, as far as is known. */
  readonly reaches: (size: RoundSize, known: KnownPace) => boolean
  /** What a plan of further rounds can be made from. */
  readonly means: (like: Run) => { readonly allowance: Allowance; readonly seen: UnitCosts }
  readonly taken: () => Taken
}

/** `account`: the budget that others draw on as well. Absent = the request's own. */
export function roundsOf(
  request: GateRequest,
  ports: Pick<Ports, 'measure' | 'open' | 'newRunId' | 'nowIso'>,
  account = accountOf(request.allowance),
): Rounds {
  const priced = { prices: request.gate.prices, load: request.gate.workload.load }
  const budget = roundBudgetOf({ ...priced, boundBy: request.boundBy }, account)
  const taken: Taken[] = []
  const course: Course = { ports, budget, taken, met: new Set() }
  return {
    measure: (size, known) => measureRound(request, course, { size, known }),
    reaches: (size, known) => {
      const plan = planOf(request, size, { round: taken.length, nonce: 'reckoned' })
      return budget.refuses(plan, known) === undefined
    },
    means: budget.means,
    taken: () => ({
      used: taken.map(({ used }) => used).reduce(added, NOTHING_USED),
      spent: sumOfCosts([...paidBefore(request), ...taken.map(({ spent }) => spent)]),
    }),
  }
}

/** What it was measured for in turns was paid as well; the budget has been charged with it then. */
function paidBefore({ measured }: GateRequest): readonly Cost[] {
  return measured?.runs.map(({ spent }) => spent) ?? []
}

/** What a gate plans for its first round, and for a second measurement. */
export function sizeOf({ workload: { requests, probes, warmup } }: Gate): RoundSize {
  return { arms: 'candidate', requests, probes, warmup }
}

/** What goes on from round to round. */
type Course = {
  readonly ports: Pick<Ports, 'measure' | 'open' | 'newRunId' | 'nowIso'>
  readonly budget: RoundBudget
  /** By round, as they come. */
  readonly taken: Taken[]
  /** The arms that have been measured: each is warmed up until it has settled once. */
  readonly met: Set<Arm>
}

async function measureRound(
  request: GateRequest,
  course: Course,
  { size, known }: { readonly size: RoundSize; readonly known: KnownPace },
): Promise<Round> {
  const { ports, budget, taken } = course
  const { gate, reference } = request
  const id = ports.newRunId()
  const startedAt = ports.nowIso()
  const numbered = { round: taken.length, nonce: `${id}-${taken.length}` }
  const lean = planOf(request, size, numbered)
  const forbidden = budget.refuses(lean, known)
  if (forbidden !== undefined) return { kind: 'refused', because: forbidden }
  const arms = armsOf(size).filter((arm) => !course.met.has(arm))
  const spare = { arms, expected: budget.expects(lean, known), left: budget.left() }
  const otherwise = request.referenceWorkload
  const beside = { ...numbered, otherwise, index: lean.requests.length + 1 }
  const settling = spareWarmup(gate.workload, { ...spare, usualTtftMs: usualTtftMs(known) }, beside)
  const plan = { ...lean, settling }
  const opened = await opening(request, course, { size, plan })
  if (opened.never !== undefined) {
    const usd = opened.records.reduce((sum, record) => sum + (budget.costOf?.(record) ?? 0), 0)
    charge(course, { ...usedBefore(opened), costUsd: usd }, { usd, estimated: usd > 0 })
    return { kind: 'refused', because: opened.never }
  }
  const measured = await ports.measure(plan, {
    candidate: gate.endpoint,
    reference: size.arms === 'pairs' ? reference : undefined,
    allowance: budget.left(usedBefore(opened)),
    costOf: budget.costOf,
  })
  for (const arm of arms) course.met.add(arm)
  const measurement = withOpening(measured, opened)
  const spent = budget.costOfAll(measurement)
  charge(course, usedBy(measurement, spent.usd), spent)
  return assembled(request, { plan, measurement, spent, id, startedAt })
}

function armsOf({ arms }: RoundSize): readonly Arm[] {
  return arms === 'pairs' ? ['candidate', 'reference'] : ['candidate']
}

function charge({ budget, taken }: Course, used: Allowance, spent: Cost): void {
  budget.charge(used)
  taken.push({ used, spent })
}

/** Rounds count from 0: each has an order of its own. */
function planOf(
  { gate, referenceWorkload: otherwise }: GateRequest,
  { openings, ...size }: RoundSize,
  numbered: Pick<PlanOptions, 'round' | 'nonce'>,
): Plan {
  return planWorkload(gate.workload, {
    ...size,
    ...numbered,
    opening: openings?.some(({ asks }) => asks),
    otherwise,
  })
}

function usualTtftMs(known: KnownPace): number | undefined {
  if (known === undefined || 'records' in known) return undefined
  const values = known.runs.at(-1)?.records.flatMap((record) => waitMs(record) ?? []) ?? []
  return values.length === 0 ? undefined : medianOf(values)
}

/** One arm after the other. A second arm that never comes voids nothing: its requests will say so. */
async function opening(
  request: GateRequest,
  course: Course,
  { size: { openings = [] }, plan }: { readonly size: RoundSize; readonly plan: Plan },
): Promise<Opened> {
  let all: Opened = { records: [] }
  for (const wanted of openings) {
    const { never, ...opened } = await openArm(request, course, { wanted, plan })
    all = { ...opened, ...all, records: [...all.records, ...opened.records] }
    const isNeeded = wanted.arm === 'candidate' || openings.length === 1
    if (never !== undefined && (isNeeded || never.kind === 'aborted')) return { ...all, never }
  }
  return all
}

type ArmOpening = NonNullable<RoundSize['openings']>[number]

async function openArm(
  { gate, reference }: GateRequest,
  { ports, budget }: Course,
  { wanted, plan }: { readonly wanted: ArmOpening; readonly plan: Plan },
): Promise<Opened> {
  const endpoint = wanted.arm === 'reference' ? reference : gate.endpoint
  if (endpoint === undefined) return { records: [] }
  return await ports.open({
    endpoint,
    candidate: gate.endpoint,
    gate: gate.name,
    idleMs: wanted.idleMs,
    asked: wanted.asks ? plan.opening : undefined,
    timeouts: plan.timeouts,
    allowance: budget.left(),
    costOf: budget.costOf,
  })
}

function usedBefore({ records }: Opened): Allowance {
  return { ...NOTHING_USED, requests: records.length }
}

/** What was asked before all else is paid for like the warm-up, and counts nowhere else. */
function withOpening(measurement: Measurement, opened: Opened): Measurement {
  const { records, readyAfterMs, coldStartMs } = opened
  const { conditions, warmup } = measurement
  const warmth = measurement.warmth?.candidate
  return {
    ...measurement,
    warmup: [...records, ...warmup],
    conditions: {
      ...conditions,
      warmupRequests: conditions.warmupRequests + records.length,
      ...(warmth !== undefined && Number.isFinite(warmth.firstMs) && Number.isFinite(warmth.lastMs)
        ? { warmupFirstMs: warmth.firstMs, warmupLastMs: warmth.lastMs }
        : {}),
      ...(readyAfterMs === undefined ? {} : { readyAfterMs }),
      ...(coldStartMs === undefined ? {} : { coldStartMs }),
    },
  }
}

type MeasuredPlan = {
  readonly plan: Plan
  readonly measurement: Measurement
  readonly spent: Cost
  readonly id: string
  readonly startedAt: string
}

function assembled(
  request: GateRequest,
  { plan, measurement, spent, id, startedAt }: MeasuredPlan,
): MeasuredRound {
  const { gate, provenance, reference } = request
  const parts = {
    measurement,
    priced: { ...priceMeasurement(measurement, gate.prices), spent },
    check: checkRun(measurement, plan),
    identity: { id, gate: gate.name, tool: TOOL, startedAt, seed: plan.seed, provenance },
  }
  const costPer = gate.prices.kind === 'none' ? undefined : gate.prices.per
  const runOf = (arm: Arm, endpoint: Endpoint) => {
    const asked = askedOf(arm, request)
    return assembleRun({
      ...parts,
      arm,
      comparable: comparableOf(asked),
      counting: { expectation: expectationOf(asked.workload.prompts), costPer },
      subject: subjectOf(endpoint, gate.prices, measurement.proxies?.[arm]),
    })
  }
  const isPaired = plan.requests.some(({ arm }) => arm === 'reference')
  return {
    kind: 'measured',
    run: runOf('candidate', gate.endpoint),
    reference: isPaired && reference !== undefined ? runOf('reference', reference) : undefined,
  }
}

/** What an arm was asked, as a gate: its run is of that. */
function askedOf(arm: Arm, { gate, reference, referenceWorkload }: GateRequest): Gate {
  if (arm === 'candidate' || reference === undefined || referenceWorkload === undefined) return gate
  const { prompts, promptCache } = referenceWorkload
  return { ...gate, endpoint: reference, workload: { ...gate.workload, prompts, promptCache } }
}

function usedBy({ records, warmup, aborted, totalMs }: Measurement, usd = 0): Allowance {
  const requests = records.length + warmup.length + aborted.length
  return { requests, costUsd: usd, durationMs: totalMs }
}
