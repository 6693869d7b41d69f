// The mean of a run on the log scale, for cost and tokens.

export type MeanStatistic = { readonly value: number; readonly variance: number }

/**
 * Log of total over count, with its sampling variance (delta method, stratified by prompt class).
 *
 *   y = log(total / divisor);   v = sum_g n_g s_g^2 / (n^2 mean^2)
 *
 * `divisor` is the number of completed answers, so that failures' cost stays in the numerator; its
 * own variation is the error rate's business. Needs positive totals. A class with one value counts
 * as without spread. Source: Cochran, Sampling Techniques, 5.3 and 6.3. O(n).
 */
export function logMean(
  values: readonly number[],
  classes: readonly number[],
  divisor: number,
): MeanStatistic {
  const sums: number[] = []
  const sizes: number[] = []
  for (let i = 0; i < values.length; i += 1) {
    const group = classes[i] ?? 0
    sizes[group] = (sizes[group] ?? 0) + 1
    sums[group] = (sums[group] ?? 0) + (values[i] ?? 0)
  }
  const squares: number[] = []
  let total = 0
  for (let i = 0; i < values.length; i += 1) {
    const group = classes[i] ?? 0
    const value = values[i] ?? 0
    total += value
    squares[group] = (squares[group] ?? 0) + (value - (sums[group] ?? 0) / (sizes[group] ?? 1)) ** 2
  }
  let spread = 0
  squares.forEach((square, group) => {
    const size = sizes[group] ?? 0
    if (size > 1) spread += (size * square) / (size - 1)
  })
  return { value: Math.log(total / divisor), variance: spread / total ** 2 }
}
