// `inference-gate merge`: the shards of one load, measured by several jobs, as one run file a gate.

import { resolve } from 'node:path'
import { writeFolder } from '../../../disk/disk.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { runFile } from '../../report-folder.ts'
import { mergedByGate, readRuns } from '../../saved-runs.ts'
import type { Command } from '../command.ts'
import { DEFAULT_REPORT_DIR } from '../run-options.ts'

export const merge: Command = {
  name: 'merge',
  summary: 'Merge the run files of several shards.',
  operands: 'RUN.json…',
  options: [
    {
      name: 'report-dir',
      value: 'DIR',
      help: `where runs/<gate>.json is written (default ${DEFAULT_REPORT_DIR})`,
    },
  ],
  run: async (args, invocation) => {
    if (args.operands.length === 0) {
      throw new GateError('usage', 'inference-gate merge needs run files', 'Name them, or a glob.')
    }
    const runs = mergedByGate(await readRuns(args.operands, invocation.folder))
    const folder = resolve(invocation.folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR)
    for (const run of runs.values()) {
      await writeFolder(folder, runFile(run))
      invocation.out(`${run.gate}: ${run.records.length} requests\n`)
    }
    return EXIT.passed
  },
}
