// One round of measuring: plan, hold the plan against what the budget still allows, measure, price,
// check the client, and make runs of it.

import type { Endpoint, Prices } from '../model/config.ts'
import type { History } from '../model/history.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Allowance, Estimate, Plan } from '../model/plan.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { Arm } from '../model/request-record.ts'
import type { Invalidity, Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import { NOTHING_USED } from './allowance.ts'
import { assembleRun } from './assemble-run.ts'
import { boundAllowance, boundCostOf, boundEstimate, boundSpent } from './bound-prices.ts'
import { checkBudget, estimate, pastOf } from './estimate.ts'
import { comparableOf, expectationOf, subjectOf } from './load-shape.ts'
import { planWorkload } from './plan/plan.ts'
import { priceMeasurement } from './price/price.ts'
import { checkRun } from './self-check/self-check.ts'

export type RoundSize = {
  readonly arms: 'candidate' | 'pairs'
  readonly requests: number
  readonly probes: number
  readonly warmup: number
  /** Rounds of a gate count from 0: each has an order of its own. */
  readonly round: number
  /** What the plan will take, from what is known by now. */
  readonly expect: (plan: Plan) => Estimate
}

export type Round =
  | {
      readonly kind: 'measured'
      readonly run: Run
      /** Present after a round of pairs. */
      readonly reference?: Run
      readonly used: Allowance
    }
  /** The budget does not reach for it: nothing was sent. */
  | { readonly kind: 'refused'; readonly because: Invalidity; readonly used: Allowance }

/** The requests that the workload of the gate names, reckoned by what the newest stored run took. */
export function plannedSize(
  request: GateRequest,
  ports: Pick<Ports, 'announce'>,
  history?: History,
): RoundSize {
  const { name, endpoint, workload, prices } = request.gate
  const { requests, probes, warmup } = workload
  const past = pastOf(history?.runs.at(-1)?.records ?? [])
  const sent = `${requests} requests${probes > 0 ? ` and ${probes} probes` : ''}`
  const known = history === undefined ? '' : `, ${runsOf(history)} in the baseline`
  ports.announce(`${name}: ${sent} to ${endpoint.model}${known}`)
  const expect = (plan: Plan) => estimate(plan, prices, past)
  return { arms: 'candidate', requests, probes, warmup, round: 0, expect }
}

function runsOf({ runs }: History): string {
  return runs.length === 1 ? '1 run' : `${runs.length} runs`
}

/** Whether the budget reaches for a round, as far as is known. */
export function isAffordable(request: GateRequest, size: RoundSize): boolean {
  const plan = planWorkload(request.gate.workload, { ...size, nonce: 'reckoned' })
  return refusalOf(request, size, plan) === undefined
}

function refusalOf(request: GateRequest, size: RoundSize, plan: Plan): Invalidity | undefined {
  const lists = priceListsOf(request)
  const expected = boundEstimate(plan, lists.slice(1), size.expect(plan))
  return checkBudget(expected, boundAllowance(lists, request.allowance))
}

export async function measureRound(
  request: GateRequest,
  ports: Ports,
  size: RoundSize,
): Promise<Round> {
  const { gate, reference } = request
  const id = ports.newRunId()
  const startedAt = ports.nowIso()
  const plan = planWorkload(gate.workload, { ...size, nonce: `${id}-${size.round}` })
  const lists = priceListsOf(request)
  const forbidden = refusalOf(request, size, plan)
  if (forbidden !== undefined) return { kind: 'refused', because: forbidden, used: NOTHING_USED }
  const measurement = await ports.measure(plan, {
    candidate: gate.endpoint,
    reference: size.arms === 'pairs' ? reference : undefined,
    allowance: boundAllowance(lists, request.allowance),
    costOf: boundCostOf(lists),
  })
  return roundOf({ request, plan, measurement, id, startedAt })
}

/** The gate's own first, then those that bind it and say otherwise. */
function priceListsOf({ gate, boundBy = [] }: GateRequest): readonly Prices[] {
  const own = JSON.stringify(gate.prices)
  return [gate.prices, ...boundBy.filter((prices) => JSON.stringify(prices) !== own)]
}

type MeasuredPlan = {
  readonly request: GateRequest
  readonly plan: Plan
  readonly measurement: Measurement
  readonly id: string
  readonly startedAt: string
}

function roundOf({ request, plan, measurement, id, startedAt }: MeasuredPlan): Round {
  const { gate, provenance, reference } = request
  const spent = boundSpent(measurement, priceListsOf(request))
  const priced = { ...priceMeasurement(measurement, gate.prices), spent }
  const parts = {
    measurement,
    priced,
    check: checkRun(measurement, plan),
    identity: { id, gate: gate.name, tool: TOOL, startedAt, seed: plan.seed, provenance },
    comparable: comparableOf(gate),
    counting: {
      expectation: expectationOf(gate.workload.prompts),
      costPer: gate.prices.kind === 'none' ? undefined : gate.prices.per,
    },
  }
  const runOf = (arm: Arm, endpoint: Endpoint) =>
    assembleRun({
      ...parts,
      arm,
      subject: subjectOf(endpoint, gate.prices, measurement.proxies?.[arm]),
    })
  const isPaired = plan.requests.some(({ arm }) => arm === 'reference')
  return {
    kind: 'measured',
    run: runOf('candidate', gate.endpoint),
    reference: isPaired && reference !== undefined ? runOf('reference', reference) : undefined,
    used: usedBy(measurement, spent.usd),
  }
}

function usedBy({ records, warmup, aborted, totalMs }: Measurement, usd = 0): Allowance {
  const requests = records.length + warmup.length + aborted.length
  return { requests, costUsd: usd, durationMs: totalMs }
}
