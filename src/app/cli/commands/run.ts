// `inference-gate run`: measure the gates of a config, compare with the baseline folder, report.

import { jobResultOf, judgedBetween, runGate } from '../../../gate/gate.ts'
import { exitCodeOfVerdicts } from '../../../model/exit-codes.ts'
import { contextHere } from '../../compare-runs.ts'
import { withEarlierRuns } from '../../earlier-runs.ts'
import { keepRuns, runFiles } from '../../report-folder.ts'
import { gateRequests, runAll, withTurns } from '../../run-gates.ts'
import { nowIso } from '../../run-identity.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import { compareEndpoints } from '../compare-endpoints.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configHere,
  configOf,
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
    {
      name: 'compare-endpoints',
      help: "measure the config's gates in alternation and put them side by side; nothing is judged",
    },
    ...REPORT_OPTIONS,
  ],
  notes: `Reads the key from INFERENCE_GATE_API_KEY. Exits with 1 on a regression; see
inference-gate --help for the other codes. With --compare-endpoints every gate is an endpoint to choose
from: the table goes to the terminal and into side-by-side.html of the report folder.`,
  run: (args, invocation) =>
    args.given('compare-endpoints')
      ? compareEndpoints(args, invocation)
      : runFrom(args, invocation),
}

async function runFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const config = await configOf(args, invocation)
  const only = chosenGate(args, config)
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) }
  const planned = gateRequests({
    config,
    only,
    context: {},
    provenance,
  })
  const requests = await withEarlierRuns(planned, {
    patterns: args.texts(EARLIER_OPTION.name),
    folder: invocation.folder,
    asked: `--${EARLIER_OPTION.name}`,
    nowIso: nowIso(),
  })
  const gateRuns = await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      const ports = portsOfTerminal({ args, invocation, store, policy: config.policy })
      const keep = await keepRuns(reportFolderOf(args, invocation))
      const inTurns = await withTurns(requests, ports)
      return runAll(inTurns, (request) => runGate(request, ports), keep)
    },
  })
  const results = judgedBetween(gateRuns, requests).map(({ result }) => result)
  const jobResult = jobResultOf(results, contextHere('gate', config.policy, provenance))
  await showReport(args, invocation, { jobResult, runs: runFiles(gateRuns) })
  return exitCodeOfVerdicts(
    results.map(({ verdict }) => verdict),
    config.policy,
  )
}
