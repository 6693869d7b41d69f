// `inference-gate plan`: what a run would send, cost and take, and what it could see, before it is made.

import { historyOfGate, type Preview, previewGate } from '../../../gate/gate.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { planText } from '../../../report/report.ts'
import { gateRequests } from '../../run-gates.ts'
import { nowIso } from '../../run-identity.ts'
import type { Command } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, STORE_OPTIONS } from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'

export const plan: Command = {
  name: 'plan',
  summary: 'Show what a run would cost and what it could detect; nothing is sent.',
  options: [CONFIG_OPTION, ...STORE_OPTIONS, GATE_OPTION],
  run: async (args, invocation) => {
    const config = await configOf(args, invocation)
    const requests = gateRequests({ config, only: chosenGate(args, config) })
    const previews: Preview[] = []
    await withStoreOf(args, invocation, {
      config,
      act: async (store) => {
        for (const request of requests) {
          const history = await historyOfGate(request, { store, nowIso })
          const preview = previewGate(request, history)
          previews.push(preview)
          const shown = { gate: request.gate, runs: history.runs.length, ...preview }
          invocation.out(planText(shown, { width: invocation.width }))
        }
      },
    })
    const isForbidden = previews.some(({ forbidden }) => forbidden !== undefined)
    return isForbidden ? EXIT.badInput : EXIT.passed
  },
}
