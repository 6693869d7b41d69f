// `inference-gate compare`: judges saved runs by other saved runs, without a network.

import { chooseBaseline } from '../../../baseline/baseline.ts'
import { defaultLimits, defaultPolicy } from '../../../config/config.ts'
import { judgeSaved, outcomeOf } from '../../../gate/gate.ts'
import type { Limit } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { exitCodeOfVerdicts } from '../../../model/exit-codes.ts'
import type { History } from '../../../model/history.ts'
import type { Run } from '../../../model/run.ts'
import { runFiles } from '../../report-folder.ts'
import { mergedByGate, readRuns } from '../../saved-runs.ts'
import type { Arguments, Command, World } from '../command.ts'
import { CONFIG_OPTION, configOf, REPORT_OPTIONS } from '../run-options.ts'
import { contextOf, showReport } from '../terminal.ts'

export const compare: Command = {
  name: 'compare',
  summary: 'Judge saved runs by other saved runs; nothing is sent.',
  operands: 'RUN.json…',
  options: [
    {
      name: 'with',
      value: 'RUN.json…',
      several: true,
      help: 'the runs to compare with (required)',
    },
    { ...CONFIG_OPTION, help: 'limits and policy (default: the documented default limits)' },
    ...REPORT_OPTIONS,
  ],
  notes: `Run files are runs/<gate>.json of report folders. Several files of one gate before --with are
taken for shards of one run; after it each is a run of the history.`,
  run: compareSaved,
}

async function compareSaved(args: Arguments, world: World): Promise<number> {
  if (args.operands.length === 0 || !args.given('with')) {
    throw new GateError(
      'usage',
      'inference-gate compare needs run files on both sides of --with',
      'As in: inference-gate compare new/runs/chat.json --with old1.json old2.json',
    )
  }
  const config = args.given('config') ? await configOf(args, world) : undefined
  const candidates = mergedByGate(await readRuns(args.operands, world.folder))
  const others = await readRuns(args.texts('with'), world.folder)
  const gateRuns = [...candidates.values()].map((run) => {
    const named = config?.gates.find(({ name }) => name === run.gate)
    const gate = named ?? { name: run.gate, limits: limitsFor(run) }
    return judgeSaved(run, { gate }, historyFrom(others, run))
  })
  const policy = config?.policy ?? defaultPolicy()
  const results = gateRuns.map(({ result }) => result)
  const outcome = outcomeOf(
    results,
    contextOf('gate', { policy }, commitOf([...candidates.values()])),
  )
  await showReport(args, world, { outcome, runs: runFiles(gateRuns) })
  return exitCodeOfVerdicts(
    results.map(({ verdict }) => verdict),
    policy,
  )
}

/** Theirs, where all of them have the same. */
function commitOf(runs: readonly Run[]): Run['provenance'] {
  const commits = new Set(runs.map(({ provenance }) => provenance.commit))
  const [commit] = commits
  return commits.size === 1 && commit !== undefined ? { commit } : {}
}

function limitsFor({ records, costUnknown }: Run): readonly Limit[] {
  return defaultLimits({
    samples: records.length,
    prices: costUnknown === undefined ? {} : undefined,
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
