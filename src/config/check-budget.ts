// Whether budget and baseline leave room for what the gates plan.

import { sendingMs } from '../model/arrival-stages.ts'
import type { Config, Gate } from '../model/config.ts'
import { turnsEach } from '../model/conversation.ts'
import { openingOf } from '../model/opening.ts'
import { FEWEST_PAIRS } from '../model/verdict-policy.ts'
import { HOUR_MS } from '../stats/moment.ts'
import { formatDuration } from './quantities.ts'
import type { OnProblem } from './reading.ts'

export function checkBudget(config: Config, report: OnProblem): void {
  checkRequests(config, report)
  checkDuration(config, report)
  checkCost(config, report)
  checkAge(config, report)
}

/** Warm-up is paid for as well. */
function checkRequests({ gates, budget }: Config, report: OnProblem): void {
  const planned = gates.reduce((sum, { workload, ...gate }) => {
    const opening = openingOf(gate)?.asks === true ? 1 : 0
    return sum + opening + workload.requests + workload.probes + workload.warmup
  }, 0)
  const left = budget.requests - planned
  if (left < 0) {
    const message = `the gates plan ${planned} requests with warm-up and probes, more than the budget's ${budget.requests}; raise \`requests\` of the budget to ${planned} or more, or ask less in the workloads`
    report({ path: ['budget', 'requests'], message })
    return
  }
  const named = gates.find(({ reference }) => reference.kind === 'endpoint')
  if (named === undefined || left >= FEWEST_FOR_REFERENCE) return
  const message = `the budget leaves ${left} requests for the reference beside the planned ones; it can decide from ${FEWEST_FOR_REFERENCE} on`
  const path = ['gates', named.name, 'reference']
  report({ path, message, pointAt: 'key', severity: 'warning' })
}

/** Each pair takes two requests. */
const FEWEST_FOR_REFERENCE = 2 * FEWEST_PAIRS

function checkDuration({ gates, budget }: Config, report: OnProblem): void {
  const sendingMs = gates.reduce((sum, gate) => sum + shortestMs(gate), 0)
  if (budget.durationMs >= Math.max(1, sendingMs)) return
  const shortest = formatDuration(Math.ceil(sendingMs / 1000) * 1000)
  const message =
    sendingMs === 0
      ? 'the budget gives no time; expected more than 0ms'
      : `the gates' arrivals alone take ${shortest}, longer than the budget's ${formatDuration(budget.durationMs)}; raise \`duration\` of the budget, or ask less or faster`
  report({ path: ['budget', 'duration'], message })
}

/** An open loop lasts at least as long as its arrivals, whatever the endpoint does. */
function shortestMs({ workload }: Gate): number {
  const { load, requests, probes } = workload
  if (load.kind === 'closed' || load.ratePerSecond <= 0) return 0
  return sendingMs(load, Math.ceil((requests + probes) / turnsEach(workload)))
}

function checkCost({ gates, budget }: Config, report: OnProblem): void {
  if (budget.costUsd > 0 || gates.every(({ prices }) => prices.kind === 'none')) return
  const message = '$0 allows no request where prices are known; expected more than $0'
  report({ path: ['budget', 'cost'], message })
}

const SHORTEST_AGE_MS = HOUR_MS

function checkAge({ baseline }: Config, report: OnProblem): void {
  if (baseline.maxAgeMs >= SHORTEST_AGE_MS) return
  const message = `${formatDuration(baseline.maxAgeMs)} would make every stored run too old; expected 1h or more`
  report({ path: ['baseline', 'max_age'], message })
}
