// `inference-gate calibrate`: measure an endpoint against itself a few times, say what the gate could see
// of it, and choose requests and limits that suit.

import { resolve } from 'node:path'
import { writeCalibrated } from '../../../config/config.ts'
import { writeText } from '../../../disk/disk.ts'
import { type Calibrated, calibrateGate, FEWEST_APART } from '../../../gate/gate.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { GateRequest, Ports } from '../../../model/ports.ts'
import type { Run } from '../../../model/run.ts'
import { calibrationText, invalidityWords } from '../../../report/report.ts'
import { filesOf, readConfig } from '../../config-source.ts'
import { recordGates, standingLines } from '../../record-gates.ts'
import { keepRuns } from '../../report-folder.ts'
import { gateRequests, runAll } from '../../run-gates.ts'
import { nowIso } from '../../run-identity.ts'
import { type Arguments, type Command, type Invocation, wholeNumber } from '../command.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configFileOf,
  configHere,
  configOf,
  durationOf,
  GATE_OPTION,
  STORE_OPTIONS,
  URL_OPTIONS,
} from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'
import { portsOfTerminal, provenanceHere, reportFolderOf, screenOf } from '../terminal.ts'

const DEFAULT_TIMES = 3

export const calibrate: Command = {
  name: 'calibrate',
  summary: 'Measure an endpoint against itself; choose requests and limits for it.',
  options: [
    CONFIG_OPTION,
    GATE_OPTION,
    ...STORE_OPTIONS,
    ...URL_OPTIONS,
    { name: 'times', value: 'N', help: `measure N runs (default ${DEFAULT_TIMES})` },
    { name: 'every', value: 'DURATION', help: 'begin a run this often, as 10m (default: at once)' },
    { name: 'record', help: 'add the runs to the baseline as well' },
    { name: 'write', help: 'put what is chosen into the config, with comments' },
    { name: 'report-dir', value: 'DIR', help: 'the folder the runs are kept in' },
  ],
  notes: `Prints how far the runs lie apart, what kind of endpoint that is like, what each number of requests
would find and take, and the limits it would choose. Recorded runs count beside the new ones; a
second arm of the config is measured in pairs. The budget of the config holds for all of it.`,
  run: calibrateFrom,
}

async function calibrateFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const times = wholeNumber(args, 'times') ?? DEFAULT_TIMES
  if (times < FEWEST_APART) {
    const why = `--times is ${times}; how far runs lie apart shows from ${FEWEST_APART} on`
    throw new GateError('usage', why, 'Correct the option.')
  }
  const everyMs = durationOf(args, 'every') ?? 0
  const config = await configOf(args, invocation)
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) }
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance,
  })
  const keep = await keepRuns(reportFolderOf(args, invocation))
  const gates = await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      const ports = portsOfTerminal({ args, invocation, store, policy: config.policy })
      const measured = await runAll(
        requests,
        async (request) => {
          const calibrated = await calibrateGate(request, ports, {
            times,
            everyMs,
            onRun: (run) => keep(keptRun(request, run)),
          })
          show(request, calibrated, invocation)
          return { ...asShard(request, calibrated), request, calibrated }
        },
        async () => undefined,
      )
      if (args.given('record')) {
        for (const { request, calibrated } of measured) {
          for (const run of calibrated.runs) {
            const added = await record(request, run, { config, ports })
            for (const line of standingLines(added, store.place)) {
              screenOf(args, invocation).step(line)
            }
          }
        }
      }
      return measured
    },
  })
  if (args.given('write')) await write(args, invocation, gates)
  const isComplete = gates.every(({ calibrated }) => calibrated.calibration !== undefined)
  return isComplete ? EXIT.passed : EXIT.couldNotMeasure
}

function keptRun({ gate }: GateRequest, run: Run) {
  return { gate: gate.name, runs: [run], used: NOTHING, invalidities: run.invalidities }
}

const NOTHING = { requests: 0, costUsd: 0, durationMs: 0 }

function asShard({ gate }: GateRequest, { runs, used, ended }: Calibrated) {
  return { gate: gate.name, runs, used, invalidities: ended === undefined ? [] : [ended] }
}

function show({ gate }: GateRequest, calibrated: Calibrated, invocation: Invocation): void {
  const { calibration, ended, used, runs } = calibrated
  const look = { width: invocation.width }
  if (ended !== undefined) {
    const { fact, remedy } = invalidityWords(ended, 'command-line')
    invocation.err(`${gate.name}: it ended after ${runs.length} runs. ${fact} ${remedy}\n`)
  }
  if (calibration === undefined) {
    invocation.err(
      `${gate.name}: fewer than ${FEWEST_APART} runs are known, so nothing is chosen\n`,
    )
    return
  }
  const shown = { gate, calibration, spentUsd: used.costUsd, requests: used.requests }
  invocation.out(calibrationText(shown, look))
}

type RecordingOf = {
  readonly config: Parameters<typeof recordGates>[0]['config']
  readonly ports: Ports
}

/** One after the other: each is judged by those before it, as runs of different days are. */
function record(request: GateRequest, run: Run, { config, ports }: RecordingOf) {
  return recordGates({
    config,
    requests: [request],
    ports,
    opening: undefined,
    saved: new Map([[request.gate.name, run]]),
    keep: async () => undefined,
  })
}

type CalibratedGate = { readonly request: GateRequest; readonly calibrated: Calibrated }

/** The text is read as a config before it takes the file's place. */
async function write(
  args: Arguments,
  invocation: Invocation,
  gates: readonly CalibratedGate[],
): Promise<void> {
  const file = await configFileOf(args, invocation)
  const read = filesOf(invocation.folder)
  let text = (await read(file)) ?? ''
  for (const { request, calibrated } of gates) {
    const { calibration } = calibrated
    if (calibration === undefined) continue
    const { gate } = request
    const next = writeCalibrated(text, gate, { calibration, dayIso: nowIso() })
    if (next === undefined) {
      throw new GateError(
        'config',
        `${file}: gate ${gate.name} shares a block with others by an alias, which is not changed for one of them`,
        'Put what is chosen into the file by hand.',
      )
    }
    text = next
  }
  await readConfig({
    entrypoint: 'command-line',
    file,
    read: async (path) => (path === file ? text : read(path)),
    env: invocation.env,
    overrides: {},
    unsetEnv: 'blank',
  })
  await writeText(resolve(invocation.folder, file), text)
  invocation.out(`wrote ${file}\n`)
}
