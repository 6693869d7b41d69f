// What a change is asked: always the base branch's own question of the head's endpoint, so that no
// new name, load or dialect leads around the gate; and beside it the question that the head proposes,
// where its load is another. The action's pull requests and `run --base-config` ask alike.

import { pairGates } from '../config/config.ts'
import { comparableOf } from '../measure/measure.ts'
import { withAnswerMembersOf } from '../model/answer-members.ts'
import type { Asked } from '../model/asked.ts'
import type { Config, Gate } from '../model/config.ts'
import { changesBetween } from '../model/member-changes.ts'
import type { GateRequest, GateRun } from '../model/ports.ts'
import type { Dropped } from '../model/verdict.ts'

export type Question = {
  readonly gate: Gate
  /** Absent = as the head's config says. */
  readonly asked?: Asked
  /** The gate of the base branch that it goes back to, whose endpoint is the reference arm. */
  readonly base?: Gate
}

/**
 * `accepted`: a maintainer's label speaks for this commit. Then a removed gate is not asked, nor is
 * the old dialect: both may be gone for good, and the label says that they should be.
 */
export function questionsOf(
  base: Config | undefined,
  head: Config,
  accepted = false,
): readonly Question[] {
  if (base === undefined) return head.gates.map((gate) => ({ gate }))
  const names = [...base.gates, ...head.gates].map(({ name }) => name)
  return pairGates(base.gates, head.gates).flatMap((pair) => {
    const { base: before, head: gate } = pair
    if (before === undefined) return gate === undefined ? [] : [{ gate }]
    if (gate === undefined) return accepted ? [] : [removed(before)]
    return both(before, gate, { accepted, names })
  })
}

function removed(gate: Gate): Question {
  return { gate, base: gate, asked: { as: 'base', because: 'removed', changes: [] } }
}

type Choice = { readonly accepted: boolean; readonly names: readonly string[] }

function both(before: Gate, head: Gate, { accepted, names }: Choice): readonly Question[] {
  const shapes = [comparableOf(before), comparableOf(head)] as const
  const isSameShape = shapes[0].loadShapeHash === shapes[1].loadShapeHash
  const asBase = { ...head, name: before.name, ...rulesOf(before), workload: before.workload }
  const isRenamed = before.name !== head.name
  if (isSameShape) {
    const gate = withAsManyRequests(asBase, head)
    const asked: Asked = { as: 'base', because: 'renamed', head: head.name, changes: [] }
    return [{ gate, base: before, ...(isRenamed ? { asked } : {}) }]
  }
  const changes = changesBetween(shapes[0].loadShape, shapes[1].loadShape)
  const name = isRenamed ? head.name : freeName(`${head.name.slice(0, 54)}.proposed`, names)
  const proposed: Question = {
    gate: { ...head, name, ...rulesOf(before) },
    base: before,
    asked: { as: 'proposed', of: before.name, changes },
  }
  const isOtherDialect = before.endpoint.api !== head.endpoint.api
  if (accepted && isOtherDialect) return [proposed]
  const { api, body: asked } = before.endpoint
  const body = isOtherDialect ? asked : withAnswerMembersOf(head.endpoint.body, asked)
  const gate = { ...asBase, endpoint: { ...head.endpoint, api, body } }
  const because = isRenamed ? 'renamed' : 'reshaped'
  return [
    { gate, base: before, asked: { as: 'base', because, head: head.name, changes } },
    proposed,
  ]
}

function rulesOf({ limits, compare, reference, affectedBy }: Gate) {
  return { limits, compare, reference, affectedBy }
}

/** More requests than the base branch asks for only sharpen the verdict; fewer would dull it. */
function withAsManyRequests(gate: Gate, head: Gate): Gate {
  const requests = Math.max(gate.workload.requests, head.workload.requests)
  const more = { ...gate, workload: { ...gate.workload, requests } }
  return comparableOf(more).loadShapeHash === comparableOf(gate).loadShapeHash ? more : gate
}

function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`
    if (!taken.includes(candidate)) return candidate
  }
}

/** The base branch's gates that the head has no longer, or under another name. */
export function droppedGates(base: Config | undefined, head: Config): Dropped['gates'] {
  if (base === undefined) return []
  return pairGates(base.gates, head.gates).flatMap(({ base: before, head: after }) => {
    if (before === undefined || before.name === after?.name) return []
    return [{ gate: before.name, renamedTo: after?.name }]
  })
}

/** As configs again, for whoever makes requests of a config and its base branch's. */
export function configsOf(
  questions: readonly Question[],
  read: { readonly config: Config; readonly base?: Config },
): { readonly config: Config; readonly base?: Config } {
  const { config, base } = read
  const gates = questions.map(({ gate }) => gate)
  const bases = questions.flatMap(({ gate, base: before }) =>
    before === undefined ? [] : [{ ...before, name: gate.name }],
  )
  const others = base?.gates.filter(({ name }) => !bases.some((one) => one.name === name)) ?? []
  return { config: { ...config, gates }, base: base && { ...base, gates: [...bases, ...others] } }
}

/** The requests, with what is asked beside the base branch's question marked as that. */
export function asProposed(
  requests: readonly GateRequest[],
  questions: readonly Question[],
): readonly GateRequest[] {
  const proposed = new Set(
    questions.flatMap(({ gate, asked }) => (asked?.as === 'proposed' ? gate.name : [])),
  )
  return requests.map((request) =>
    proposed.has(request.gate.name) ? { ...request, asked: 'proposed' } : request,
  )
}

/** A result, with how its gate was asked. */
export function asAsked(gateRun: GateRun, questions: readonly Question[]): GateRun {
  const asked = questions.find(({ gate }) => gate.name === gateRun.gate)?.asked
  const { reference } = gateRun.result.effort
  const isCompared = reference === 'measured' || reference === 'earlier'
  const beside =
    asked?.as === 'proposed' && isCompared ? ({ ...asked, isCompared } as const) : asked
  return { ...gateRun, result: { ...gateRun.result, asked: beside } }
}
