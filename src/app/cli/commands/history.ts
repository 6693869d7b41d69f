// `inference-gate history`: the stored runs of a gate, with their percentiles, levels and trend.

import { historyTable } from '../../../baseline/baseline.ts'
import { summarize } from '../../../judge/judge.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { renderHistory } from '../../../report/report.ts'
import type { Command } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, STORE_OPTIONS } from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'

export const history: Command = {
  name: 'history',
  summary: 'Show the recorded runs of each gate.',
  options: [CONFIG_OPTION, ...STORE_OPTIONS, GATE_OPTION],
  run: async (args, world) => {
    const config = await configOf(args, world)
    const only = chosenGate(args, config)
    await withStoreOf(args, world, {
      branch: config.baseline.branch,
      act: async (store) => {
        for (const { name, limits } of config.gates) {
          if (only !== undefined && name !== only) continue
          const contents = await store.read(name)
          for (const { path, problem } of contents.unreadable) {
            world.err(`warning: ${path} was left out: ${problem}\n`)
          }
          const summaries = contents.runs.map(({ run }) => summarize(run, limits))
          world.out(`${name}, from ${contents.place}\n`)
          const look = { width: world.width, color: world.terminal }
          world.out(renderHistory(historyTable(contents, summaries), look))
        }
      },
    })
    return EXIT.passed
  },
}
