// `inference-gate run --compare-endpoints`: every gate of a config is an endpoint to choose from.

import { measureInTurns } from '../../gate/gate.ts'
import { summarize } from '../../judge/judge.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT } from '../../model/exit-codes.ts'
import { invalidityWords } from '../../report/report.ts'
import { keepRuns } from '../report-folder.ts'
import { gateRequests } from '../run-gates.ts'
import { NO_STORE } from '../stores.ts'
import type { Arguments, Invocation } from './command.ts'
import { chosenGate, configOf } from './run-options.ts'
import { FEWEST_ROWS, showSideBySide } from './side-by-side.ts'
import { portsOfTerminal, provenanceHere, reportFolderOf } from './terminal.ts'

/** Exits with 0, or 3 where an endpoint could not be measured: the table then warns of it. */
export async function compareEndpoints(args: Arguments, invocation: Invocation): Promise<number> {
  const config = await configOf(args, invocation)
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance: provenanceHere(invocation),
  })
  if (requests.length < FEWEST_ROWS) {
    throw new GateError(
      'usage',
      `--compare-endpoints has ${requests.length} gate; it needs ${FEWEST_ROWS} or more`,
      'Give the config a gate for each endpoint, with the same workload, and leave --gate out.',
    )
  }
  const keep = await keepRuns(reportFolderOf(args, invocation))
  const shards = await measureInTurns(
    requests,
    portsOfTerminal({ args, invocation, store: NO_STORE, policy: config.policy }),
  )
  for (const shard of shards) {
    await keep(shard)
    for (const invalidity of shard.invalidities) {
      const { fact, remedy } = invalidityWords(invalidity, 'command-line')
      invocation.err(`warning: ${shard.gate}: ${fact} ${remedy}\n`)
    }
  }
  const rows = shards.flatMap(({ gate, runs: [run] }) =>
    run === undefined ? [] : [{ name: gate, summary: summarize(run, []) }],
  )
  if (rows.length > 0) await showSideBySide({ rows, measured: 'in-turns' }, args, invocation)
  const isSound = shards.every(({ invalidities }) => invalidities.length === 0)
  return isSound ? EXIT.passed : EXIT.couldNotMeasure
}
