// `inference-gate run`: measure the gates of a config, compare with the baseline folder, report.

import { jobResultOf, judgedBetween, runGate } from '../../../gate/gate.ts'
import { isCounted } from '../../../model/asked.ts'
import { GateError } from '../../../model/errors.ts'
import { exitCodeOfVerdicts } from '../../../model/exit-codes.ts'
import { contextHere } from '../../compare-runs.ts'
import { withEarlierRuns } from '../../earlier-runs.ts'
import { asAsked, asProposed } from '../../questions.ts'
import { keepRuns, runFiles } from '../../report-folder.ts'
import { gateRequests, runAll, withTurns } from '../../run-gates.ts'
import { nowIso } from '../../run-identity.ts'
import { askedOf, BASE_CONFIG_OPTION } from '../base-config.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import { compareEndpoints } from '../compare-endpoints.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configHere,
  EARLIER_OPTION,
  GATE_OPTION,
  REPORT_OPTIONS,
  STORE_OPTIONS,
  URL_OPTIONS,
} from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'
import { portsOfTerminal, provenanceHere, reportFolderOf, showReport } from '../terminal.ts'

export const run: Command = {
  name: 'run',
  summary: 'Measure the endpoint and compare it with the baseline.',
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    ...URL_OPTIONS,
    EARLIER_OPTION,
    BASE_CONFIG_OPTION,
    {
      name: 'compare-endpoints',
      help: "measure the config's gates in alternation and put them side by side; nothing is judged",
    },
    ...REPORT_OPTIONS,
  ],
  notes: `Reads the key from INFERENCE_GATE_API_KEY. Exits with 1 on a regression; see
inference-gate --help for the other codes. With --compare-endpoints every gate is an endpoint to choose
from: the table goes to the terminal and into side-by-side.html of the report folder. With --base-config, as
\`git worktree add ../base main\` brings it along, the change cannot loosen the gate that judges it.`,
  run: (args, invocation) => {
    if (!args.given('compare-endpoints')) return runFrom(args, invocation)
    refuseBase(args)
    return compareEndpoints(args, invocation)
  },
}

async function runFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const { config, base, questions = [], rules } = await askedOf(args, invocation)
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) }
  const only = base === undefined ? chosenGate(args, config) : undefined
  const planned = gateRequests({ config, base, only, provenance })
  const requests = await withEarlierRuns(asProposed(planned, questions), {
    patterns: args.texts(EARLIER_OPTION.name),
    folder: invocation.folder,
    asked: `--${EARLIER_OPTION.name}`,
    nowIso: nowIso(),
  })
  const gateRuns = await withStoreOf(args, invocation, {
    config,
    base,
    act: async (store) => {
      const ports = portsOfTerminal({ args, invocation, store, policy: config.policy })
      const keep = await keepRuns(reportFolderOf(args, invocation))
      const inTurns = await withTurns(requests, ports)
      return runAll(inTurns, (request) => runGate(request, ports), keep)
    },
  })
  const judged = judgedBetween(gateRuns, requests).map((one) => asAsked(one, questions))
  const results = judged.map(({ result }) => result)
  const context = { ...contextHere('gate', config.policy, provenance), ...rules }
  await showReport(args, invocation, {
    jobResult: jobResultOf(results, context),
    runs: runFiles(gateRuns),
  })
  return exitCodeOfVerdicts(
    results.filter(isCounted).map(({ verdict }) => verdict),
    config.policy,
    context.dropped,
  )
}

/** Nothing is judged there, so there is nothing that a base could say. */
function refuseBase(args: Arguments): void {
  if (!args.given(BASE_CONFIG_OPTION.name)) return
  throw new GateError(
    'usage',
    `--${BASE_CONFIG_OPTION.name} says what judges, and --compare-endpoints judges nothing`,
    'Give one of them.',
  )
}
