// What a pull request may decide for itself and what it may not. Limits, reference, budget, baseline
// and policy are the base branch's, so that nobody can loosen the gate that judges the change;
// endpoint, workload and prices are the head's, because they are what is judged.

import type { Config, Gate } from '../model/config.ts'
import type { MemberChange } from '../model/history.ts'
import { describeGate, describeSettings } from './describe-settings.ts'
import { type GatePair, pairGates } from './gate-pairs.ts'

export type TrustedConfig = {
  readonly config: Config
  /** `head` when the base branch has no configuration yet. */
  readonly limitsFrom: 'base' | 'head'
  /** What the head says otherwise, to apply after the merge; new and removed gates among it. */
  readonly proposedChanges: readonly MemberChange[]
}

/**
 * `base` is the base branch's file, read with the same `referenceUrl` but without `endpointUrl`, so
 * that its endpoint is its own. A gate that only the head has is judged by the limits it brings.
 */
export function combineTrusted(base: Config | undefined, head: Config): TrustedConfig {
  if (base === undefined) return { config: head, limitsFrom: 'head', proposedChanges: [] }
  const { budget, confirmAfterMs, baseline, policy } = base
  const gates = head.gates.map((gate) => trustedGate(gateNamed(base, gate.name), gate))
  return {
    config: { ...head, gates, budget, confirmAfterMs, baseline, policy },
    limitsFrom: 'base',
    proposedChanges: changesBetween(base, head),
  }
}

function trustedGate(base: Gate | undefined, head: Gate): Gate {
  if (base === undefined) return head
  const { limits, reference, affectedBy } = base
  return { ...head, limits, reference, affectedBy }
}

function gateNamed(config: Config, name: string): Gate | undefined {
  return config.gates.find((gate) => gate.name === name)
}

function changesBetween(base: Config, head: Config): readonly MemberChange[] {
  const pairs = pairGates(base.gates, head.gates)
  const ofGates = pairs.map(changesOfPair)
  return [...ofGates.flat(), ...differences(describeSettings(base), describeSettings(head))]
}

function changesOfPair({ base, head }: GatePair): readonly MemberChange[] {
  if (base === undefined) {
    const after = 'new: judged by the limits it brings'
    return head === undefined ? [] : [{ member: `gates.${head.name}`, before: undefined, after }]
  }
  const member = `gates.${base.name}`
  if (head === undefined) return [{ member, before: 'gated', after: 'removed' }]
  const renamed =
    base.name === head.name ? [] : [{ member, before: base.name, after: `renamed to ${head.name}` }]
  return [
    ...renamed,
    ...differences(describeGate(base), describeGate({ ...head, name: base.name })),
  ]
}

type Description = ReadonlyMap<string, string>

function differences(before: Description, after: Description): readonly MemberChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((member) => ({ member, before: before.get(member), after: after.get(member) }))
    .filter((change) => change.before !== change.after)
}
