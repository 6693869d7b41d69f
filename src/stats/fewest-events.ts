// The fewest events of some trials that are enough for something.

/**
 * Smallest x in 1..trials from which `isEnough` holds, by halving; trials + 1 where none does. Assumes that
 * more events are never less: once true, true for all larger x. O(log trials) calls.
 */
export function fewestEvents(trials: number, isEnough: (events: number) => boolean): number {
  let low = 0
  let high = trials + 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
