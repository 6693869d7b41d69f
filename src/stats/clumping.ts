// Failures seldom come one by one: a minute's outage is one event, however many requests it hit.

/** A run is looked at in this many parts of equal length. */
const PARTS = 20
/** Less than this happens by chance in one run of twenty. */
const TELLING = 1 + 2 * Math.sqrt(2 / (PARTS - 1))

/**
 * How many failures make one event: the dispersion of their number over the parts of a run.
 *
 *   phi = sum_j (c_j - n_j p)^2 / (n_j p (1 - p)) / (B - 1),   B = 20 parts, p = x/n
 *
 * 1 for failures that fall independently of each other (and where phi is no more than chance makes
 * of them), about x where all fall into one part. `failed` in the order the requests were sent.
 * Source: McCullagh & Nelder, Generalized Linear Models, 4.5. O(n).
 */
export function clumping(failed: readonly boolean[]): number {
  const total = failed.length
  const events = failed.reduce((sum, each) => sum + Number(each), 0)
  if (events < 2 || events === total || total < 2 * PARTS) return 1
  const rate = events / total
  const sizes = new Array<number>(PARTS).fill(0)
  const counts = new Array<number>(PARTS).fill(0)
  failed.forEach((each, index) => {
    const part = Math.floor((index * PARTS) / total)
    sizes[part] = (sizes[part] ?? 0) + 1
    counts[part] = (counts[part] ?? 0) + Number(each)
  })
  const dispersion = sizes.reduce((sum, size, part) => {
    const expected = size * rate
    return sum + ((counts[part] ?? 0) - expected) ** 2 / (expected * (1 - rate))
  }, 0)
  const phi = dispersion / (PARTS - 1)
  return phi > TELLING ? phi : 1
}
