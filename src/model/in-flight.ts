// How many requests may be in flight at once where nobody says.

/** An open loop stops at as many. The config's schema has it as a default, which a test compares. */
export const COMMON_IN_FLIGHT = 256
