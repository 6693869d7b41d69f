// How large a folder becomes while somebody else writes into it. Git has no bound on what a server
// sends, and a server that filters nothing sends a whole branch: it is stopped while that comes.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type FolderBound = {
  readonly folder: string
  /** Bytes of all files in it. */
  readonly mostBytes: number
}

type Growth = {
  /** The bound, where the folder is beyond it now or was at any look. */
  readonly beyond: () => number | undefined
  readonly stop: () => void
}

/** A pack of the bound takes seconds over a network; what comes between two looks is little. */
const LOOK_EVERY_MS = 50

export function watchGrowth({ folder, mostBytes }: FolderBound, onTooMuch: () => void): Growth {
  let wasBeyond = false
  const look = () => {
    if (!wasBeyond && sizeOf(folder) > mostBytes) wasBeyond = true
    return wasBeyond
  }
  const timer = setInterval(() => {
    if (look()) onTooMuch()
  }, LOOK_EVERY_MS)
  return {
    beyond: () => (look() ? mostBytes : undefined),
    stop: () => clearInterval(timer),
  }
}

/** Files come and go while it looks: what is gone has no size. */
function sizeOf(folder: string): number {
  let bytes = 0
  for (const name of unlessGone(() => readdirSync(folder, { recursive: true, encoding: 'utf8' })) ??
    []) {
    const found = unlessGone(() => statSync(join(folder, name)))
    if (found?.isFile() === true) bytes += found.size
  }
  return bytes
}

function unlessGone<Found>(look: () => Found): Found | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
