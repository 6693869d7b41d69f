// Tables of gates that went the whole way of the pipeline: pairs, the default gate, second measurements.

import type { GateCell, GateCellResult, GateCount } from './gate-cell.ts'
import { runCells } from './pool.ts'
import type { Effect } from './scenarios.ts'
import type { Tally } from './setting.ts'

export type Draw = { readonly replications: number; readonly seed: number }

const UNCHANGED: Effect = { name: 'unchanged' }
const PLUS_20: Effect = { name: '+20 %', latency: 1.2 }
const PLUS_50: Effect = { name: '+50 %', latency: 1.5 }
const PLUS_3_POINTS: Effect = { name: '+3 points', errors: 0.03 }
const EFFECTS = [UNCHANGED, PLUS_20, PLUS_50]
const WARMUP = 4
/** Both arms of the pairs' two looks are warmed up. */
const PAIRS_WARMUP = 2 * 2 * WARMUP

type Design = Pick<GateCell, 'scenario' | 'metrics'> &
  Partial<Pick<GateCell, 'deployment' | 'effects' | 'reference'>> & {
    readonly requests: number
    readonly mostPairs: number
  }

function pairsCell(design: Design, { replications, seed }: Draw): GateCell {
  const { requests, mostPairs, ...rest } = design
  return {
    kind: 'gate',
    reference: 'available',
    effects: EFFECTS,
    deployment: 0.02,
    ...rest,
    workload: `requests: ${requests}`,
    mostRequests: requests + WARMUP + 2 * mostPairs + PAIRS_WARMUP,
    runs: 10,
    confirm: false,
    replications,
    seed: seed + 4242,
  }
}

export async function printPairTables(draw: Draw): Promise<void> {
  const alone = { requests: 100, mostPairs: 100, metrics: ['ttft_p50'] }
  const probes = { scenario: 'C-typical', requests: 200, mostPairs: 800 }
  const unchanged = [UNCHANGED]
  const groups: readonly (readonly [string, readonly Design[]])[] = [
    [
      '100 requests, then up to 100 pairs of answers or probes',
      [
        { ...alone, scenario: 'C-typical' },
        { ...alone, scenario: 'C-typical', deployment: 0.035, effects: unchanged },
        { ...alone, scenario: 'B-calm', effects: unchanged },
        { ...alone, scenario: 'D-noisy', effects: unchanged },
        {
          ...alone,
          scenario: 'C-typical',
          metrics: ['ttft_p50', 'error_rate', 'cost_per_answer'],
          effects: unchanged,
        },
      ],
    ],
    [
      '200 requests, then up to 800 pairs of probes',
      [['ttft_p95'], ['ttft_p99'], ['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate']].map(
        (metrics) => ({ ...probes, metrics }),
      ),
    ],
    [
      'No reference arm: 100 requests, then up to 200 more where they can help',
      ['B-calm', 'C-typical'].map((scenario) => ({
        scenario,
        requests: 100,
        mostPairs: 100,
        reference: 'none' as const,
        metrics: ['ttft_p50', 'ttft_p95'],
      })),
    ],
  ]
  for (const [title, designs] of groups) {
    const results = await gatesOf(designs.map((design) => pairsCell(design, draw)))
    console.log(`### ${title}; fail / inconclusive / pass, %\n`)
    row(['endpoint', 'change', 'limits', 'gate', 'each metric', 'requests', 'USD', 'seconds'])
    row(['---', '---:', '---:', '---:', '---:', '---:', '---:', '---:'])
    for (const { gateCell, counts } of results) {
      counts.forEach((count, index) => {
        row(pairsRow(gateCell, gateCell.effects[index] ?? UNCHANGED, count))
      })
    }
    console.log('')
  }
}

function pairsRow(cell: GateCell, effect: Effect, count: GateCount): readonly string[] {
  const { deployment, metrics = [] } = cell
  const apart = deployment === 0.02 ? '' : `, arms ${(100 * deployment).toFixed(1)} % apart`
  const each = metrics.map((id) => `${id} ${triple(count.metrics[id] ?? count.gate, cell)}`)
  return [
    `${cell.scenario}${apart}`,
    effect.name,
    metrics.join(', '),
    triple(count.gate, cell),
    metrics.length === 1 ? '' : each.join('; '),
    count.requests.toFixed(0),
    count.usd.toFixed(3),
    count.seconds.toFixed(0),
  ]
}

const RUNS = [3, 5, 10, 20]

