// Five synthetic endpoints with a known truth: how latency, failures and cost vary within a run and
// from run to run. Everything is drawn from one seeded stream; nothing here was measured.

import type { Summary } from '../../src/model/summary.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'

export type Scenario = {
  readonly name: string
  /** Standard deviation of a run's level, log scale. */
  readonly tau: number
  /** Lag-1 correlation of neighbouring requests. */
  readonly rho: number
  readonly sigma: number
  readonly classes: number
  /** Share of slow requests (x3 to x20), and how much that share varies between runs (CV). */
  readonly tail: number
  readonly tailCv: number
  /** Share of cache hits (x0.45) and of cold starts (+1.5 to 4 s). */
  readonly hits?: number
  readonly cold?: number
  /** How much the failure rate (0.5 %) varies between runs (CV). */
  readonly errorCv: number
  /** Absent = 0.5 %. */
  readonly errors?: number
  /** Standard deviation of a run's mean answer length, log scale. */
  readonly tauCost: number
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'A-lab',
    tau: 0,
    rho: 0,
    sigma: 0.35,
    classes: 1,
    tail: 0.01,
    tailCv: 0,
    errorCv: 0,
    tauCost: 0,
  },
  {
    name: 'B-calm',
    tau: 0.03,
    rho: 0.1,
    sigma: 0.35,
    classes: 4,
    tail: 0.02,
    tailCv: 0.3,
    errorCv: 0.5,
    tauCost: 0.005,
  },
  {
    name: 'C-typical',
    tau: 0.08,
    rho: 0.2,
    sigma: 0.4,
    classes: 4,
    tail: 0.02,
    tailCv: 0.5,
    errorCv: 1,
    tauCost: 0.01,
  },
  {
    name: 'D-noisy',
    tau: 0.15,
    rho: 0.4,
    sigma: 0.5,
    classes: 4,
    tail: 0.03,
    tailCv: 0.7,
    errorCv: 1.25,
    tauCost: 0.02,
  },
  {
    name: 'E-bimodal',
    tau: 0.08,
    rho: 0.2,
    sigma: 0.4,
    classes: 4,
    tail: 0.01,
    tailCv: 0.5,
    hits: 0.3,
    cold: 0.02,
    errorCv: 1,
    tauCost: 0.01,
  },
]

const CLASS_MEDIANS_MS = [200, 300, 450, 800]
const ERROR_RATE = 0.005
/** USD: 200 tokens in at $0.60/M, 64 out at $2.40/M on average. */
export const INPUT_USD = (200 * 0.6) / 1e6
export const USD_PER_OUTPUT_TOKEN = 2.4e-6
export const OUTPUT_USD = 64 * USD_PER_OUTPUT_TOKEN

export type Draws = { readonly uniform: Random; readonly normal: () => number }

export function drawsOf(seed: number): Draws {
  const uniform = seededRandom(seed)
  let spare: number | undefined
  const normal = () => {
    if (spare !== undefined) {
      const kept = spare
      spare = undefined
      return kept
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  return { uniform, normal }
}

/** Gamma with mean 1 and this coefficient of variation (Marsaglia & Tsang 2000). */
export function gammaOfCv(cv: number, { uniform, normal }: Draws): number {
  if (cv <= 0) return 1
  const shape = 1 / (cv * cv)
  const boost = shape < 1 ? uniform() ** (1 / shape) : 1
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal()
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return (boost * d * v) / shape
    }
  }
}

/** What is the same for all requests of one run. */
export type RunState = {
  readonly level: number
  readonly tail: number
  readonly hits: number
  readonly cold: number
  readonly errors: number
  readonly length: number
}

export function drawState(scenario: Scenario, draws: Draws): RunState {
  const { normal } = draws
  const hits = scenario.hits ?? 0
  return {
    level: scenario.tau * normal(),
    tail: Math.min(0.5, scenario.tail * gammaOfCv(scenario.tailCv, draws)),
    hits: hits === 0 ? 0 : Math.min(0.9, Math.max(0.05, hits + 0.05 * normal())),
    cold: Math.min(0.5, (scenario.cold ?? 0) * gammaOfCv(scenario.tailCv, draws)),
    errors: Math.min(0.5, (scenario.errors ?? ERROR_RATE) * gammaOfCv(scenario.errorCv, draws)),
    length: scenario.tauCost * normal(),
  }
}

