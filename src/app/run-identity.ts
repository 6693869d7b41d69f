// Names and labels that come from the world: run ids and wall-clock times.

import { randomBytes } from 'node:crypto'

export function nowIso(): string {
  return new Date().toISOString()
}

/** `20260131T120000Z-1a2b3c4d`: sorts by time, unique without asking anybody. */
export function newRunId(): string {
  const stamp = nowIso()
    .replace(/[-:]/g, '')
    .replace(/\.\d+Z$/, 'Z')
  return `${stamp}-${randomBytes(4).toString('hex')}`
}
