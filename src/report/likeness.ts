// What kind of endpoint its runs look like, in words.

import type { Likeness } from '../model/calibration.ts'

/** Beyond this the runs leave little doubt. */
const SURE = 0.8
/** Medians this close are as near to each other as those of a server of one's own. */
const CLOSE = 0.03

/** Without a full stop, to begin a sentence or end one. */
export function likenessWords({ own, spread }: Likeness): string {
  const apart = `runs of this endpoint lie ${percent(spread)} apart`
  if (own <= 1 - SURE && spread < CLOSE) {
    return `the medians of this endpoint's runs lie ${percent(spread)} apart and their tails further, as those of a shared service do`
  }
  if (own >= SURE) return `${apart}, as those of a server of one's own do`
  if (own <= 1 - SURE) return `${apart}, as those of a shared service do`
  return `${apart}; whether it is a server of one's own or a shared service does not show yet`
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function percent(spread: number): string {
  const points = 100 * Math.expm1(spread)
  return `${Number(points.toFixed(points < 3 ? 1 : 0))} %`
}
