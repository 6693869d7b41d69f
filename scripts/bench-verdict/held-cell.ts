// A base branch recorded day after day by the project's own recording, which keeps failed runs apart,
// and a pull request that changes nothing (or adds something) judged beside it: what holding runs back
// does to the next verdict, and what happens when the provider becomes slower for good.

import { parseConfig } from '../../src/config/config.ts'
import { recordGate, runGate } from '../../src/gate/gate.ts'
import type { GateRequest, Ports } from '../../src/model/ports.ts'
import { type MemoryEndpoint, memoryEndpoint } from './memory-endpoint.ts'
import { type Draws, drawState, drawsOf, type Effect, type Scenario } from './scenarios.ts'
import { steadyScenario } from './setting.ts'

/** Nothing held back, held runs left out of what is compared with, held runs counted (the default). */
export const HOLDING = ['none', 'apart', 'counted'] as const

export type HeldCell = {
  readonly kind: 'held'
  /** Standard deviation between runs, log scale. */
  readonly tau: number
  /** Runs recorded before the provider changes, and its factor from then on: 1 = it does not. */
  readonly before: number
  readonly factor: number
  /** Runs recorded since, at which a pull request is judged; ascending. */
  readonly after: readonly number[]
  /** What the pull request adds, one judgement each. */
  readonly adds: readonly number[]
  readonly replications: number
  readonly seed: number
}

/** Pull requests that failed, by moment, by what they add, by HOLDING; runs held back until then. */
export type HeldResult = {
  readonly heldCell: HeldCell
  readonly failed: readonly (readonly (readonly number[])[])[]
  readonly held: readonly number[]
}

export async function runHeldCell(cell: HeldCell): Promise<HeldResult> {
  const draws = drawsOf(cell.seed)
  const failed = cell.after.map(() => cell.adds.map(() => HOLDING.map(() => 0)))
  const held = cell.after.map(() => 0)
  const request = requestOf()
  const scenario = steadyScenario({ tau: cell.tau, errors: 0.005 })
  for (let repeat = 0; repeat < cell.replications; repeat += 1) {
    const world = memoryEndpoint(scenario, draws)
    for (let run = 0; run < cell.before; run += 1) await record(world, request, 1)
    let recorded = 0
    for (const [moment, runs] of cell.after.entries()) {
      for (; recorded < runs; recorded += 1) await record(world, request, cell.factor)
      held[moment] = (held[moment] ?? 0) + heldOf(world)
      const counts = failed[moment] ?? []
      await judge(world, request, { scenario, draws, cell, counts })
    }
  }
  return { heldCell: cell, failed, held }
}

function requestOf(): GateRequest {
  const text = `gates:
  chat:
    endpoint: {url: "https://candidate.example/v1", model: m}
    workload: {prompts: [{name: a, prompt: a}], requests: 100}
`
  const parsed = parseConfig({ file: 'gate.yml', text, files: new Map(), env: {} })
  if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues))
  const { gates, baseline, budget } = parsed.config
  const [gate] = gates
  if (gate === undefined) throw new TypeError('the config has no gate')
  return { gate, baseline, context: {}, provenance: {}, allowance: budget }
}

async function record(world: MemoryEndpoint, request: GateRequest, factor: number): Promise<void> {
  world.nextDay({ effect: slower(factor) })
  const { addition } = await recordGate(request, { ports: world.ports, opening: undefined })
  world.stored.push(...(addition?.runs ?? []))
}

function heldOf({ stored }: MemoryEndpoint): number {
  return stored.filter(({ standing }) => standing === 'held').length
}

/** The same day and the same level for every way of holding: they differ in what they compare with. */
async function judge(world: MemoryEndpoint, request: GateRequest, on: Judging): Promise<void> {
  const { scenario, draws, cell, counts } = on
  world.nextDay({ effect: slower(cell.factor) })
  for (const [index, add] of cell.adds.entries()) {
    const state = drawState(scenario, draws)
    for (const [way, holding] of HOLDING.entries()) {
      world.sameDay({ effect: slower(cell.factor * add), state })
      const by = holding === 'apart' ? { ...request, baseRegressed: 'fail' as const } : request
      const { result } = await runGate(by, holding === 'none' ? allAccepted(world) : world.ports)
      const row = counts[index]
      if (row !== undefined && result.verdict === 'failed') row[way] = (row[way] ?? 0) + 1
    }
  }
}

type Judging = {
  readonly scenario: Scenario
  readonly draws: Draws
  readonly cell: HeldCell
  /** Fails by what the pull request adds and by HOLDING. */
  readonly counts: number[][]
}

function allAccepted({ ports, stored }: MemoryEndpoint): Ports {
  return {
    ...ports,
    store: {
      ...ports.store,
      read: async (gate) => ({
        ...(await ports.store.read(gate)),
        runs: stored.map(({ run }) => ({ run, standing: 'accepted' as const })),
      }),
    },
  }
}

function slower(latency: number): Effect {
  return { name: 'slower', latency }
}
