// The signs of each format. A sign never stands alone: words beside it say the same, for those who
// cannot see it.

import type { Mark } from '../../model/report-document.ts'

export const EMOJI: Readonly<Record<Mark, string>> = {
  good: '✅',
  better: '⚡',
  bad: '❌',
  doubt: '⚠️',
  open: '❔',
  off: '➖',
  broken: '🚫',
  accepted: '☑️',
}

/** One column wide in every terminal font. */
export const SIGN: Readonly<Record<Mark, string>> = {
  good: '✓',
  better: '↑',
  bad: '✗',
  doubt: '!',
  open: '?',
  off: '-',
  broken: '✗',
  accepted: '✓',
}
