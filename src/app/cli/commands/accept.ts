// `inference-gate accept`: takes the newest run that was kept apart as the new baseline of a gate, or takes
// such an act back.

import { newerThan, openEpoch, undoEpoch } from '../../../baseline/baseline.ts'
import type { BaselineSettings } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { StoreContents, StoredRun } from '../../../model/history.ts'
import type { Addition, BaselineStore } from '../../../model/store.ts'
import { visible } from '../../../report/report.ts'
import { newRunId, nowIso } from '../../run-identity.ts'
import type { Arguments, Command, Invocation } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, GATE_OPTION, STORE_OPTIONS } from '../run-options.ts'
import { withStoreOf } from '../store-of-options.ts'

export const accept: Command = {
  name: 'accept',
  summary: 'Open a new baseline epoch: what was kept apart becomes the baseline.',
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    { name: 'reason', value: 'TEXT', help: 'why (required; it is stored)' },
    { name: 'by', value: 'NAME', help: 'who (default: the user of this machine)' },
    { name: 'base-branch', value: 'NAME', help: 'only the baseline of this branch (default: all)' },
    { name: 'run', value: 'ID', help: 'this run in place of the newest one kept apart' },
    { name: 'undo', help: 'take the newest acceptance back: its run is kept apart again' },
  ],
  run: async (args, invocation) => {
    const config = await configOf(args, invocation)
    const gates = gatesOf(args, config)
    const reason = args.text('reason') ?? (args.given('undo') ? 'accepted by mistake' : undefined)
    if (reason === undefined || reason.trim() === '') {
      throw new GateError(
        'usage',
        'inference-gate accept needs --reason',
        'Say why the change is right, as --reason "larger model, agreed".',
      )
    }
    return await withStoreOf(args, invocation, {
      config,
      act: (store) =>
        acceptAll(gates, reason, { args, invocation, store, settings: config.baseline }),
    })
  },
}

type Accepting = {
  readonly args: Arguments
  readonly invocation: Invocation
  readonly store: BaselineStore
  readonly settings: BaselineSettings
}

async function acceptAll(
  gates: readonly string[],
  reason: string,
  accepting: Accepting,
): Promise<number> {
  const { args, invocation, store, settings } = accepting
  const isUndo = args.given('undo')
  const begun: Begun[] = []
  for (const gate of gates) {
    const act = { ...accepting, gate, reason, contents: await store.read(gate) }
    begun.push(...(isUndo ? undoing(act) : opening(act)))
  }
  if (begun.length === 0) {
    const why = isUndo ? 'undo' : 'accept'
    const what = isUndo ? 'has no accepted epoch' : 'keeps no run apart'
    invocation.out(`nothing to ${why}: ${store.place} ${what}\n`)
    return EXIT.passed
  }
  const additions = begun.map(({ addition }) => addition)
  const appended = await store.append(additions, { ...settings, nowIso: nowIso() })
  if (!appended.stored) {
    throw new GateError('baseline', appended.problem, 'Nothing was changed; try again.')
  }
  for (const { words } of begun) invocation.out(`${words}\n`)
  return EXIT.passed
}

/** What the store has to add for one gate, and what is said once it has. */
type Begun = { readonly addition: Addition; readonly words: string }

function gatesOf(args: Arguments, config: Parameters<typeof chosenGate>[1]): readonly string[] {
  const only = chosenGate(args, config)
  return only === undefined ? config.gates.map(({ name }) => name) : [only]
}

type Act = Accepting & {
  readonly gate: string
  readonly reason: string
  readonly contents: StoreContents
}

/**
 * Without a run kept apart there is nothing to accept: a new epoch would only empty a healthy
 * baseline. Naming the gate asks for that all the same.
 */
function opening(act: Act): readonly Begun[] {
  const { args, gate, reason, contents } = act
  const runId = args.text('run')
  const { epoch, promoted } = openEpoch(contents, {
    gate,
    reason,
    by: byOf(act),
    how: 'command',
    nowIso: nowIso(),
    id: newRunId(),
    runId,
    branch: args.text('base-branch'),
  })
  if (runId !== undefined && promoted === undefined) {
    throw new GateError(
      'usage',
      `${contents.place} has no run ${runId} of the gate ${gate}`,
      'inference-gate history lists the runs.',
    )
  }
  if (promoted === undefined && !args.given('gate')) return []
  if (promoted !== undefined && runId === undefined) refuseStale(promoted, act)
  const words =
    promoted === undefined
      ? `${gate}: a new baseline epoch begins with the next recorded run`
      : `${gate}: a new baseline epoch begins with run ${described(promoted)}\n  inference-gate accept --undo takes this back`
  return [
    { words, addition: { gate, runs: promoted === undefined ? [] : [promoted], epochs: [epoch] } },
  ]
}

/** Where the base branch has gone on without it, a held run is no longer the level that is meant. */
function refuseStale(held: StoredRun, { gate, contents }: Act): void {
  const newer = newerThan(contents, held).length
  if (newer === 0) return
  throw new GateError(
    'usage',
    `${gate}: the newest run kept apart is ${described(held)}, and ${newer === 1 ? 'a newer run was' : `${newer} newer runs were`} accepted since: it is stale`,
    `To accept it all the same, name it: --run ${held.run.id}`,
  )
}

function undoing(act: Act): readonly Begun[] {
  const { args, gate, reason, contents } = act
  const branch = args.text('base-branch')
  const newest = contents.epochs.findLast(
    (epoch) => branch === undefined || epoch.branch === branch,
  )
  if (newest === undefined) return []
  const promoted = contents.runs.find(({ run }) => run.id === newest.acceptedRunId)
  const apart = promoted === undefined ? '' : `; run ${described(promoted)} is kept apart again`
  const addition: Addition = {
    gate,
    runs: promoted === undefined ? [] : [{ run: promoted.run, standing: 'held' }],
    epochs: [undoEpoch(newest, { id: newRunId(), by: byOf(act), reason, openedAt: nowIso() })],
  }
  const words = `${gate}: the epoch that ${visible(newest.by)} opened on ${newest.openedAt.slice(0, 10)} (${visible(newest.reason)}) is taken back${apart}`
  return [{ addition, words }]
}

function byOf({ args, invocation }: Act): string {
  return args.text('by') ?? invocation.env.USER ?? invocation.env.USERNAME ?? 'unknown'
}

/** `20261124T030000Z-00000001 of 2026-11-24 03:00 (a1b2c3d, main)`. */
function described({ run }: StoredRun): string {
  const { commit, branch } = run.provenance
  const where = [commit?.slice(0, 7), branch].filter((part) => part !== undefined).join(', ')
  return visible(
    `${run.id} of ${run.startedAt.slice(0, 16).replace('T', ' ')}${where === '' ? '' : ` (${where})`}`,
  )
}
