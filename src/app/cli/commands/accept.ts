// `inference-gate accept`: takes the newest run that was kept apart as the new level of a gate.

import { openEpoch } from '../../../baseline/baseline.ts'
import type { BaselineSettings } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { Addition, BaselineStore } from '../../../model/store.ts'
import { newRunId, nowIso } from '../../run-identity.ts'
import type { Arguments, Command, World } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, STORE_OPTIONS } from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'

export const accept: Command = {
  name: 'accept',
  summary: 'Accept a new level: what was kept apart becomes the baseline.',
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    { name: 'reason', value: 'TEXT', help: 'why (required; it is stored)' },
    { name: 'by', value: 'NAME', help: 'who (default: the user of this machine)' },
    { name: 'base-branch', value: 'NAME', help: 'only the level of this branch (default: all)' },
    { name: 'run', value: 'ID', help: 'this run in place of the newest one kept apart' },
  ],
  run: async (args, world) => {
    const config = await configOf(args, world)
    const gates = gatesOf(args, config)
    const reason = args.text('reason')
    if (reason === undefined || reason.trim() === '') {
      throw new GateError(
        'usage',
        'inference-gate accept needs --reason',
        'Say why the new level is right, as --reason "larger model, agreed".',
      )
    }
    return await withStoreOf(args, world, {
      branch: config.baseline.branch,
      act: (store) => acceptAll(gates, reason, { args, world, store, settings: config.baseline }),
    })
  },
}

type Accepting = {
  readonly args: Arguments
  readonly world: World
  readonly store: BaselineStore
  readonly settings: BaselineSettings
}

async function acceptAll(
  gates: readonly string[],
  reason: string,
  accepting: Accepting,
): Promise<number> {
  const { world, store, settings } = accepting
  const additions: Addition[] = []
  for (const gate of gates) {
    const addition = await additionOf(gate, reason, accepting)
    if (addition !== undefined) additions.push(addition)
  }
  if (additions.length === 0) {
    world.out(`nothing to accept: ${store.place} keeps no run apart\n`)
    return EXIT.passed
  }
  const appended = await store.append(additions, { ...settings, nowIso: nowIso() })
  if (appended.stored) return EXIT.passed
  throw new GateError('baseline', appended.problem, 'Nothing was changed; try again.')
}

function gatesOf(args: Arguments, config: Parameters<typeof chosenGate>[1]): readonly string[] {
  const only = chosenGate(args, config)
  return only === undefined ? config.gates.map(({ name }) => name) : [only]
}

/**
 * Without a run kept apart there is nothing to accept: a new level would only empty a healthy
 * baseline. Naming the gate asks for that all the same.
 */
async function additionOf(
  gate: string,
  reason: string,
  { args, world, store }: Accepting,
): Promise<Addition | undefined> {
  const contents = await store.read(gate)
  const runId = args.text('run')
  const branch = args.text('base-branch')
  const { epoch, promoted } = openEpoch(contents, {
    gate,
    reason,
    by: args.text('by') ?? world.env.USER ?? world.env.USERNAME ?? 'unknown',
    how: 'command',
    nowIso: nowIso(),
    id: newRunId(),
    runId,
    branch,
  })
  if (runId !== undefined && promoted === undefined) {
    throw new GateError(
      'usage',
      `${contents.place} has no run ${runId} of the gate ${gate}`,
      'inference-gate history lists the runs.',
    )
  }
  if (promoted === undefined && !args.given('gate')) return undefined
  world.out(
    promoted === undefined
      ? `${gate}: a new level begins, with the next recorded run as its first\n`
      : `${gate}: a new level begins with run ${promoted.run.id}\n`,
  )
  return { gate, runs: promoted === undefined ? [] : [promoted], epochs: [epoch] }
}
