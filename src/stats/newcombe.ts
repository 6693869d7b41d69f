// The difference of two rates and how far it may be off.
// By hand: simple-statistics has no interval of a rate, nor of two.

export type Rate = {
  readonly events: number
  readonly trials: number
  /** How many events make one occasion (`clumping`). Absent = 1: they fall independently. */
  readonly together?: number
}

/**
 * Wilson score interval of one rate.
 *
 *   (x + z^2/2 -+ z sqrt(x (n-x)/n + z^2/4)) / (n + z^2)
 *
 * Real-valued counts are allowed (an effective sample size). Source: Wilson (1927). O(1).
 */
export function wilsonInterval({ events, trials }: Rate, z: number): readonly [number, number] {
  const centre = events + (z * z) / 2
  const spread = z * Math.sqrt((events * (trials - events)) / trials + (z * z) / 4)
  const low = (centre - spread) / (trials + z * z)
  const high = (centre + spread) / (trials + z * z)
  return [Math.max(0, low), Math.min(1, high)]
}

/**
 * Newcombe's interval for p1 - p2 ("method 10": two Wilson intervals, squared and added).
 *
 *   L = d - sqrt((p1 - l1)^2 + (u2 - p2)^2);   U = d + sqrt((u1 - p1)^2 + (p2 - l2)^2)
 *
 * Each end holds at the one-sided level of `z`. Covers a little less than it says for rates near
 * 0 with fewer than about 50 trials; trials must be independent, so counts are divided by the
 * overdispersion first. Source: Newcombe (1998), Statistics in Medicine 17:873. O(1).
 */
export function newcombeInterval(first: Rate, second: Rate, z: number): readonly [number, number] {
  const p1 = first.events / first.trials
  const p2 = second.events / second.trials
  const [l1, u1] = wilsonInterval(first, z)
  const [l2, u2] = wilsonInterval(second, z)
  const difference = p1 - p2
  return [difference - Math.hypot(p1 - l1, u2 - p2), difference + Math.hypot(u1 - p1, p2 - l2)]
}
