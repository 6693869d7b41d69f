// The rounds in which one gate is measured. Each is planned, held against what the budget still allows,
// measured, priced, checked and made a run of; what all of them took is counted here, so that nobody
// else has to know what a round costs.

import type { Endpoint, Gate, Prices } from '../model/config.ts'
import { sumOfCosts } from '../model/cost.ts'
import type { History } from '../model/history.ts'
import type { Measurement } from '../model/measurement.ts'
import { type OpeningPlan, openingOf, readinessOf } from '../model/opening.ts'
import type { Allowance, Estimate, Plan, UnitCosts } from '../model/plan.ts'
import type { GateRequest, Opened, Ports } from '../model/ports.ts'
import type { Arm } from '../model/request-record.ts'
import type { Cost, Invalidity, Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import { ttftMs } from '../model/ttft.ts'
import { medianOf } from '../stats/settling.ts'
import { type Account, accountOf, added, NOTHING_USED, remaining } from './allowance.ts'
import { assembleRun } from './assemble-run.ts'
import { boundAllowance, boundCostOf, boundEstimate, boundSpent } from './bound-prices.ts'
import { allowanceFor, checkBudget, estimate, pastOf } from './estimate.ts'
import { comparableOf, expectationOf, subjectOf } from './load-shape.ts'
import { type PlanOptions, planWorkload } from './plan/plan.ts'
import { priceMeasurement } from './price/price.ts'
import { checkRun } from './self-check/self-check.ts'
import { estimateByUnits, unitCostsOf } from './unit-cost.ts'

export type RoundSize = {
  readonly arms: 'candidate' | 'pairs'
  readonly requests: number
  readonly probes: number
  readonly warmup: number
  /** The arm that is waited for before it, and at first left alone where the config says so. Absent = none. */
  readonly awaits?: Arm
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

/** What is known of how long requests take: a run of this job, or the newest run of a history. */
export type KnownPace = Run | History | undefined

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
  const { workload, prices } = request.gate
  const taken: Taken[] = []
  const course: Course = { request, ports, account, lists: priceListsOf(request), taken }
  return {
    measure: (size, known) => measureRound(course, size, known),
    reaches: (size, known) => {
      const plan = planOf(course, size, 'reckoned')
      return refusalOf(course, plan, known) === undefined
    },
    means: (like) => ({
      allowance: allowanceFor(prices, account.left()),
      seen: unitCostsOf(like, prices, workload.load),
    }),
    taken: () => ({
      used: taken.map(({ used }) => used).reduce(added, NOTHING_USED),
      spent: sumOfCosts(taken.map(({ spent }) => spent)),
    }),
  }
}

/** What a gate plans for its first round, and for a second sitting. */
export function sizeOf({ workload: { requests, probes, warmup } }: Gate): RoundSize {
  return { arms: 'candidate', requests, probes, warmup }
}

type Course = {
  readonly request: GateRequest
  readonly ports: Pick<Ports, 'measure' | 'open' | 'newRunId' | 'nowIso'>
  readonly account: Account
  readonly lists: readonly Prices[]
  /** By round, as they come. */
  readonly taken: Taken[]
}

/** The gate's own first, then those that bind it and say otherwise. */
function priceListsOf({ gate, boundBy = [] }: GateRequest): readonly Prices[] {
  const own = JSON.stringify(gate.prices)
  return [gate.prices, ...boundBy.filter((prices) => JSON.stringify(prices) !== own)]
}

function refusalOf(course: Course, plan: Plan, known: KnownPace): Invalidity | undefined {
  const { request, lists, account } = course
  const expected = boundEstimate(plan, lists.slice(1), expectedOf(plan, request.gate, known))
  return checkBudget(expected, boundAllowance(lists, account.left()))
}

function expectedOf(plan: Plan, { prices, workload }: Gate, known: KnownPace): Estimate {
  if (known !== undefined && 'records' in known) {
    return estimateByUnits(plan, unitCostsOf(known, prices, workload.load))
  }
  return estimate(plan, prices, pastOf(known?.runs.at(-1)?.records ?? []))
}

async function measureRound(course: Course, size: RoundSize, known: KnownPace): Promise<Round> {
  const { request, ports, account, lists, taken } = course
  const { gate, reference } = request
  const id = ports.newRunId()
  const startedAt = ports.nowIso()
  const lean = planOf(course, size, `${id}-${taken.length}`)
  const forbidden = refusalOf(course, lean, known)
  if (forbidden !== undefined) return { kind: 'refused', because: forbidden }
  const settling = settlingFor(course, lean, known)
  const plan = settling ? planOf(course, { ...size, settling }, `${id}-${taken.length}`) : lean
  const opened = await opening(course, size, plan)
  if (opened.never !== undefined) {
    const costOf = boundCostOf(lists)
    const usd = opened.records.reduce((sum, record) => sum + (costOf?.(record) ?? 0), 0)
    const spent = { usd, estimated: usd > 0 }
    const used = { ...usedBefore(opened), costUsd: usd }
    account.charge(used)
    taken.push({ used, spent })
    return { kind: 'refused', because: opened.never }
  }
  const measured = await ports.measure(plan, {
    candidate: gate.endpoint,
    reference: size.arms === 'pairs' ? reference : undefined,
    allowance: boundAllowance(lists, remaining(account.left(), usedBefore(opened))),
    costOf: boundCostOf(lists),
  })
  const measurement = withOpening(measured, opened)
  const spent = boundSpent(measurement, lists)
  const used = usedBy(measurement, spent.usd)
  account.charge(used)
  taken.push({ used, spent })
  return assembled(request, { plan, measurement, spent, id, startedAt })
}

/** Rounds count from 0: each has an order of its own. */
function planOf(
  { request, taken }: Course,
  size: RoundSize & Pick<PlanOptions, 'settling'>,
  nonce: string,
): Plan {
  const round = taken.length
  const { awaits } = size
  const asks = awaits && openingFor({ request, taken }, awaits)?.asks
  const { gate, referenceWorkload: otherwise } = request
  return planWorkload(gate.workload, { ...size, opening: asks, otherwise, round, nonce })
}

/** As many as show an endpoint that is cold for a while, and smaller batches than the widest waves. */
const MOST_SETTLING = 48
const LARGEST_BATCH = 8

/** Only before the first round, which finds the endpoint as it is; and only with what is to spare. */
function settlingFor(course: Course, plan: Plan, known: KnownPace): PlanOptions['settling'] {
  const { request, taken, lists, account } = course
  const { workload, endpoint } = request.gate
  if (workload.warmsUntilSettled !== true || taken.length > 0 || workload.warmup < 1)
    return undefined
  const expected = boundEstimate(plan, lists.slice(1), expectedOf(plan, request.gate, known))
  const left = boundAllowance(lists, account.left())
  const perRequestUsd = (expected.costUsd ?? 0) / expected.requests
  const affordable =
    perRequestUsd > 0 ? (left.costUsd - (expected.costUsd ?? 0)) / perRequestUsd : MOST_SETTLING
  const spare = Math.min(MOST_SETTLING, left.requests - expected.requests, affordable)
  const batch = Math.min(workload.warmup, LARGEST_BATCH)
  const isFresh = endpoint.ready !== undefined || endpoint.idleMs !== undefined
  return { most: Math.floor(spare / batch) * batch, batch, expectedMs: usualTtftMs(known), isFresh }
}

function usualTtftMs(known: KnownPace): number | undefined {
  if (known === undefined || 'records' in known) return undefined
  const values = known.runs.at(-1)?.records.flatMap((record) => ttftMs(record) ?? []) ?? []
  return values.length === 0 ? undefined : medianOf(values)
}

/** A cold start is measured once, before everything else; later and elsewhere an arm is only waited for. */
function openingFor(
  { request: { gate, reference }, taken }: Pick<Course, 'request' | 'taken'>,
  arm: Arm,
): OpeningPlan | undefined {
  if (arm === 'reference') return reference && readinessOf(reference)
  return taken.length === 0 ? openingOf(gate) : readinessOf(gate.endpoint)
}

async function opening(course: Course, { awaits }: RoundSize, plan: Plan): Promise<Opened> {
  const { request, ports, account, lists } = course
  const { gate, reference } = request
  const wanted = awaits && openingFor(course, awaits)
  const endpoint = awaits === 'reference' ? reference : gate.endpoint
  if (wanted === undefined || endpoint === undefined) return { records: [] }
  return await ports.open({
    endpoint,
    candidate: gate.endpoint,
    gate: gate.name,
    idleMs: wanted.idleMs,
    asked: plan.opening,
    timeouts: plan.timeouts,
    allowance: boundAllowance(lists, account.left()),
    costOf: boundCostOf(lists),
  })
}

function usedBefore({ records }: Opened): Allowance {
  return { ...NOTHING_USED, requests: records.length }
}

/** What was asked before all else is paid for like the warm-up, and counts nowhere else. */
function withOpening(measurement: Measurement, opened: Opened): Measurement {
  const { records, readyAfterMs, coldStartMs } = opened
  const { conditions, warmup, warmth } = measurement
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
