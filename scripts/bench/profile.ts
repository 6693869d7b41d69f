// Where a piece of work spends its processor time, by V8's sampling profiler.

import type { Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'

export type Share = { readonly where: string; readonly share: number }

/** Self time by function, of the time in which the process was not idle. */
export async function profiled<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly shares: readonly Share[] }> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  const result = await work()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return { result, shares: sharesOf(profile) }
}

function sharesOf(profile: Profiler.Profile): readonly Share[] {
  const byId = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const times = new Map<string, number>()
  profile.samples?.forEach((id, at) => {
    const frame = byId.get(id)
    const where = frame === undefined ? '?' : nameOf(frame)
    times.set(where, (times.get(where) ?? 0) + (profile.timeDeltas?.[at] ?? 0))
  })
  times.delete('(idle)')
  const total = [...times.values()].reduce((a, b) => a + b, 0)
  return [...times]
    .map(([where, time]) => ({ where, share: time / total }))
    .sort((a, b) => b.share - a.share)
}

function nameOf(frame: { readonly functionName: string; readonly url: string }): string {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName
  const file = /(?:node_modules\/|src\/|node:|wasm:).*$/.exec(frame.url)?.[0]
  return file === undefined ? name : `${name} ${file}`
}
