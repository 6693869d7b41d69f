// Looking at the data more than once: how much of the error may be spent at each look.

import { normalQuantileAbove, normalUpperTail } from './normal-distribution.ts'

/** This look and how many there will be at most, evenly spread over the planned requests. */
export type Look = { readonly taken: number; readonly planned: number }

/**
 * Level at which look k of L may reject, so that all looks together stay at `alpha` (an
 * O'Brien-Fleming-like spending function, spent by increments).
 *
 *   spent(t) = 2 (1 - Phi(z(alpha/2) / sqrt t));   level_k = spent(k/L) - spent((k-1)/L)
 *
 * The increments are a union bound: they hold whatever the dependence of the looks, so evidence may
 * be re-weighted between them. One look has all of alpha. Costs about 2 % of power against exact
 * boundaries. Source: Lan & DeMets (1983), Biometrika 70:659. O(1).
 */
export function levelAtLook(alpha: number, look: Look): number {
  const before = look.taken <= 1 ? 0 : spentBy(alpha, (look.taken - 1) / look.planned)
  return spentBy(alpha, look.taken / look.planned) - before
}

function spentBy(alpha: number, time: number): number {
  if (time >= 1) return alpha
  return 2 * normalUpperTail(normalQuantileAbove(alpha / 2) / Math.sqrt(time))
}

/**
 * The p-value that looking several times turns `p` into: the smallest alpha whose level at this
 * look is p, so that adjusted p <= alpha exactly when p <= the level. Holm is then applied to it,
 * which spends each metric's share by the same rule.
 *
 * Bisection on log alpha, to 1e-10 relative; 1 where no alpha below 1 would do.
 * Source: Maurer & Bretz (2013), Statistics in Biopharmaceutical Research 5:311, for Holm with
 * looks. O(1).
 */
export function adjustForLooks(p: number, look: Look): number {
  if (look.planned <= 1) return p
  if (p <= 0) return 0
  if (p >= levelAtLook(LARGEST, look)) return 1
  let low = Math.log(p)
  let high = Math.log(LARGEST)
  for (let step = 0; step < 60 && high - low > 1e-10; step += 1) {
    const middle = (low + high) / 2
    if (levelAtLook(Math.exp(middle), look) < p) low = middle
    else high = middle
  }
  return Math.exp(high)
}

/** Past it the increments are no longer monotone in alpha, and nobody rejects there. */
const LARGEST = 0.3
