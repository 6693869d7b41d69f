// The table of what is found of more errors, and of what could be found at most.

import type { ErrorsCell, ErrorsResult } from './errors-cell.ts'
import { runCells } from './pool.ts'

const RUNS = [3, 5, 10, 20]

export async function printErrors(draw: {
  readonly replications: number
  readonly seed: number
}): Promise<void> {
  const worlds = [
    [0, 0],
    [0.001, 0],
    [0.005, 0],
    [0.005, 1],
    [0.02, 0],
    [0.02, 0.5],
    [0.02, 1],
  ] as const
  console.log(
    '### Three points more errors, 400 requests, default limits: error rate fails unchanged / +3 points; beside it a rule that knows how much the rate varies, %\n',
  )
  row(['errors', 'vary by', ...RUNS.map((runs) => `${runs} runs`), 'knows rate and spread'])
  row(['---:', '---:', ...RUNS.map(() => '---:'), '---:'])
  for (const [errors, errorCv] of worlds) {
    const cells = RUNS.map((runs) => ({
      kind: 'errors' as const,
      world: { tau: 0.06, errors, errorCv },
      requests: 400,
      runs,
      more: 0.03,
      replications: draw.replications,
      seed: draw.seed + 31 * runs,
    }))
    const results = await errorsOf(cells)
    const [unchanged = 0, worse = 0] = results[0]?.knowsBoth ?? []
    row([
      `${Number((100 * errors).toFixed(1))} %`,
      `${100 * errorCv} %`,
      ...results.map(
        (result) => `${both(result, result.gate)} (${both(result, result.knowsSpread)})`,
      ),
      `${(100 * unchanged).toFixed(1)} / ${(100 * worse).toFixed(0)}`,
    ])
  }
  console.log('')
}

async function errorsOf(cells: readonly ErrorsCell[]): Promise<readonly ErrorsResult[]> {
  const results = await runCells(cells)
  return results.flatMap((result) => ('errorsCell' in result ? [result] : []))
}

function both({ errorsCell }: ErrorsResult, [unchanged, worse]: ErrorsResult['gate']): string {
  const share = (count: number) => (100 * count) / errorsCell.replications
  return `${share(unchanged).toFixed(1)} / ${share(worse).toFixed(0)}`
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
