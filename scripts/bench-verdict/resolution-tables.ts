// The table of passes of what was worse by exactly what a pass had ruled out.

import { runCells } from './pool.ts'
import {
  type ResolutionCell,
  type ResolutionResult,
  STATING,
  type Stated,
} from './resolution-cell.ts'

const RUNS = [3, 5, 10, 20]
const WORLDS: readonly ResolutionCell['world'][] = [
  { tau: 0.03, errors: 0.005 },
  { tau: 0.06, errors: 0.005, errorCv: 1 },
  { tau: 0.1, errors: 0.02 },
  'wandering',
  'tail wanders',
  'hanging runs',
  'dedicated, 2 %',
]

export async function printResolution(draw: {
  readonly replications: number
  readonly seed: number
}): Promise<void> {
  console.log(
    '### Worse by exactly what a pass had ruled out, 200 requests, default limits: passes, % (mean of what was ruled out)\n',
  )
  row(['world', 'metric', ...RUNS.map((runs) => `${runs} runs`)])
  row(['---', '---', ...RUNS.map(() => '---:')])
  for (const world of WORLDS) {
    const cells = RUNS.map((runs) => ({
      kind: 'resolution' as const,
      world,
      requests: 200,
      runs,
      replications: draw.replications,
      seed: draw.seed + 17 * runs,
    }))
    const results = await resolutionsOf(cells)
    for (const [index, metric] of STATING.entries()) {
      row([nameOf(world), metric, ...results.map(({ metrics }) => shown(metrics[index], metric))])
    }
  }
  console.log('')
}

async function resolutionsOf(
  cells: readonly ResolutionCell[],
): Promise<readonly ResolutionResult[]> {
  const results = await runCells(cells)
  return results.flatMap((result) => ('resolutionCell' in result ? [result] : []))
}

function nameOf(world: ResolutionCell['world']): string {
  if (typeof world === 'string') return world
  const { tau, errors, errorCv = 0 } = world
  const varying = errorCv === 0 ? '' : `, varying by ${100 * errorCv} %`
  return `runs ${Math.round(100 * tau)} % apart, ${100 * errors} % errors${varying}`
}

function shown(count: Stated | undefined, metric: string): string {
  if (count === undefined || count.stated === 0) return 'none passes'
  const { stated, sum, passed } = count
  const mean = (100 * sum) / stated
  const ruledOut = metric === 'error_rate' ? `${mean.toFixed(1)} points` : `+${mean.toFixed(0)} %`
  return `${((100 * passed) / stated).toFixed(1)} (${ruledOut})`
}

function row(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`)
}
