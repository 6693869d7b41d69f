// The numbers of the verdict that more than one part of the project goes by, each once. What they do
// to false fails and to power is measured in docs/statistics.md.

import type { Looks } from './comparison.ts'

/** The error that one verdict may make: a fail of what did not change, a pass of what did. */
export const ALPHA = 0.05

/**
 * How often an interval that is shown covers the true change. Always the same, so that two reports can be
 * compared: what looks, pairs and the gate's other metrics take of the allowed error widens what the
 * verdict goes by, and not what is shown.
 */
export const INTERVAL_LEVEL = 1 - 2 * ALPHA

/** A verdict that is reached in one go. */
export const ONE_LOOK: Looks = {
  history: { taken: 1, planned: 1 },
  pairs: { taken: 0, planned: 0 },
}

/** A reference arm that was measured earlier, or in pairs from the start: all is there at once. */
export const ONE_LOOK_AT_ARMS: Looks = {
  history: { taken: 1, planned: 1 },
  pairs: { taken: 1, planned: 1 },
}

/** Pairs are looked at half-way and at the end: more looks save little and cost power. */
export const LOOKS_AT_PAIRS = 2

/** Those that a first run is judged with, before it is known whether more will be measured. */
export const LOOKS_AHEAD: Readonly<Record<'withReference' | 'alone', Looks>> = {
  withReference: {
    history: { taken: 1, planned: 1 },
    pairs: { taken: 0, planned: LOOKS_AT_PAIRS },
  },
  alone: { history: { taken: 1, planned: 2 }, pairs: { taken: 0, planned: 0 } },
}

/** Pairs that a paired median needs. */
export const FEWEST_PAIRS = 20

/** More than this nobody sends for one verdict. */
export const MOST_REQUESTS = 100_000

/** With fewer runs the noise between runs is mostly a guess; from here on more change little. */
export const RECOMMENDED_RUNS = 8

/**
 * What each of several deployments of the same thing lies apart of itself, as a standard deviation of
 * logs, where the config does not say it.
 */
export const DEPLOYMENT_SPREAD = 0.033

/** Beyond it two deployments of the same thing are not the same thing. */
export const MOST_DIFFERING = 0.5
