// The table of the default limits in the awkward worlds, judged once by the history alone.

import { runCells } from './pool.ts'
import type { WorldCell, WorldResult } from './world-cell.ts'
import { WORLDS } from './worlds.ts'

const CHANGES: WorldCell['changes'] = [
  { name: 'unchanged' },
  { name: '+20 %', latency: 1.2 },
  { name: '+50 %', latency: 1.5 },
  { name: '+3 points', errors: 0.03 },
]

/** False fails in the awkward worlds at every number of runs, one included. */
export async function printWorlds(replications: number, seed: number): Promise<void> {
  const runs = [1, 3, 10, 20]
  const sizes = [100, 200, 400]
  const cells = WORLDS.flatMap(({ name }) =>
    sizes.flatMap((requests) =>
      runs.map((k) => cell({ world: name, requests, runs: k, replications, seed })),
    ),
  )
  console.log(
    '### Awkward worlds, default limits: unchanged fail / inconclusive / pass; found at +50 %, %\n',
  )
  console.log(`| world | requests |${runs.map((k) => ` ${k} runs |`).join('')}`)
  console.log(`|---|---:|${runs.map(() => '---:|').join('')}`)
  const results = await judged(cells)
  for (const { name } of WORLDS) {
    for (const requests of sizes) {
      const own = results.filter(({ worldCell }) => same(worldCell, { world: name, requests }))
      console.log(`| ${[name, String(requests), ...own.map(unchangedAndHalf)].join(' | ')} |`)
    }
  }
  console.log('')
}

type Size = Pick<WorldCell, 'world' | 'requests' | 'runs' | 'replications' | 'seed'>

function cell(size: Size): WorldCell {
  const { requests, runs, seed } = size
  return { kind: 'world', ...size, changes: CHANGES, seed: seed + 1000 * runs + requests }
}

function same(one: WorldCell, other: Pick<WorldCell, 'world' | 'requests'>): boolean {
  const key = (world: WorldCell['world']) => JSON.stringify(world)
  return one.requests === other.requests && key(one.world) === key(other.world)
}

async function judged(cells: readonly WorldCell[]): Promise<readonly WorldResult[]> {
  const results = await runCells(cells)
  return results.flatMap((result) => ('worldCell' in result ? [result] : []))
}

function unchangedAndHalf(result: WorldResult): string {
  return `${unchanged(result)}; ${fails(result, 2)}`
}

function unchanged({ worldCell, tallies }: WorldResult): string {
  const [tally] = tallies
  if (tally === undefined) return ''
  return [tally.fail, tally.open, tally.pass]
    .map((count) => ((100 * count) / worldCell.replications).toFixed(0))
    .join(' / ')
}

function fails({ worldCell, tallies }: WorldResult, change: number): string {
  return ((100 * (tallies[change]?.fail ?? 0)) / worldCell.replications).toFixed(0)
}
