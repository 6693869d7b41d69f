// What the history page is made of: every gate with its runs, oldest first, and the epochs that were
// accepted. Foreign text stays as it is here; the page escapes it.

import type { HistoryRow } from '../../model/store.ts'
import type { Figure } from './figures.ts'

/** `accepted` and `held` as stored; `change` for a run of a pull request that was named beside. */
export type PageStanding = HistoryRow['standing'] | 'change'

export type PageRun = {
  readonly id: string
  readonly startedAt: string
  readonly commit?: string
  readonly branch?: string
  /** Where the commit or the job can be seen. */
  readonly href?: string
  readonly standing: PageStanding
  readonly epoch: number
  readonly opensEpoch: boolean
  /** Set on the first run of a new level that nobody opened. */
  readonly step?: HistoryRow['step']
  readonly waits?: HistoryRow['waits']
  readonly requests: number
  readonly figures: Readonly<Record<string, Figure | undefined>>
}

export type PageEpoch = { readonly at: string; readonly by: string; readonly reason: string }

export type PageGate = {
  readonly name: string
  readonly place: string
  readonly runs: readonly PageRun[]
  readonly epochs: readonly PageEpoch[]
}

export type PageData = {
  readonly title: string
  readonly madeAt: string
  readonly tool: string
  readonly gates: readonly PageGate[]
}
