// `inference-gate sweep`: the highest rate at which an endpoint meets the ceilings and keeps up.

import { join } from 'node:path'
import { parseRate } from '../../../config/config.ts'
import { writeFolder } from '../../../disk/disk.ts'
import { sweep as findRate, PRECISION } from '../../../gate/gate.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { GateRequest } from '../../../model/ports.ts'
import type { SweepLevel } from '../../../model/sweep.ts'
import { html, sweepReport, text } from '../../../report/report.ts'
import { encodeRun } from '../../../wire/files/files.ts'
import { gateRequests } from '../../run-gates.ts'
import { NO_STORE } from '../../stores.ts'
import { type Arguments, type Command, type Invocation, wholeNumber } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, URL_OPTIONS } from '../run-options.ts'
import { portsOfTerminal, provenanceHere, reportFolderOf } from '../terminal.ts'

const DEFAULT_FROM = '1/s'
const DEFAULT_TO = '256/s'
const DEFAULT_REQUESTS = 60
const FEWEST_REQUESTS = 20

export const sweep: Command = {
  name: 'sweep',
  summary: 'Find the highest rate at which an endpoint meets the ceilings.',
  options: [
    CONFIG_OPTION,
    GATE_OPTION,
    ...URL_OPTIONS.filter(({ name }) => name === 'endpoint-url'),
    { name: 'from', value: 'RATE', help: `the first rate to try (default ${DEFAULT_FROM})` },
    { name: 'to', value: 'RATE', help: `the highest rate to try (default ${DEFAULT_TO})` },
    { name: 'requests', value: 'N', help: `requests at each rate (default ${DEFAULT_REQUESTS})` },
    {
      name: 'report-dir',
      value: 'DIR',
      help: 'the folder for sweep.html and the runs (default inference-gate-report)',
    },
  ],
  notes: `The rate is doubled until a ceiling of the config is passed or a queue grows, then the bracket is
halved until its ends are ${Math.round(100 * (PRECISION - 1))} % apart. The budget of the config holds for all of it. Nothing is judged by
a baseline. Exits with 3 where no rate held or the endpoint could not be measured.`,
  run: sweepFrom,
}

async function sweepFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const config = await configOf(args, invocation)
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance: provenanceHere(invocation),
  })
  const request = theOnly(requests)
  const range = rangeOf(args)
  const folder = reportFolderOf(args, invocation)
  const ports = portsOfTerminal({ args, invocation, store: NO_STORE, policy: config.policy })
  const onLevel = (level: SweepLevel) => writeFolder(folder, levelFile(request.gate.name, level))
  const found = await findRate(request, { ...range, onLevel }, ports)
  const document = sweepReport(found)
  await writeFolder(folder, { 'sweep.html': html(document) })
  invocation.out(text(document, { color: invocation.terminal, width: invocation.width }))
  invocation.out(`\nreport: ${join(folder, 'sweep.html')}\n`)
  const isComplete = found.levels.at(-1)?.standing.kind !== 'void'
  return found.holds !== undefined && isComplete ? EXIT.passed : EXIT.couldNotMeasure
}

function theOnly(requests: readonly GateRequest[]): GateRequest {
  const [request, ...others] = requests
  if (request !== undefined && others.length === 0) return request
  const names = requests.map(({ gate }) => gate.name).join(', ')
  throw new GateError(
    'usage',
    `the config has ${requests.length} gates (${names}); a sweep is of one`,
    'Name it with --gate.',
  )
}

function rangeOf(args: Arguments) {
  const fromPerSecond = rateOf(args, 'from', DEFAULT_FROM)
  const toPerSecond = rateOf(args, 'to', DEFAULT_TO)
  if (toPerSecond < fromPerSecond) {
    throw new GateError(
      'usage',
      `--to is ${args.text('to') ?? DEFAULT_TO}, below --from, which is ${args.text('from') ?? DEFAULT_FROM}`,
      'Give a highest rate that is above the first.',
    )
  }
  const requests = wholeNumber(args, 'requests') ?? DEFAULT_REQUESTS
  if (requests < FEWEST_REQUESTS) {
    throw new GateError(
      'usage',
      `--requests is ${requests}; a rate needs ${FEWEST_REQUESTS} or more to show a queue`,
      'Correct the option.',
    )
  }
  return { fromPerSecond, toPerSecond, requests }
}

function rateOf(args: Arguments, name: string, otherwise: string): number {
  const written = args.text(name) ?? otherwise
  const perSecond = /^\d+(\.\d+)? ?\/ ?(s|min)$/.test(written) ? parseRate(written) : 0
  if (perSecond > 0) return perSecond
  throw new GateError(
    'usage',
    `--${name} is "${written}"; it takes a rate above 0, as 2/s or 30/min`,
    'Correct the option.',
  )
}

function levelFile(gate: string, { ratePerSecond, run }: SweepLevel): Record<string, string> {
  return run === undefined
    ? {}
    : { [`sweep/${gate}.${ratePerSecond}-per-second.json`]: encodeRun(run) }
}
