// Limits between gates of one run: the gates they tie together are measured in turns, so that they share
// their minutes, and the limits are judged once all of them are there.

import { withShares } from '../judge/judge.ts'
import type { GateRequest, GateRun, Ports } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { measureInTurns } from './measure-in-turns.ts'

/** Requests of gates that are compared with each other, directly or through a third; alone left out. */
export function tiedRequests<Request extends GateRequest>(
  requests: readonly Request[],
): readonly (readonly Request[])[] {
  const groups: Request[][] = []
  for (const request of requests) {
    const tied = groups.filter((group) => group.some((other) => isTied(request, other)))
    const rest = groups.filter((group) => !tied.includes(group))
    groups.splice(0, groups.length, ...rest, [...tied.flat(), request])
  }
  return groups.filter((group) => group.length > 1)
}

function isTied(a: GateRequest, b: GateRequest): boolean {
  const names = (request: GateRequest, other: GateRequest) =>
    request.gate.compare.some(({ gate }) => gate === other.gate.name)
  return names(a, b) || names(b, a)
}

/** What the gates of a group were measured to be, in turns; each request with its own. */
export async function measureTied<Request extends GateRequest>(
  group: readonly Request[],
  ports: Ports,
): Promise<readonly Request[]> {
  const shards = await measureInTurns(group, ports)
  return group.map((request, i) => ({ ...request, measured: shards[i] }))
}

/** Every gate with its limits against the others; their order and everything else stays. */
export function judgedBetween<Result extends GateRun>(
  gateRuns: readonly Result[],
  requests: readonly GateRequest[],
): readonly Result[] {
  const sound = gateRuns.flatMap(({ gate, runs: [run], invalidities }): [string, Run][] =>
    run === undefined || invalidities.length > 0 ? [] : [[gate, run]],
  )
  const others = new Map(sound)
  return gateRuns.map((gateRun) => {
    const request = requests.find(({ gate: { name } }) => name === gateRun.gate)
    const limits = request?.gate.compare ?? []
    const { result, runs } = gateRun
    const shared = { result, run: runs[0], limits, others, accept: request?.accept }
    return { ...gateRun, result: withShares(shared) }
  })
}
