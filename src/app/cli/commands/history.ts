// `inference-gate history`: the stored runs of a gate, with their percentiles, levels and trend, in the
// terminal or as a page.

import { resolve } from 'node:path'
import { historyTable } from '../../../baseline/baseline.ts'
import { writeText } from '../../../disk/disk.ts'
import { summarize } from '../../../judge/judge.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { renderHistory } from '../../../report/report.ts'
import { type GateHistory, historyFiles, nameOf } from '../../history-files.ts'
import { nowIso } from '../../run-identity.ts'
import { readRuns } from '../../saved-runs.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import {
  CONFIG_OPTION,
  chosenGate,
  configHere,
  configOf,
  GATE_OPTION,
  STORE_OPTIONS,
} from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'

export const history: Command = {
  name: 'history',
  summary: 'Show the recorded runs of each gate.',
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    { name: 'html', value: 'FILE', help: 'write them as one page with charts, and print nothing' },
    {
      name: 'badge',
      value: 'FILE',
      help: 'write the JSON of a badge (shields.io) of the first gate',
    },
    {
      name: 'with',
      value: 'RUN.json…',
      several: true,
      help: 'runs of pull requests to draw beside the stored ones',
    },
    { name: 'title', value: 'TEXT', help: "the page's title (default: Inference history)" },
  ],
  notes: `The page needs no network and no other file. docs/baselines.md shows how a job publishes it.`,
  run: async (args, invocation) => {
    const gates = await gatesOf(args, invocation)
    for (const { contents } of gates) {
      for (const { path, problem } of contents.unreadable) {
        invocation.err(`warning: ${path} was left out: ${problem}\n`)
      }
    }
    const html = args.text('html')
    const badge = args.text('badge')
    if (html === undefined && badge === undefined) {
      for (const gate of gates) invocation.out(shown(gate, invocation))
      return EXIT.passed
    }
    const title = args.text('title') ?? 'Inference history'
    const files = historyFiles(gates, { title, madeAt: nowIso() })
    if (html !== undefined) await write(html, files.page, invocation)
    if (badge !== undefined) await write(badge, files.badge, invocation)
    return EXIT.passed
  },
}

async function gatesOf(args: Arguments, invocation: Invocation): Promise<readonly GateHistory[]> {
  const config = await configOf(args, invocation)
  const only = chosenGate(args, config)
  const changes = args.given('with') ? await readRuns(args.texts('with'), invocation.folder) : []
  const path = await configHere(args, invocation)
  const gates: GateHistory[] = []
  await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      for (const { name, limits } of config.gates) {
        if (only !== undefined && name !== only) continue
        gates.push({ name, config: path, limits, contents: await store.read(name), changes })
      }
    },
  })
  return gates
}

function shown(gate: GateHistory, invocation: Invocation): string {
  const { limits, contents } = gate
  const summaries = contents.runs.map(({ run }) => summarize(run, limits))
  const look = { width: invocation.width, color: invocation.terminal }
  return `${nameOf(gate)}, from ${contents.place}\n${renderHistory(historyTable(contents, summaries), look)}`
}

async function write(path: string, text: string, invocation: Invocation): Promise<void> {
  await writeText(resolve(invocation.folder, path), text)
  invocation.out(`wrote ${path}\n`)
}
