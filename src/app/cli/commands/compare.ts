// `inference-gate compare`: judges saved runs by other saved runs, without a network.

import { GateError } from '../../../model/errors.ts'
import { compareRuns } from '../../compare-runs.ts'
import { runFiles } from '../../report-folder.ts'
import { readRuns } from '../../saved-runs.ts'
import type { Arguments, Command, World } from '../command.ts'
import { CONFIG_OPTION, configOf, REPORT_OPTIONS } from '../run-options.ts'
import { showReport } from '../terminal.ts'

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
  const candidates = await readRuns(args.operands, world.folder)
  const others = await readRuns(args.texts('with'), world.folder)
  const { outcome, gateRuns, exitCode } = compareRuns({ candidates, others, config })
  await showReport(args, world, { outcome, runs: runFiles(gateRuns) })
  return exitCode
}
