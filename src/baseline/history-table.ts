// The runs of one gate as rows for people: what `inference-gate history` shows.

import type { Epoch, StoreContents, StoredRun } from '../model/history.ts'
import { MEDIAN } from '../model/metric.ts'
import type { HistoryRow } from '../model/store.ts'
import { badEventsOf, costPerAnswerUsd, type Summary } from '../model/summary.ts'
import { waitFamilyOf, waitSeries } from '../model/wait.ts'
import { levelSteps } from '../stats/level-steps.ts'
import { quantile } from '../stats/quantile.ts'
import { percentileOf } from '../stats/quantile-statistic.ts'

/**
 * One row a stored run, oldest first. `summaries` are those of the same runs, in any order; a run
 * without one has its row without numbers. Percentiles are type 7, failures as +Infinity.
 */
export function historyTable(
  contents: StoreContents,
  summaries: readonly Summary[],
): readonly HistoryRow[] {
  const summaryOf = new Map(summaries.map((summary) => [summary.runId, summary]))
  const rows = contents.runs.map((stored) => {
    const { run } = stored
    const { commit, branch } = run.provenance
    const epochs = epochsOf(contents.epochs, branch)
    return {
      runId: run.id,
      startedAt: run.startedAt,
      commit,
      branch,
      standing: stored.standing,
      epoch: 1 + epochs.filter((epoch) => isSince(stored, epoch)).length,
      opensEpoch: epochs.some((epoch) => epoch.acceptedRunId === run.id),
      loadShapeHash: run.loadShapeHash,
      requests: run.records.length,
      ...numbersOf(summaryOf.get(run.id)),
    }
  })
  return withTurns(withSteps(rows))
}

/** Marks the runs with which one branch and load stopped holding. */
function withTurns(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const newest = new Map<string, HistoryRow>()
  return rows.map((row) => {
    const key = JSON.stringify([row.branch, row.loadShapeHash])
    const before = newest.get(key)
    newest.set(key, row)
    if (row.standing !== 'held' || before?.standing !== 'accepted') return row
    return { ...row, lastGood: { runId: before.runId, commit: before.commit } }
  })
}

/** Medians this close are not told apart by a step, whatever their sampling error. */
const SAMPLING = 0.03

/** Marks the runs with which the median wait of one branch and load took a new level. */
function withSteps(rows: readonly HistoryRow[]): readonly HistoryRow[] {
  const steps = new Map<string, HistoryRow['step']>()
  const alike = new Map<string, HistoryRow[]>()
  for (const row of rows) {
    if (!Number.isFinite(row.p50Ms)) continue
    const key = JSON.stringify([row.branch, row.loadShapeHash])
    alike.set(key, [...(alike.get(key) ?? []), row])
  }
  for (const runs of alike.values()) for (const [id, step] of stepsOf(runs)) steps.set(id, step)
  return rows.map((row) => (steps.has(row.runId) ? { ...row, step: steps.get(row.runId) } : row))
}

function stepsOf(runs: readonly HistoryRow[]): readonly (readonly [string, HistoryRow['step']])[] {
  const logs = runs.map(({ p50Ms = 1 }) => Math.log(p50Ms))
  const starts = levelSteps(logs, SAMPLING).steps
  return starts.flatMap((start, index) => {
    const [first, last] = [runs[start], runs[start - 1]]
    if (first === undefined || last === undefined) return []
    const before = logs.slice(starts[index - 1] ?? 0, start).sort((a, b) => a - b)
    const after = logs.slice(start, starts[index + 1]).sort((a, b) => a - b)
    const change = Math.expm1(quantile(after, MEDIAN) - quantile(before, MEDIAN))
    const lastBefore = { runId: last.runId, commit: last.commit }
    return [[first.runId, { change, lastBefore }] as const]
  })
}

function epochsOf(epochs: readonly Epoch[], branch: string | undefined): readonly Epoch[] {
  return epochs.filter((epoch) => epoch.branch === undefined || epoch.branch === branch)
}

function isSince({ run }: StoredRun, epoch: Epoch): boolean {
  if (run.id === epoch.acceptedRunId) return true
  return Date.parse(run.startedAt) >= Date.parse(epoch.openedAt)
}

type Numbers = Pick<
  HistoryRow,
  'waits' | 'p50Ms' | 'p95Ms' | 'p99Ms' | 'errorRate' | 'costPerAnswerUsd'
>

function numbersOf(summary: Summary | undefined): Numbers {
  if (summary === undefined) return {}
  const waits = waitSeries(summary)
  const errors = badEventsOf(summary, 'error_rate')
  return {
    waits: waitFamilyOf(summary),
    ...(waits === undefined || waits.values.length === 0
      ? {}
      : {
          p50Ms: percentileOf(waits, MEDIAN),
          p95Ms: percentileOf(waits, 0.95),
          p99Ms: percentileOf(waits, 0.99),
        }),
    errorRate: errors && errors.events / errors.trials,
    costPerAnswerUsd: costPerAnswerUsd(summary),
  }
}
