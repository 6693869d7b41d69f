// Judging runs by other runs, without an endpoint and without a store: what `compare` and the library do.

import { chooseBaseline } from '../baseline/baseline.ts'
import { defaultLimits, defaultPolicy } from '../config/config.ts'
import { jobResultOf, judgeSaved } from '../gate/gate.ts'
import { blockingOf } from '../model/blocking.ts'
import type { Config, Limit, Policy } from '../model/config.ts'
import { exitCodeOfVerdicts } from '../model/exit-codes.ts'
import type { History } from '../model/history.ts'
import type { GateRun } from '../model/ports.ts'
import type { Provenance, Run } from '../model/run.ts'
import { TOOL } from '../model/tool.ts'
import type { JobResult, ReportContext } from '../model/verdict.ts'
import { waitFamilyOf } from '../model/wait.ts'
import { mergedByGate } from './saved-runs.ts'

export type ComparisonRequest = {
  /** Several of one gate are shards of one run. */
  readonly candidates: readonly Run[]
  /** Each a run of the history, of whatever gate. */
  readonly others: readonly Run[]
  /** Limits and policy. Absent = the documented defaults. */
  readonly config?: Config
}

export type Compared = {
  readonly jobResult: JobResult
  readonly gateRuns: readonly GateRun[]
  readonly exitCode: number
}

export function compareRuns({ candidates, others, config }: ComparisonRequest): Compared {
  const merged = [...mergedByGate(candidates).values()]
  const gateRuns = merged.map((run) => {
    const named = config?.gates.find(({ name }) => name === run.gate)
    const gate = named ?? { name: run.gate, limits: limitsFor(run) }
    return judgeSaved(run, { gate }, historyFrom(others, run))
  })
  const policy = config?.policy ?? defaultPolicy()
  const results = gateRuns.map(({ result }) => result)
  return {
    jobResult: jobResultOf(results, contextHere('gate', policy, commitOf(merged))),
    gateRuns,
    exitCode: exitCodeOfVerdicts(
      results.map(({ verdict }) => verdict),
      policy,
    ),
  }
}

/** What a report says of an invocation that no forge asked for. */
export function contextHere(
  mode: ReportContext['mode'],
  policy: Policy,
  { commit, config }: Pick<Provenance, 'commit' | 'config'>,
): ReportContext {
  return {
    tool: TOOL,
    mode,
    entrypoint: 'command-line',
    headCommit: commit,
    config,
    limitsFrom: 'file',
    proposedChanges: [],
    acceptLabel: policy.acceptLabel,
    blocking: blockingOf(policy),
  }
}

/** Theirs, where all of them have the same. */
function commitOf(runs: readonly Run[]): Run['provenance'] {
  const commits = new Set(runs.map(({ provenance }) => provenance.commit))
  const [commit] = commits
  return commits.size === 1 && commit !== undefined ? { commit } : {}
}

function limitsFor(run: Run): readonly Limit[] {
  const { records, costUnknown } = run
  return defaultLimits({
    waits: waitFamilyOf(run),
    samples: records.length,
    prices: costUnknown === undefined ? {} : undefined,
    expecting: records.filter(({ validity }) => validity !== undefined).length,
  })
}

/** Chosen as from a store, so that runs of another load are named and left out. */
function historyFrom(others: readonly Run[], candidate: Run): History {
  const runs = others
    .filter(({ gate }) => gate === candidate.gate)
    .sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
    .map((run) => ({ run, standing: 'accepted' as const }))
  const place = runs.length === 1 ? 'a run file' : `${runs.length} run files`
  const { loadShape, loadShapeHash, ttftDefinition, startedAt } = candidate
  return chooseBaseline(
    { runs, epochs: [], unreadable: [], place },
    {
      loadShape,
      loadShapeHash,
      ttftDefinition,
      nowIso: startedAt,
      maxAgeMs: Number.POSITIVE_INFINITY,
      keep: Number.POSITIVE_INFINITY,
    },
  )
}
