// Two ready-made endpoints: a typical chat endpoint, only quicker, so that a demonstration of ten
// runs takes seconds; and the same endpoint after somebody made it worse.

import type { Behaviour } from './behaviour.ts'

export const HEALTHY: Behaviour = {
  ttftMedianMs: 30,
  ttftPerInputTokenMs: 0.02,
  ttftMedianByTextMs: {},
  ttftSigma: 0.22,
  lateFrom: 0,
  lateFactor: 1,
  laterTurnFactor: 1,
  tailShare: 0.03,
  tailStart: 1.6,
  tailShape: 3,
  longestTtftMs: 2000,
  driftSigma: 0.03,
  drift: 0,
  roleShare: 0.5,
  tokenGapMs: 1.5,
  tokenGapSigma: 0.3,
  capacity: 0,
  cacheSaving: 0.5,
  cachePrefixCharacters: 64,
  usage: 'on',
  reasoningTokens: 0,
  outputTokens: 0,
  ignoresOutputLimit: false,
  says: 'words',
  callsTools: false,
  wrongShare: 0,
  lineEnd: '\n',
  coalesce: 1,
  splitUtf8: false,
  pingEvery: 0,
  faults: {},
}

/** p50 up by 60 %, and a heavier tail. */
export const REGRESSED: Behaviour = {
  ...HEALTHY,
  ttftMedianMs: HEALTHY.ttftMedianMs * 1.6,
  ttftPerInputTokenMs: HEALTHY.ttftPerInputTokenMs * 1.6,
  tailShare: 0.08,
  tailStart: 1.8,
  tailShape: 2,
}

export const PROFILES = { healthy: HEALTHY, regressed: REGRESSED } as const
export type ProfileName = keyof typeof PROFILES
