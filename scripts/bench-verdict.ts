// Simulates the verdict over five synthetic endpoints and prints how often it is wrong, what it
// finds, and what that costs, beside the rules that other gates use on the same draws. The judging
// is done by the real stages. The same seed gives the same tables.
//
// Before that it judges recorded runs of real endpoints in their order: those the project carries, or
// with --data all of a folder (and nothing else); --json writes their counts.
//
//   node scripts/bench-verdict.ts [--replications 2000] [--seed 0] [--data DIR] [--json FILE]

import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { HistoryCell, HistoryResult } from './bench-verdict/history-cell.ts'
import type { PairsCell, PairsResult } from './bench-verdict/pairs-cell.ts'
import { runCells } from './bench-verdict/pool.ts'
import { CARRIED, replay } from './bench-verdict/replay.ts'
import { type Effect, SCENARIOS } from './bench-verdict/scenarios.ts'
import {
  printFalseFails,
  printPairs,
  printPower,
  printWrongPasses,
} from './bench-verdict/tables.ts'
import { printTimings } from './bench-verdict/timings.ts'
import { printDefaultGate, printWorlds } from './bench-verdict/world-tables.ts'

const { values } = parseArgs({
  options: {
    replications: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '0' },
    data: { type: 'string' },
    json: { type: 'string' },
  },
})
const replications = Number(values.replications)
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new RangeError(`--seed ${values.seed} is not a whole number`)
if (!Number.isInteger(replications) || replications < 1) {
  throw new RangeError(`--replications ${values.replications} is not a number of at least 1`)
}

await replay(values.data ?? CARRIED, values.json)
if (values.data !== undefined) process.exit(0)

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

function pairsCell(effect: Effect, change: Partial<PairsCell>): PairsCell {
  const defaults = {
    scenario: 'C-typical',
    requests: 100,
    runs: 10,
    mostPairs: 100,
    reference: 'available' as const,
    metrics: ['ttft_p50'],
    deployment: 0.02,
    // These cells are close to their targets: twice the draws halve the doubt about them.
    replications: 2 * replications,
    seed: seed + 4242,
  }
  return { kind: 'pairs', effect, ...defaults, ...change }
}

const [UNCHANGED, PLUS_20, , PLUS_50] = EFFECTS
if (UNCHANGED === undefined || PLUS_20 === undefined || PLUS_50 === undefined) {
  throw new Error('the effects are gone')
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
const medians = [UNCHANGED, PLUS_20, PLUS_50].map((effect) => pairsCell(effect, {}))
const medianChecks = [
  pairsCell(UNCHANGED, { deployment: 0.035 }),
  pairsCell(UNCHANGED, { scenario: 'B-calm' }),
  pairsCell(UNCHANGED, { scenario: 'D-noisy' }),
  pairsCell(UNCHANGED, { metrics: ['ttft_p50', 'error_rate', 'cost_per_answer'] }),
]
const alone = [UNCHANGED, PLUS_20, PLUS_50].flatMap((effect) =>
  ['B-calm', 'C-typical'].map((scenario) =>
    pairsCell(effect, { scenario, reference: 'none', metrics: ['ttft_p50', 'ttft_p95'] }),
  ),
)
const probes = { requests: 200, mostPairs: 800, replications }
const tails = [UNCHANGED, PLUS_20, PLUS_50].flatMap((effect) => [
  pairsCell(effect, { ...probes, metrics: ['ttft_p95'], replications: 2 * replications }),
  pairsCell(effect, { ...probes, metrics: ['ttft_p99'] }),
  pairsCell(effect, { ...probes, metrics: ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate'] }),
])

const started = performance.now()
console.log(`${replications} replications a cell, seed ${seed}, ${availableParallelism()} cores\n`)
const judged = await runCells([...gates, ...power, ...medians, ...medianChecks, ...tails, ...alone])
const histories = judged.filter((result): result is HistoryResult => 'gates' in result)
const pairs = judged.filter((result): result is PairsResult => 'gate' in result)

printFalseFails(histories.slice(0, gates.length))
printWrongPasses(histories.slice(0, gates.length))
printPower(histories.slice(gates.length))
const shown = medians.length + medianChecks.length
printPairs('100 requests, then up to 100 pairs of answers or probes', pairs.slice(0, shown))
printPairs('200 requests, then up to 800 pairs of probes', pairs.slice(shown, shown + tails.length))
printPairs(
  'No reference arm: 100 requests, then up to 200 more where they can help',
  pairs.slice(shown + tails.length),
)
await printDefaultGate(Math.ceil(replications / 4), seed)
await printWorlds(Math.ceil(replications / 4), seed)
printTimings()
console.log(`\nfinished in ${((performance.now() - started) / 1000).toFixed(0)} s`)
