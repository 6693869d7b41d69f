// What an unchanged endpoint moves by between two measurements minutes apart: what alternation takes out of
// a comparison and a run that was measured earlier leaves in.

import type { EndpointKind } from './endpoint-kind.ts'

/** Standard deviation of the log ratio of two measurements within the hour, sampling left out. */
const SHARED = 0.059
const OWN = 0.015

/**
 * Variance of the difference of levels of two measurements within an hour:
 *
 *   p(own) 0.015^2 + (1 - p(own)) 0.059^2
 *
 * Shared: the medians of the first and the second half of one measurement, in 18 series of a hosted API
 * with 12 to 66 measurements of 100 requests each, lie 11.2 % apart, of which sampling is 9.5 %; by series
 * the rest is 0.6, 3.8 and 8.6 % (quartiles). Own: nightly runs of one server, restarted between them,
 * differ by 2.3 % each, of which minutes on one machine are less than half. O(1).
 */
export function betweenMeasurements({ own }: EndpointKind): number {
  return own * OWN ** 2 + (1 - own) * SHARED ** 2
}