/** The first config of a newcomer: an endpoint, a model and its prices. */
export async function printDefaultGate(draw: Draw): Promise<void> {
  const worlds = [0, 0.001, 0.005, 0.02].flatMap((errors) =>
    [0.03, 0.06, 0.1].map((tau) => ({ tau, errors })),
  )
  const ways = (['none', 'available'] as const).flatMap((reference) =>
    worlds.map((scenario) => ({ reference, scenario })),
  )
  console.log(
    '### The default gate, as it is run: unchanged fail / inconclusive / pass; found at +20 %, +50 %, +3 points of errors, %; what an unchanged one takes\n',
  )
  row(['errors', 'between runs', 'reference', ...RUNS.map((k) => `${k} runs`), ...TAKES])
  row(['---:', '---:', '---', ...RUNS.map(() => '---:'), ...TAKES.map(() => '---:')])
  for (const way of ways) {
    const cells = RUNS.map((runs) => ({
      kind: 'gate' as const,
      ...way,
      runs,
      effects: [UNCHANGED, PLUS_20, PLUS_50, PLUS_3_POINTS],
      deployment: 0.02,
      confirm: true,
      replications: draw.replications,
      seed: draw.seed + 1000 * runs,
    }))
    defaultRow(way, await gatesOf(cells))
  }
  console.log('')
}

function defaultRow(
  { reference, scenario }: Pick<GateCell, 'reference'> & { readonly scenario: Steady },
  results: readonly GateCellResult[],
): void {
  const mean = (read: (count: GateCount) => number) =>
    results.reduce((sum, { counts: [first] }) => sum + (first ? read(first) : 0), 0) /
    results.length
  row([
    percent(scenario.errors),
    percent(scenario.tau),
    reference === 'none' ? 'no' : 'yes',
    ...results.map(verdictAndFound),
    mean(({ requests }) => requests).toFixed(0),
    mean(({ usd }) => usd).toFixed(3),
    mean(({ seconds }) => seconds).toFixed(0),
  ])
}

type Steady = { readonly tau: number; readonly errors: number }

const TAKES = ['requests', 'USD', 'seconds']

function verdictAndFound({ gateCell, counts }: GateCellResult): string {
  const [first, ...changed] = counts
  if (first === undefined) return ''
  const found = changed.map(({ gate }) => whole(gate.fail, gateCell))
  const { fail, open, pass } = first.gate
  const verdict = [fail, open, pass].map((count) => whole(count, gateCell)).join(' / ')
  return [verdict, ...found].join('; ')
}

/** What a second measurement takes back, and what it costs. */
export async function printConfirmation(draw: Draw): Promise<void> {
  const cells = [0, 0.1].flatMap((hangs) =>
    [5, 20].flatMap((runs) =>
      [false, true].map((confirm) => ({
        kind: 'gate' as const,
        scenario: { tau: 0.06, errors: 0.005 },
        reference: 'none' as const,
        runs,
        effects: [UNCHANGED, PLUS_50],
        deployment: 0.02,
        hangs,
        confirm,
        replications: draw.replications,
        seed: draw.seed + 77 * runs,
      })),
    ),
  )
  console.log(
    '### A fail measured once more: default limits, runs 6 % apart, no reference arm, the provider half as slow again for the first minute or never\n',
  )
  row([
    'hanging minutes',
    'runs',
    'confirm',
    'unchanged: blocked, %',
    'first measurements that failed, %',
    '+50 % blocked, %',
    'requests, unchanged',
    'seconds',
    'requests, +50 %',
    'seconds',
  ])
  row(['---:', '---:', '---', ...Array.from({ length: 7 }, () => '---:')])
  for (const { gateCell, counts } of await gatesOf(cells)) {
    const [same, slower] = counts
    if (same === undefined || slower === undefined) continue
    row([
      percent(gateCell.hangs ?? 0),
      String(gateCell.runs),
      gateCell.confirm ? 'after 60 s' : 'none',
      tenth(same.gate.fail, gateCell),
      tenth(same.firstFails, gateCell),
      tenth(slower.gate.fail, gateCell),
      ...[same, slower].flatMap(({ requests, seconds }) => [
        requests.toFixed(0),
        seconds.toFixed(0),
      ]),
    ])
  }
  console.log('')
}

async function gatesOf(cells: readonly GateCell[]): Promise<readonly GateCellResult[]> {
  const results = await runCells(cells)
  return results.flatMap((result) => ('gateCell' in result ? [result] : []))
}

function triple({ fail, open, pass }: Tally, cell: GateCell): string {
  return [fail, open, pass].map((count) => tenth(count, cell)).join(' / ')
}

function tenth(count: number, { replications }: GateCell): string {
  return ((100 * count) / replications).toFixed(1)
}

function whole(count: number, { replications }: GateCell): string {
  return ((100 * count) / replications).toFixed(0)
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
