// Looking at the data more than once: how much evidence each look has to show, so that all of them
// together keep the level.
// By hand: simple-statistics knows one look.

import { density, normalQuantileAbove, normalUpperTail } from './normal-distribution.ts'

/** This look and how many there will be at most, evenly spread over the planned requests. */
export type Look = { readonly taken: number; readonly planned: number }

/**
 * The p-value that looking several times turns `p` into (O'Brien-Fleming): the smallest overall
 * level at which this look would have rejected.
 *
 *   z = PhiInverse(1 - p);   c = z sqrt(k/L);   adjusted = P(max_{j <= L} S_j/sqrt L >= c)
 *
 * S is a walk of L standard normal steps: evidence that arrives in equal, independent parts. Where
 * looks also share earlier evidence they are more alike, and the level is kept with room to spare
 * (Slepian). Holm over adjusted values spends each metric's share by the same rule.
 * L = 2: nominal z 2.37, 1.68; L = 4: 3.47, 2.45, 2.00, 1.73 at 5 %. Absolute error below 1e-6.
 * Source: O'Brien & Fleming (1979), Biometrics 35:549; Maurer & Bretz (2013), Statistics in
 * Biopharmaceutical Research 5:311, for Holm with looks. O(L) numerical convolutions.
 */
export function adjustForLooks(p: number, look: Look): number {
  if (look.planned <= 1) return p
  if (p <= 0) return 0
  if (p >= 0.5) return 1
  const z = normalQuantileAbove(p)
  return Math.max(p, chanceOfReaching(z * Math.sqrt(look.taken / look.planned), look.planned))
}

/**
 * Level at which look k of L may reject, so that all looks together stay at `alpha`: the inverse of
 * `adjustForLooks`, by bisection. The few levels of one verdict are remembered.
 */
export function levelAtLook(alpha: number, look: Look): number {
  if (look.planned <= 1) return alpha
  const c = boundary(alpha, look.planned)
  return normalUpperTail(c / Math.sqrt(look.taken / look.planned))
}

const boundaries = new Map<string, number>()

function boundary(alpha: number, planned: number): number {
  const key = `${alpha}/${planned}`
  const before = boundaries.get(key)
  if (before !== undefined) return before
  let low = 0
  let high = 8
  while (high - low > 1e-7) {
    const middle = (low + high) / 2
    if (chanceOfReaching(middle, planned) > alpha) low = middle
    else high = middle
  }
  if (boundaries.size > 64) boundaries.clear()
  boundaries.set(key, high)
  return high
}

const NODES = 120
const BELOW = 12
const WIDTH = (2 * BELOW) / NODES
const REACH = Math.ceil(8 / WIDTH)

/**
 * P(max_{j <= steps} S_j >= c sqrt(steps)): the density of walks that have not reached the line is
 * carried forward step by step, by Simpson's rule on a fixed grid below it.
 */
function chanceOfReaching(c: number, steps: number): number {
  const line = c * Math.sqrt(steps)
  let alive = new Float64Array(NODES + 1)
  for (let i = 0; i <= NODES; i += 1) alive[i] = density(line - 2 * BELOW + i * WIDTH)
  const kernel = Float64Array.from({ length: REACH + 1 }, (_, i) => density(i * WIDTH))
  for (let step = 1; step < steps; step += 1) alive = oneStepOn(alive, kernel)
  let mass = 0
  for (let i = 0; i <= NODES; i += 1) mass += (alive[i] ?? 0) * simpson(i)
  return 1 - mass
}

/** Density after one more step; steps longer than the kernel do not happen. */
function oneStepOn(alive: Float64Array, kernel: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(NODES + 1)
  for (let from = 0; from <= NODES; from += 1) {
    const mass = (alive[from] ?? 0) * simpson(from)
    const last = Math.min(NODES, from + REACH)
    for (let to = Math.max(0, from - REACH); to <= last; to += 1) {
      next[to] = (next[to] ?? 0) + mass * (kernel[Math.abs(to - from)] ?? 0)
    }
  }
  return next
}

function simpson(i: number): number {
  if (i === 0 || i === NODES) return WIDTH / 3
  return (WIDTH / 3) * (i % 2 === 1 ? 4 : 2)
}
