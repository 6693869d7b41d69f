// How different two runs of an unchanged endpoint are: the noise that no number of requests in one
// run removes, estimated from the history and a prior. All values are logs.

import { mean, sampleVariance } from 'simple-statistics'
import { winsorize } from './winsorize.ts'

export type RunStatistic = {
  readonly value: number
  /** Sampling variances towards smaller and larger values, before inflation. */
  readonly low: number
  readonly up: number
}

export type RunToRun = {
  /** Centre of the baseline. */
  readonly centre: number
  /** Variance of a run's true level around the endpoint's. */
  readonly between: number
  /** Mean sampling variance of one baseline run, inflation counted in. */
  readonly within: number
  /** Variance of one run as seen: prior and history mixed. */
  readonly total: number
  readonly df: number
  readonly runs: number
}

export type Prior = {
  /** Standard deviation between runs expected before any history, log scale. */
  readonly tau0: number
  /** Autocorrelation's factor on the sampling variances. */
  readonly inflation: number
}

const ENOUGH_RUNS = 8
const PRIOR_WEIGHT = 3
const PRIOR_WEIGHT_WITH_ENOUGH = 1

/**
 * Between-run variance, shrunk towards a prior (scaled inverse chi-square mixing).
 *
 *   v    = phi mean_r ((sqrt lo_r + sqrt up_r)/2)^2
 *   S    = (nu0 (tau0^2 + v) + (K - 1) s^2) / (nu0 + K - 1);   tau^2 = max(S - v, 0)
 *   nu0  = 3 for K < 8, 1 from there;   df = nu0 + K - 1;   values winsorised from K = 8
 *
 * S is never 0 thanks to the prior, so identical runs do not make every change significant.
 * Assumes run effects that add on the log scale and do not depend on one another; a step in the
 * history breaks it (hence epochs), a slow drift hardly. Needs at least one run with finite values.
 * Source: Gelman et al., Bayesian Data Analysis, 2.6; the weights are simulated. O(K).
 */
export function runToRun(runs: readonly RunStatistic[], prior: Prior): RunToRun {
  const count = runs.length
  const nu0 = count < ENOUGH_RUNS ? PRIOR_WEIGHT : PRIOR_WEIGHT_WITH_ENOUGH
  const raw = runs.map((run) => run.value)
  const values = count < ENOUGH_RUNS ? raw : winsorize(raw)
  const within = prior.inflation * mean(runs.map(bothSides))
  const spread = count > 1 ? sampleVariance([...values]) : 0
  const df = nu0 + count - 1
  const total = (nu0 * (prior.tau0 ** 2 + within) + (count - 1) * spread) / df
  return {
    centre: mean([...values]),
    between: Math.max(total - within, 0),
    within,
    total,
    df,
    runs: count,
  }
}

/** A side cut off by failures is as unknown as infinity: the other side stands for it. */
function bothSides({ low, up }: RunStatistic): number {
  return Number.isFinite(up) ? ((Math.sqrt(low) + Math.sqrt(up)) / 2) ** 2 : low
}
