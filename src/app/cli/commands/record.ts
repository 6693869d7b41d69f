// `inference-gate record`: measure the endpoint as it is now and add the run to the baseline, or add
// saved runs that could not be stored when they were made.

import { setTimeout } from 'node:timers/promises'
import { jobResultOf } from '../../../gate/gate.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { RECOMMENDED_RUNS } from '../../../model/verdict-policy.ts'
import { contextHere } from '../../compare-runs.ts'
import { gatePorts } from '../../ports.ts'
import { exitCodeOfRecord, recordGates, standingLines } from '../../record-gates.ts'
import { keepRuns, runFiles } from '../../report-folder.ts'
import { gateRequests } from '../../run-gates.ts'
import { mergedByGate, readRuns, requestsOfSaved, runsOfConfig } from '../../saved-runs.ts'
import { type Arguments, type Command, type Invocation, wholeNumber } from '../command.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configHere,
  configOf,
  durationOf,
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

/** A baseline in one go. It ends with the first run that is not recorded. */
async function recordTimes(args: Arguments, invocation: Invocation): Promise<number> {
  const times = wholeNumber(args, 'times') ?? 1
  const everyMs = durationOf(args, 'every') ?? 0
  if (times < 1 || (times > 1 && args.given('results'))) {
    const why = times < 1 ? '--times is 0' : '--times cannot repeat saved runs'
    throw new GateError('usage', why, 'Correct the option.')
  }
  for (let run = 1; run < times; run++) {
    const begunMs = performance.now()
    invocation.err(`run ${run} of ${times}\n`)
    const code = await recordFrom(args, invocation)
    if (code !== EXIT.passed || invocation.signal.aborted) return code
    await untilDue(everyMs - (performance.now() - begunMs), invocation.signal)
  }
  return await recordFrom(args, invocation)
}

async function untilDue(waitMs: number, signal: AbortSignal): Promise<void> {
  // Stopped while it waits: the next run ends at once and says so.
  if (waitMs > 0) await setTimeout(waitMs, undefined, { signal }).catch(() => undefined)
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
