// `inference-gate record`: measure the endpoint as it is now and add the run to the baseline, or add
// saved runs that could not be stored when they were made.

import { outcomeOf } from '../../../gate/gate.ts'
import { RECOMMENDED_RUNS } from '../../../model/verdict-policy.ts'
import { contextHere } from '../../compare-runs.ts'
import { gatePorts } from '../../ports.ts'
import { exitCodeOfRecord, recordGates, standingLines } from '../../record-gates.ts'
import { keepRuns, runFiles } from '../../report-folder.ts'
import { gateRequests } from '../../run-gates.ts'
import { mergedByGate, readRuns, requestsOfSaved } from '../../saved-runs.ts'
import type { Arguments, Command, World } from '../command.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configOf,
  GATE_OPTION,
  REPORT_OPTIONS,
  STORE_OPTIONS,
  URL_OPTIONS,
} from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'
import { keysOf, provenanceHere, reportFolderOf, screenOf, showReport } from '../terminal.ts'

export const record: Command = {
  name: 'record',
  summary: 'Measure the endpoint as it is now and add the run to the baseline.',
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    {
      name: 'results',
      value: 'GLOB',
      several: true,
      help: 'record these run files, measure nothing',
    },
    ...URL_OPTIONS,
    ...REPORT_OPTIONS,
  ],
  notes: `A run that fails against the baseline is kept apart and the exit code is 1; inference-gate
accept takes it as the new level. Verdicts are sharp from about ${RECOMMENDED_RUNS} recorded runs on.`,
  run: recordFrom,
}

async function recordFrom(args: Arguments, world: World): Promise<number> {
  const config = await configOf(args, world)
  const only = chosenGate(args, config)
  const provenance = provenanceHere(world)
  const saved = args.given('results')
    ? mergedByGate(await readRuns(args.texts('results'), world.folder))
    : undefined
  const screen = screenOf(args, world)
  const recorded = await withStoreOf(args, world, {
    branch: config.baseline.branch,
    act: async (store) => {
      const planned = gateRequests({
        config,
        only,
        context: {},
        provenance,
      })
      const requests = saved === undefined ? planned : requestsOfSaved(planned, saved)
      const gates = await recordGates({
        config,
        requests,
        ports: gatePorts({
          ...portsBase(world),
          policy: config.policy,
          reach: { kind: 'anywhere' },
          store,
          screen,
        }),
        opening: undefined,
        keep: await keepRuns(reportFolderOf(args, world)),
        saved,
      })
      for (const line of standingLines(gates, store.place)) screen.step(line)
      return gates
    },
  })
  const results = recorded.map(({ result }) => result)
  const outcome = outcomeOf(results, contextHere('record', config.policy, provenance))
  await showReport(args, world, { outcome, runs: runFiles(recorded) })
  return exitCodeOfRecord(recorded, outcome.verdict === 'failed')
}

function portsBase(world: World) {
  return { keys: keysOf(world), signal: world.signal }
}
