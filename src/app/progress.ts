// What a person sees while the gate works: one line redrawn on a terminal, a few plain lines in a log.
// By hand: libraries for it draw on a timer of their own, which would run beside the load.

import type { Progress } from '../model/measurement.ts'
import { visible } from '../report/report.ts'

export type ProgressScreen = {
  /** A new step: "chat: measuring 200 requests". */
  readonly step: (text: string) => void
  readonly update: (progress: Progress) => void
  /** Ends the redrawn line, so that what follows starts on a line of its own. */
  readonly end: () => void
}

const REDRAW_EVERY_MS = 100
const BAR_CELLS = 24

function bar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * BAR_CELLS)
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full)
}

/** A step names gates, branches and what servers said: none of it moves a cursor or hides. */
function shown(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

function describe({ phase, done, planned, failed, elapsedMs }: Progress): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`
  const seconds = (elapsedMs / 1000).toFixed(1)
  // The counts are of all requests, warm-up included.
  return `${phase === 'warmup' ? 'warm-up' : 'requests'} ${done}/${planned}${failures}, ${seconds} s`
}

/** For a terminal: `write` gets control sequences that redraw the current line. */
export function terminalProgress(write: (text: string) => void): ProgressScreen {
  let drawnMs = Number.NEGATIVE_INFINITY
  let open = false
  const end = () => {
    if (open) write('\r\u001b[K')
    open = false
    drawnMs = Number.NEGATIVE_INFINITY
  }
  return {
    step: (text) => {
      end()
      write(`${shown(text)}\n`)
    },
    update: (progress) => {
      const last = progress.done === progress.planned
      if (!last && progress.elapsedMs - drawnMs < REDRAW_EVERY_MS) return
      drawnMs = progress.elapsedMs
      open = true
      write(
        `\r\u001b[K  ${bar(progress.done / Math.max(progress.planned, 1))} ${describe(progress)}`,
      )
    },
    end,
  }
}

/** Nothing said for so long looks like nothing done. */
const SIGN_OF_LIFE_MS = 5000

/**
 * For a log: a line a step, one at each quarter of the measured phase and one after every few seconds
 * without, nothing redrawn.
 */
export function logProgress(write: (text: string) => void): ProgressScreen {
  let quarter = 0
  let saidMs = 0
  return {
    step: (text) => {
      quarter = 0
      saidMs = 0
      write(`${shown(text)}\n`)
    },
    update: (progress) => {
      const isMeasured = progress.phase === 'measured'
      const share = progress.done / Math.max(progress.planned, 1)
      const reached = isMeasured ? Math.floor(4 * share) : quarter
      const isQuiet = progress.elapsedMs - saidMs >= SIGN_OF_LIFE_MS
      if (reached <= quarter && !isQuiet) return
      quarter = Math.max(reached, quarter)
      saidMs = progress.elapsedMs
      const waiting = isQuiet && progress.inFlight > 0 ? `, waiting for ${progress.inFlight}` : ''
      write(`  ${describe(progress)}${waiting}\n`)
    },
    end: () => undefined,
  }
}

/** Says nothing: for commands whose output is read by machines. */
export const SILENT_PROGRESS: ProgressScreen = {
  step: () => undefined,
  update: () => undefined,
  end: () => undefined,
}
