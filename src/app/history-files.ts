// The history of gates as files for people: a page, and a badge for a README.

import { historyTable } from '../baseline/baseline.ts'
import { writeFolder } from '../disk/disk.ts'
import { summarize } from '../judge/judge.ts'
import type { Gate, Limit } from '../model/config.ts'
import type { StoreContents } from '../model/history.ts'
import type { Run } from '../model/run.ts'
import type { BaselineStore } from '../model/store.ts'
import type { Summary } from '../model/summary.ts'
import { TOOL } from '../model/tool.ts'
import {
  badgeJson,
  figuresOf,
  historyPage,
  ofConfig,
  type PageGate,
  type PageRun,
} from '../report/report.ts'
import { nowIso } from './run-identity.ts'

export type GateHistory = {
  readonly name: string
  /** Of which config it is. Absent = there is none to name. */
  readonly config?: string
  readonly limits: readonly Limit[]
  readonly contents: StoreContents
  /** Runs of pull requests, to be drawn beside the stored ones. */
  readonly changes: readonly Run[]
}

export type HistoryFiles = { readonly page: string; readonly badge: string }

export function historyFiles(
  gates: readonly GateHistory[],
  made: { readonly title: string; readonly madeAt: string },
): HistoryFiles {
  const shown = gates.map(pageGate)
  return {
    page: historyPage({ ...made, tool: TOOL, gates: shown }),
    badge: badgeJson(shown),
  }
}

/** `index.html` and `badge.json`, of what is stored now. */
export async function writeHistory(of: {
  readonly folder: string
  readonly title: string
  readonly gates: readonly Gate[]
  readonly config: string | undefined
  readonly store: BaselineStore
}): Promise<void> {
  const { config } = of
  const gates: GateHistory[] = []
  for (const { name, limits } of of.gates) {
    gates.push({ name, config, limits, contents: await of.store.read(name), changes: [] })
  }
  const { page, badge } = historyFiles(gates, { title: of.title, madeAt: nowIso() })
  await writeFolder(of.folder, { 'index.html': page, 'badge.json': badge })
}

/** `chat`, or `chat (services/a/gate.yml)` where there are several configs. */
export function nameOf({ name, config, contents }: GateHistory): string {
  return `${name}${ofConfig(config, contents.ofOthers === undefined)}`
}

function pageGate(gate: GateHistory): PageGate {
  const { name, limits, contents, changes } = gate
  const summaries = contents.runs.map(({ run }) => summarize(run, limits))
  const rows = historyTable(contents, summaries)
  const stored = contents.runs.map(({ run, standing }, index): PageRun => {
    const row = rows[index]
    return {
      ...basics(run, summaries[index]),
      standing,
      epoch: row?.epoch ?? 1,
      opensEpoch: row?.opensEpoch ?? false,
      step: row?.step,
    }
  })
  const beside = changes
    .filter(({ gate }) => gate === name)
    .map((run): PageRun => {
      const own = basics(run, summarize(run, limits))
      return { ...own, standing: 'change', epoch: 0, opensEpoch: false }
    })
  return {
    name: nameOf(gate),
    place: contents.place,
    runs: [...stored, ...beside].sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1)),
    epochs: contents.epochs.map(({ openedAt, by, reason }) => ({ at: openedAt, by, reason })),
  }
}

function basics(run: Run, summary: Summary | undefined) {
  const { commit, branch, runUrl } = run.provenance
  return {
    id: run.id,
    startedAt: run.startedAt,
    commit,
    branch,
    href: commitPage(commit, runUrl) ?? runUrl,
    requests: run.records.length,
    figures: figuresOf(summary),
  }
}

/** GitHub's page of the commit, beside the job that measured it. */
function commitPage(commit: string | undefined, runUrl: string | undefined): string | undefined {
  const repository = /^(https?:\/\/[^/]+\/[^/]+\/[^/]+)\/actions\/runs\//.exec(runUrl ?? '')?.[1]
  return commit === undefined || repository === undefined
    ? undefined
    : `${repository}/commit/${commit}`
}
