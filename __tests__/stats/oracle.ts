// Reads the stored oracle values. Each fixture says how it was made.

import { readFileSync } from 'node:fs'

export type Distributions = {
  readonly incomplete_beta: readonly (readonly [number, number, number, number])[]
  readonly t_upper_tail: readonly (readonly [number, number, number])[]
  readonly t_quantile_above: readonly (readonly [number, number, number])[]
  readonly normal_upper_tail: readonly (readonly [number, number])[]
  readonly normal_quantile_above: readonly (readonly [number, number])[]
  readonly binomial: readonly (readonly [number, number, number, number, number])[]
  readonly beta_binomial: readonly (readonly [number, number, number, number, number])[]
  readonly fisher: readonly (readonly [number, number, number, number, number])[]
  readonly wilson: readonly (readonly [number, number, number, number, number])[]
  readonly newcombe: readonly (readonly [number, number, number, number, number, number, number])[]
  readonly looks: readonly (readonly [number, number, number])[]
}

export type Samples = {
  readonly latency: readonly number[]
  readonly classes: readonly number[]
  readonly type7: readonly (readonly [number, number])[]
  readonly order_statistics: readonly (readonly [number, number, number, number])[]
  readonly stratification: readonly (readonly [number, number])[]
  readonly rank_autocorrelation: number
  readonly gaps: readonly number[]
  readonly gap_requests: readonly number[]
  readonly cluster: readonly (readonly [number, number])[]
  readonly ratios: readonly number[]
  readonly trimmed: readonly [number, number, number]
  readonly costs: readonly number[]
  readonly cost_classes: readonly number[]
  readonly log_mean: readonly [number, number]
}

export type ReferenceCore = {
  readonly paired: {
    readonly ratios: readonly number[]
    readonly difference: number
    readonly error: number
    readonly df: number
  }
  readonly holm: readonly [readonly number[], readonly number[]]
  readonly minimum_to_pass: readonly (readonly [number, number])[]
  readonly minimum_to_fail: readonly (readonly [number, number])[]
}

function read<Fixture>(name: string): Fixture {
  const url = new URL(`../fixtures/oracle/${name}`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'))
}

export const distributions: Distributions = read('distributions.json')
export const samples: Samples = read('samples.json')
export const referenceCore: ReferenceCore = read('reference-core.json')

/** Relative closeness, absolute near zero. */
export function closeness(actual: number, expected: number): number {
  if (actual === expected) return 0
  return Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-300)
}
