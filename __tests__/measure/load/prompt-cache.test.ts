import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { measure } from '../../../src/measure/load/load.ts'
import { planWorkload } from '../../../src/measure/plan/plan.ts'
import type { Workload } from '../../../src/model/config.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { options, TIMEOUTS, target } from './asking.ts'

let simulator: SimulatorProcess

beforeAll(async () => {
  // A cache that looks at the first 16 characters only: what differs later does not help.
  simulator = await startSimulatorProcess({
    behaviour: { ttftMedianMs: 5, cacheSaving: 0.9, cachePrefixCharacters: 16 },
  })
})
afterAll(() => simulator.stop())

async function cachedTokens(
  promptCache: Workload['promptCache'],
  nonce: string,
): Promise<readonly number[]> {
  const workload: Workload = {
    prompts: [
      {
        name: 'weather',
        promptClass: 'short',
        weight: 1,
        messages: [{ role: 'user', content: 'Tell me about the weather. '.repeat(10) }],
        maxOutputTokens: 2,
      },
    ],
    requests: 10,
    probes: 0,
    load: { kind: 'closed', concurrency: 1 },
    warmup: 1,
    promptCache,
    maxClientDelayMs: 50,
    timeouts: TIMEOUTS,
    seed: 1,
  }
  const plan = planWorkload(workload, {
    arms: 'candidate',
    requests: 10,
    probes: 0,
    warmup: 1,
    round: 0,
    nonce,
  })
  const { records } = await measure(plan, { candidate: target(simulator.url) }, options())
  return records.map((record) => record.usage?.cachedInputTokens ?? Number.NaN)
}

describe('a server with a prefix cache', () => {
  it('finds every prompt in it when the cache is kept', async () => {
    expect(Math.min(...(await cachedTokens('keep', 'a')))).toBeGreaterThan(0)
  })

  it('finds none when it is bypassed, in a second run either', async () => {
    expect(await cachedTokens('bypass', 'run 1')).toEqual(Array.from({ length: 10 }, () => 0))
    expect(await cachedTokens('bypass', 'run 2')).toEqual(Array.from({ length: 10 }, () => 0))
  })
})
