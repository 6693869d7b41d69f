// One round of measuring: plan, hold the plan against what the budget still allows, measure, price,
// check the client, and make runs of it.

import type { Endpoint } from '../model/config.ts'
import type { Measurement } from '../model/measurement.ts'
import type { Allowance, Plan } from '../model/plan.ts'
import type { GateRequest, Ports } from '../model/ports.ts'
import type { Arm } from '../model/request-record.ts'
import type { Cost, Invalidity, Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import { assembleRun } from './assemble-run.ts'
import { allowanceFor, checkBudget, estimate, type Past } from './estimate.ts'
import { loadShapeOf, pricesOf, subjectOf } from './load-shape.ts'
import { planWorkload } from './plan/plan.ts'
import { costWhileRunning, priceMeasurement } from './price/price.ts'
import { checkRun } from './self-check/self-check.ts'

export type RoundRequest = {
  readonly arms: 'candidate' | 'pairs'
  readonly requests: number
  readonly probes: number
  readonly warmup: number
  readonly round: number
  /** Requests of earlier rounds: numbers go on from here. */
  readonly firstIndex: number
  /** What is left of the gate's allowance. */
  readonly allowance: Allowance
  /** What earlier runs took, for the estimate. */
  readonly past: Past
}

export type Round =
  | {
      readonly kind: 'measured'
      readonly candidate: Run
      /** Present after a round of pairs. */
      readonly reference?: Run
      readonly invalidities: readonly Invalidity[]
      readonly spent: Cost
      readonly used: Allowance
    }
  /** The budget does not reach for it: nothing was sent. */
  | { readonly kind: 'refused'; readonly invalidity: Invalidity }

export async function measureRound(
  gateRequest: GateRequest,
  ports: Ports,
  round: RoundRequest,
): Promise<Round> {
  const { gate, reference } = gateRequest
  const id = ports.newRunId()
  const startedAt = ports.nowIso()
  const plan = planWorkload(gate.workload, {
    ...round,
    firstIndex: 0,
    nonce: `${id}-${round.round}`,
  })
  const allowance = allowanceFor(gate.prices, round.allowance)
  const forbidden = checkBudget(estimate(plan, gate.prices, round.past), allowance)
  if (forbidden !== undefined) return { kind: 'refused', invalidity: forbidden }
  const measurement = await ports.measure(plan, {
    candidate: gate.endpoint,
    ...(round.arms === 'pairs' && reference !== undefined ? { reference } : {}),
    allowance,
    costOf: costWhileRunning(gate.prices),
  })
  return roundOf({ gateRequest, plan, measurement, id, startedAt })
}

type Measured = {
  readonly gateRequest: GateRequest
  readonly plan: Plan
  readonly measurement: Measurement
  readonly id: string
  readonly startedAt: string
}

function roundOf(measured: Measured): Round {
  const { gateRequest, plan, measurement, id, startedAt } = measured
  const { gate, provenance, reference } = gateRequest
  const priced = priceMeasurement(measurement, gate.prices)
  const check = checkRun(measurement, plan)
  const { shape, hash } = loadShapeOf(gate)
  const runOf = (arm: Arm, endpoint: Endpoint) =>
    assembleRun({
      measurement,
      priced,
      warnings: check.warnings,
      arm,
      identity: { id, gate: gate.name, tool: TOOL, startedAt, seed: plan.seed, provenance },
      loadShape: shape,
      loadShapeHash: hash,
      subject: { ...subjectOf(endpoint), ...pricesOf(gate.prices) },
    })
  const isPaired = plan.requests.some(({ arm }) => arm === 'reference')
  return {
    kind: 'measured',
    candidate: runOf('candidate', gate.endpoint),
    ...(isPaired && reference !== undefined ? { reference: runOf('reference', reference) } : {}),
    invalidities: check.invalidities,
    spent: priced.spent,
    used: usedBy(measurement, priced.spent),
  }
}

function usedBy(measurement: Measurement, spent: Cost): Allowance {
  const { records, warmup, aborted, totalMs } = measurement
  return {
    requests: records.length + warmup.length + aborted.length,
    costUsd: spent.usd ?? 0,
    durationMs: totalMs,
  }
}

export function remaining(allowance: Allowance, used: Allowance): Allowance {
  return {
    requests: Math.max(0, allowance.requests - used.requests),
    costUsd: Math.max(0, allowance.costUsd - used.costUsd),
    durationMs: Math.max(0, allowance.durationMs - used.durationMs),
  }
}

export function added(a: Allowance, b: Allowance): Allowance {
  return {
    requests: a.requests + b.requests,
    costUsd: a.costUsd + b.costUsd,
    durationMs: a.durationMs + b.durationMs,
  }
}

export const NOTHING_USED: Allowance = { requests: 0, costUsd: 0, durationMs: 0 }
