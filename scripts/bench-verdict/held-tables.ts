// Tables of a base branch whose failed runs are kept apart: what that does to pull requests.

import { type HeldCell, type HeldResult, HOLDING } from './held-cell.ts'
import { runCells } from './pool.ts'

type Draw = { readonly replications: number; readonly seed: number }

const COLUMNS = {
  none: 'nothing held back',
  apart: 'held runs left out',
  counted: 'held runs counted (default)',
} as const
const ALIGNED = ['---:', '---:', '---:']

export async function printHeld(draw: Draw): Promise<void> {
  const settings = { kind: 'held' as const, before: 10, ...draw }
  const unchanged = [0.06, 0.15].map((tau) => ({
    ...settings,
    // Rare and quickly drawn.
    replications: 4 * draw.replications,
    tau,
    factor: 1,
    after: [0, 10, 20],
    adds: [1],
  }))
  const changed = [1.2, 1.3, 1.5].map((factor) => ({
    ...settings,
    tau: 0.06,
    factor,
    after: [0, 1, 2, 5, 10, 20, 40],
    adds: [1, 1.5],
  }))
  const results = await heldOf([...unchanged, ...changed])
  console.log(
    '### An unchanged pull request beside a base branch whose failed runs are kept apart: blocked, %\n',
  )
  row(['between runs', 'recorded', 'kept apart of them', ...HOLDING.map((way) => COLUMNS[way])])
  row(['---:', ...ALIGNED, ...ALIGNED.slice(1)])
  for (const result of results.filter(({ heldCell }) => heldCell.factor === 1)) {
    for (const [moment, runs] of result.heldCell.after.entries()) {
      row([
        `${Math.round(100 * result.heldCell.tau)} %`,
        String(result.heldCell.before + runs),
        ((result.held[moment] ?? 0) / result.heldCell.replications).toFixed(1),
        ...HOLDING.map((_, way) => blocked(result, { moment, add: 0, way })),
      ])
    }
  }
  console.log(
    '\n### The provider slower for good after ten recordings, runs 6 % apart: pull requests blocked, % (one that adds nothing; one that adds +50 %)\n',
  )
  row(['slower by', 'recorded since', ...HOLDING.map((way) => COLUMNS[way])])
  row(['---:', '---:', ...ALIGNED])
  for (const result of results.filter(({ heldCell }) => heldCell.factor > 1)) {
    for (const [moment, runs] of result.heldCell.after.entries()) {
      row([
        `${Math.round(100 * (result.heldCell.factor - 1))} %`,
        String(runs),
        ...HOLDING.map((_, way) =>
          [0, 1].map((add) => blocked(result, { moment, add, way })).join('; '),
        ),
      ])
    }
  }
  console.log('')
}

async function heldOf(cells: readonly HeldCell[]): Promise<readonly HeldResult[]> {
  const results = await runCells(cells)
  return results.flatMap((result) => ('heldCell' in result ? [result] : []))
}

function blocked(
  { heldCell, failed }: HeldResult,
  at: { readonly moment: number; readonly add: number; readonly way: number },
): string {
  const count = failed[at.moment]?.[at.add]?.[at.way] ?? 0
  return ((100 * count) / heldCell.replications).toFixed(0)
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
