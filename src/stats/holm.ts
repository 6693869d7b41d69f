// Several metrics are judged at once: one of five crosses a 5 % line by chance far too often.

/**
 * Holm's step-down adjustment: p-values made larger so that comparing each with alpha keeps the
 * chance of even one false alarm in the family at alpha.
 *
 *   adjusted(i-th smallest) = max over j <= i of min(1, (m - j + 1) p(j))
 *
 * Holds under any dependence. Order of the input is kept. Source: Holm (1979), Scandinavian
 * Journal of Statistics 6:65. O(m log m).
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number>(pValues.length).fill(1)
  let largest = 0
  order.forEach(({ p, index }, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * p))
    adjusted[index] = largest
  })
  return adjusted
}