/** Requests of one run in the order they were sent; TTFT in ms, 0 for one that was refused. */
export type Requests = {
  readonly ttft: Float64Array
  readonly classes: Int8Array
  readonly usd: Float64Array
}

export function drawRequests(
  scenario: Scenario,
  state: RunState,
  plan: { readonly count: number; readonly classOf?: (index: number) => number },
  draws: Draws,
): Requests {
  const { uniform, normal } = draws
  const { count } = plan
  const ttft = new Float64Array(count)
  const classes = new Int8Array(count)
  const usd = new Float64Array(count)
  const keep = scenario.rho
  const fresh = Math.sqrt(1 - keep * keep)
  let noise = normal()
  for (let i = 0; i < count; i += 1) {
    const group = scenario.classes === 1 ? 0 : (plan.classOf?.(i) ?? i % scenario.classes)
    classes[i] = group
    if (i > 0) noise = keep * noise + fresh * normal()
    const median = scenario.classes === 1 ? 400 : (CLASS_MEDIANS_MS[group] ?? 400)
    let log = Math.log(median) + state.level + scenario.sigma * noise
    if (state.hits > 0 && uniform() < state.hits) log += Math.log(0.45)
    let ms = Math.exp(log)
    if (uniform() < state.tail) ms *= Math.min(20, 3 * (1 - uniform()) ** (-1 / 1.5))
    if (state.cold > 0 && uniform() < state.cold) ms += 1500 + 2500 * uniform()
    const refused = uniform() < state.errors
    ttft[i] = refused ? 0 : ms
    const length = Math.exp(0.3 * normal() - 0.045 + state.length)
    usd[i] = refused ? 0 : INPUT_USD + OUTPUT_USD * length
  }
  return { ttft, classes, usd }
}

/** What is done to a candidate to make it worse. */
export type Effect = {
  readonly name: string
  /** Factor on TTFT, on the cost of an answer; added share of failing requests. */
  readonly latency?: number
  readonly cost?: number
  readonly errors?: number
}

let made = 0

/** A summary as `summarize` would make it, of the requests from `from` to `to`. */
export function summaryOf(
  requests: Requests,
  effect: Effect,
  draws: Draws,
  part: { readonly from: number; readonly to: number; readonly kind: 'answer' | 'probe' },
): Summary {
  const { latency = 1, cost = 1, errors = 0 } = effect
  const values: number[] = []
  const classes: number[] = []
  const perRequestUsd: number[] = []
  const costClasses: number[] = []
  let failed = 0
  for (let i = part.from; i < part.to; i += 1) {
    const ms = requests.ttft[i] ?? 0
    const group = requests.classes[i] ?? 0
    const lost = ms === 0 || (errors > 0 && draws.uniform() < errors)
    if (lost) failed += 1
    else {
      values.push(ms * latency)
      classes.push(group)
    }
    if (part.kind === 'probe') continue
    perRequestUsd.push(lost ? 0 : (requests.usd[i] ?? 0) * cost)
    costClasses.push(group)
  }
  const count = part.to - part.from
  made += 1
  return {
    runId: `run-${made}`,
    startedAt: '2026-01-01T00:00:00Z',
    ttftDefinition: 'simulated',
    loadShape: {},
    loadShapeHash: 'simulated',
    subject: {},
    requests: count,
    completed: count - failed,
    errors: failed === 0 ? {} : { 'rate-limited': failed },
    failed,
    series: {
      ttft: {
        values,
        classes,
        classNames: CLASS_MEDIANS_MS.map((ms) => `${ms} ms`),
        leftOut: failed,
        refused: failed,
        of: count,
      },
    },
    cost:
      part.kind === 'probe'
        ? { known: false, reason: 'no-prices' }
        : {
            known: true,
            perRequestUsd,
            classes: costClasses,
            completed: count - failed,
            estimated: false,
          },
  }
}
