// A gate with the default limits in one of the awkward worlds, without a reference arm.

import { defaultLimits } from '../../src/config/config.ts'
import { compare } from '../../src/judge/compare/compare.ts'
import { decide } from '../../src/judge/decide/decide.ts'
import { drawsOf } from './scenarios.ts'
import { countGate, newTally, type Tally } from './setting.ts'
import { type Change, drawWorld, type Steady, steadyWorld, WORLDS, type World } from './worlds.ts'

export type WorldCell = {
  readonly kind: 'world'
  /** A name of WORLDS, or how far apart the runs of a steady endpoint lie and its error rate. */
  readonly world: string | Steady
  readonly requests: number
  readonly runs: number
  readonly changes: readonly (Change & { readonly name: string })[]
  readonly replications: number
  readonly seed: number
}

export type WorldResult = {
  readonly worldCell: WorldCell
  readonly tallies: readonly Tally[]
}

/** By its name, or a steady one. */
export function worldOf(world: WorldCell['world']): World {
  if (typeof world !== 'string') return steadyWorld('steady', world)
  const known = WORLDS.find(({ name }) => name === world)
  if (known === undefined) throw new TypeError(`no world ${world}`)
  return known
}

export const PRICES = { input: '$0.60/M', output: '$2.40/M' }

export function runWorld(cell: WorldCell): WorldResult {
  const { requests, runs } = cell
  const world = worldOf(cell.world)
  const draws = drawsOf(cell.seed)
  const limits = defaultLimits({ waits: 'ttft', samples: requests, prices: PRICES })
  const tallies = cell.changes.map(newTally)
  for (let repeat = 0; repeat < cell.replications; repeat += 1) {
    const { history, candidates } = drawWorld(world, { requests, runs }, draws, cell.changes)
    candidates.forEach((candidate, index) => {
      const decision = decide(compare({ candidate, history, anchor: [], limits, shown: [] }))
      countGate(tallies[index] ?? newTally(), decision)
    })
  }
  return { worldCell: cell, tallies }
}
