// `inference-gate record`: measure the endpoint as it is now and add the run to the baseline, or add
// saved runs that could not be stored when they were made.

import { jobResultOf } from '../../../gate/gate.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { RECOMMENDED_RUNS } from '../../../model/verdict-policy.ts'
import { contextHere } from '../../compare-runs.ts'
import { gatePorts } from '../../ports.ts'
import { exitCodeOfRecord, recordGates, standingLines } from '../../record-gates.ts'
import { recordSeries, seriesOf } from '../../record-series.ts'
import { keepRuns, runFiles } from '../../report-folder.ts'
import { gateRequests } from '../../run-gates.ts'
import { mergedByGate, readRuns, requestsOfSaved, runsOfConfig } from '../../saved-runs.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configHere,
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
    { name: 'times', value: 'N', help: 'record N runs, one after the other (default 1)' },
    { name: 'every', value: 'DURATION', help: 'begin a run this often, as 1m (default: at once)' },
    ...URL_OPTIONS,
    ...REPORT_OPTIONS,
  ],
  notes: `A run that fails against the baseline is kept apart and the exit code is 1; inference-gate
accept makes it the new baseline. Verdicts find small changes reliably once about ${RECOMMENDED_RUNS} runs are recorded.`,
  run: recordTimes,
}

async function recordTimes(args: Arguments, invocation: Invocation): Promise<number> {
  const texts = { times: args.text('times') ?? '', every: args.text('every') ?? '' }
  const { series, problems } = seriesOf(texts, (option) => `--${option}`)
  const isSaved = series.times > 1 && args.given('results')
  const wrong = [...problems, ...(isSaved ? ['--times cannot repeat saved runs'] : [])]
  if (wrong.length > 0) throw new GateError('usage', wrong.join('; '), 'Correct the option.')
  const { signal, err } = invocation
  const setting = { series, signal, announce: (text: string) => err(`${text}\n`) }
  return await recordSeries(
    setting,
    () => recordFrom(args, invocation),
    (code) => code === EXIT.passed,
  )
}

async function recordFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const config = await configOf(args, invocation)
  const only = chosenGate(args, config)
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) }
  const saved = args.given('results')
    ? mergedByGate(
        runsOfConfig(await readRuns(args.texts('results'), invocation.folder), provenance.config),
      )
    : undefined
  const screen = screenOf(args, invocation)
  const recorded = await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      const planned = gateRequests({ config, only, provenance })
      const requests = saved === undefined ? planned : requestsOfSaved(planned, saved)
      const gates = await recordGates({
        config,
        requests,
        ports: gatePorts({
          ...portsBase(invocation),
          policy: config.policy,
          reach: { kind: 'anywhere' },
          env: invocation.env,
          store,
          screen,
        }),
        opening: undefined,
        keep: await keepRuns(reportFolderOf(args, invocation)),
        saved,
      })
      for (const line of standingLines(gates, store.place)) screen.step(line)
      return gates
    },
  })
  const results = recorded.map(({ result }) => result)
  const jobResult = jobResultOf(results, contextHere('record', config.policy, provenance))
  await showReport(args, invocation, { jobResult, runs: runFiles(recorded) })
  return exitCodeOfRecord(recorded, jobResult.verdict === 'failed')
}

function portsBase(invocation: Invocation) {
  return { keys: keysOf(invocation), signal: invocation.signal }
}
