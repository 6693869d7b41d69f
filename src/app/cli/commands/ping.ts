// `inference-gate ping`: one request, and everything that came of it: whether the config fits the endpoint,
// where the time went and what it cost, before a whole run is paid for.

import { measureShard } from '../../../gate/gate.ts'
import type { Gate } from '../../../model/config.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { Run } from '../../../model/run.ts'
import { invalidityWords, pingText } from '../../../report/report.ts'
import { gatePorts } from '../../ports.ts'
import { SILENT_PROGRESS } from '../../progress.ts'
import { gateRequests } from '../../run-gates.ts'
import { NO_STORE } from '../../stores.ts'
import type { Command } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, URL_OPTIONS } from '../run-options.ts'
import { keysOf } from '../terminal.ts'

export const ping: Command = {
  name: 'ping',
  summary: 'Send one request to each gate and say what came back.',
  options: [CONFIG_OPTION, GATE_OPTION, ...URL_OPTIONS],
  notes:
    'The first prompt of the workload is asked once, without a warm-up: the connection is in the times.',
  run: async (args, invocation) => {
    const config = await configOf(args, invocation)
    const only = chosenGate(args, config)
    const gates = config.gates.map((gate) => ({ ...gate, workload: onceOf(gate) }))
    const requests = gateRequests({
      // A ping says what there is now.
      config: { ...config, gates, confirmAfterMs: undefined },
      only,
    })
    const ports = gatePorts({
      store: NO_STORE,
      keys: keysOf(invocation),
      policy: config.policy,
      reach: { kind: 'anywhere' },
      env: invocation.env,
      signal: invocation.signal,
      screen: SILENT_PROGRESS,
    })
    let failed = 0
    for (const request of requests) {
      const { runs, invalidities } = await measureShard(request, ports)
      const [run] = runs
      const record = run?.records[0]
      invocation.out(
        `${request.gate.name}: ${request.gate.endpoint.model} at ${request.gate.endpoint.url}\n`,
      )
      if (run !== undefined && record !== undefined) invocation.out(pingText(record, costOf(run)))
      if (record?.outcome === 'completed') continue
      failed += 1
      for (const invalidity of invalidities) {
        invocation.out(`  ${invalidityWords(invalidity, 'command-line').remedy}\n`)
      }
    }
    return failed === 0 ? EXIT.passed : EXIT.couldNotMeasure
  },
}

function onceOf({ workload }: Gate): Gate['workload'] {
  const load = { kind: 'closed', concurrency: 1 } as const
  return { ...workload, requests: 1, probes: 0, warmup: 0, load }
}

function costOf({ costsUsd }: Run): number | undefined {
  return costsUsd[0]
}
