// The smallest count that is enough for something: events of a run, requests, pairs.

/**
 * Smallest x in 1..most from which `isEnough` holds, by halving; most + 1 where none does. Assumes that
 * more is never less: once true, true for all larger x. O(log most) calls.
 */
export function smallestCount(most: number, isEnough: (count: number) => boolean): number {
  if (!isEnough(most)) return most + 1
  let low = 0
  let high = most
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
