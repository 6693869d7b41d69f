// `inference-gate compare`: judges saved runs by other saved runs, or puts them side by side, without a
// network.

import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { compareRuns } from '../../compare-runs.ts'
import { runFiles } from '../../report-folder.ts'
import { readRuns } from '../../saved-runs.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import { CONFIG_OPTION, configOf, REPORT_OPTIONS } from '../run-options.ts'
import { FEWEST_ROWS, namedApart, showSideBySide } from '../side-by-side.ts'
import { showReport } from '../terminal.ts'

export const compare: Command = {
  name: 'compare',
  summary: 'Judge saved runs against other saved runs; nothing is sent.',
  operands: 'RUN.json…',
  options: [
    {
      name: 'with',
      value: 'RUN.json…',
      several: true,
      help: 'the runs to compare with (required)',
    },
    { name: 'table', help: 'put the runs beside each other instead, to choose an endpoint' },
    { ...CONFIG_OPTION, help: 'limits and policy (default: the documented default limits)' },
    ...REPORT_OPTIONS,
  ],
  notes: `Run files are runs/<gate>.json of report folders. Several files of one gate before --with are
taken for shards of one run; after it each is a run of the history. With --table every file is a row,
nothing is judged, and side-by-side.html is written into the report folder.`,
  run: (args, invocation) =>
    args.given('table') ? putSideBySide(args, invocation) : compareSaved(args, invocation),
}

async function putSideBySide(args: Arguments, invocation: Invocation): Promise<number> {
  const paths = [...args.operands, ...args.texts('with')]
  const runs = await readRuns(paths, invocation.folder)
  if (runs.length < FEWEST_ROWS) {
    throw new GateError(
      'usage',
      `inference-gate compare --table has ${runs.length} run; it needs ${FEWEST_ROWS} or more`,
      'As in: inference-gate compare --table a/runs/chat.json b/runs/chat.json',
    )
  }
  await showSideBySide({ rows: namedApart(runs), measured: 'apart' }, args, invocation)
  return EXIT.passed
}

async function compareSaved(args: Arguments, invocation: Invocation): Promise<number> {
  if (args.operands.length === 0 || !args.given('with')) {
    throw new GateError(
      'usage',
      'inference-gate compare needs run files on both sides of --with',
      'As in: inference-gate compare new/runs/chat.json --with old1.json old2.json',
    )
  }
  const config = args.given('config') ? await configOf(args, invocation) : undefined
  const candidates = await readRuns(args.operands, invocation.folder)
  const others = await readRuns(args.texts('with'), invocation.folder)
  const { jobResult, gateRuns, exitCode } = compareRuns({ candidates, others, config })
  await showReport(args, invocation, { jobResult, runs: runFiles(gateRuns) })
  return exitCode
}
