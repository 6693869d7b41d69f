// Simulates the verdict over five synthetic endpoints and prints how often it is wrong, what it
// finds, and what that costs, beside the rules that other gates use on the same draws. The judging
// is done by the real stages. The same seed gives the same tables.
//
// Before that it judges recorded runs of real endpoints in their order: those the project carries, or
// with --data all of a folder (and nothing else); --json writes their counts.
//
//   node scripts/bench-verdict.ts [--replications 2000] [--seed 0] [--data DIR] [--json FILE]
//                                 [--only replay|five|pairs|default|confirm|errors|resolution|held|worlds|timings]

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { printErrors } from './bench-verdict/errors-tables.ts'
import {
  printConfirmation,
  printDefaultGate,
  printPairTables,
} from './bench-verdict/gate-tables.ts'
import { printHeld } from './bench-verdict/held-tables.ts'
import type { HistoryCell, HistoryResult } from './bench-verdict/history-cell.ts'
import { runCells } from './bench-verdict/pool.ts'
import { CARRIED, replay } from './bench-verdict/replay.ts'
import { printResolution } from './bench-verdict/resolution-tables.ts'
import { type Effect, SCENARIOS } from './bench-verdict/scenarios.ts'
import { printFalseFails, printPower, printWrongPasses } from './bench-verdict/tables.ts'
import { printTimings } from './bench-verdict/timings.ts'
import { printWorlds } from './bench-verdict/world-tables.ts'

const { values } = parseArgs({
  options: {
    replications: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '0' },
    data: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
  },
})
const replications = Number(values.replications)
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new RangeError(`--seed ${values.seed} is not a whole number`)
if (!Number.isInteger(replications) || replications < 1) {
  throw new RangeError(`--replications ${values.replications} is not a number of at least 1`)
}

const ALL = ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate', 'cost_per_answer']
const EFFECTS: readonly Effect[] = [
  { name: 'unchanged' },
  { name: '+20 %', latency: 1.2 },
  { name: '+30 %', latency: 1.3 },
  { name: '+50 %', latency: 1.5 },
  { name: '+2 points', errors: 0.02 },
  { name: 'cost +10 %', cost: 1.1 },
]

function historyCell(change: Partial<HistoryCell>): HistoryCell {
  const cell = {
    kind: 'history' as const,
    scenario: 'C-typical',
    requests: 100,
    runs: 10,
    metrics: ALL,
    effects: EFFECTS,
    rivals: false,
    replications,
    ...change,
  }
  return { ...cell, seed: seed + 100_000 * cell.runs + cell.requests }
}

const gates = SCENARIOS.flatMap(({ name: scenario }) => [
  ...[100, 200, 400].flatMap((requests) =>
    [1, 3, 10].map((runs) => historyCell({ scenario, requests, runs, rivals: true })),
  ),
  historyCell({ scenario, requests: 200, runs: 20, rivals: true }),
])
const power = [
  historyCell({ metrics: ['ttft_p50'] }),
  historyCell({ metrics: ['ttft_p95'], requests: 200 }),
  historyCell({}),
  historyCell({ requests: 200 }),
]
const draw = { replications: Math.ceil(replications / 4), seed }

async function printFive(): Promise<void> {
  const judged = await runCells([...gates, ...power])
  const histories = judged.filter((result): result is HistoryResult => 'gates' in result)
  printFalseFails(histories.slice(0, gates.length))
  printWrongPasses(histories.slice(0, gates.length))
  printPower(histories.slice(gates.length))
}

const TABLES: Readonly<Record<string, () => Promise<void> | void>> = {
  replay: () => replay(values.data ?? CARRIED, values.json),
  five: printFive,
  pairs: () => printPairTables(draw),
  default: () => printDefaultGate({ replications: Math.ceil(replications / 10), seed }),
  confirm: () => printConfirmation(draw),
  errors: () => printErrors(draw),
  resolution: () => printResolution(draw),
  held: () => printHeld({ replications: Math.ceil(replications / 20), seed }),
  worlds: () => printWorlds(draw.replications, seed),
  timings: printTimings,
}

const only = values.data === undefined ? values.only : 'replay'
const chosen = Object.entries(TABLES).filter(([name]) => only === undefined || name === only)
if (chosen.length === 0) {
  throw new RangeError(`--only ${only} is not one of ${Object.keys(TABLES).join(', ')}`)
}
const started = performance.now()
console.log(`${replications} replications a cell, seed ${seed}, ${availableParallelism()} cores\n`)
try {
  for (const [, print] of chosen) await print()
} catch (error) {
  // What is wrong with the data is the reader's to repair; a fault of ours keeps its trace.
  if (!(error instanceof RangeError)) throw error
  console.error(error.message)
  process.exit(2)
}
console.log(`\nfinished in ${((performance.now() - started) / 1000).toFixed(0)} s`)
