// Several metrics are judged at once: one of five crosses a 5 % line by chance far too often.
// By hand: simple-statistics has no correction for several tests.

/**
 * Holm's step-down adjustment with weights: p-values made larger so that comparing each with alpha
 * keeps the chance of even one false alarm in the family at alpha.
 *
 *   order by p/w;   adjusted(i-th) = max over j <= i of min(1, p(j) (w(j) + w(j+1) + ...) / w(j))
 *
 * A test with twice the weight of another has twice its share of alpha; equal weights are Holm's
 * own procedure. Holds under any dependence; the weights must not depend on the data's outcome.
 * Order of the input is kept. Source: Holm (1979), Scandinavian Journal of Statistics 6:65,
 * section 4. O(m log m).
 */
export function holm(pValues: readonly number[], weights?: readonly number[]): readonly number[] {
  const order = pValues
    .map((p, index) => ({ p, index, weight: weights?.[index] ?? 1 }))
    .sort((a, b) => a.p / a.weight - b.p / b.weight)
  const adjusted = new Array<number>(pValues.length).fill(1)
  let remaining = order.reduce((sum, { weight }) => sum + weight, 0)
  let largest = 0
  for (const { p, index, weight } of order) {
    largest = Math.max(largest, Math.min(1, (p * remaining) / weight))
    adjusted[index] = largest
    remaining -= weight
  }
  return adjusted
}
