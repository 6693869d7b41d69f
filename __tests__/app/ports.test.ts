import { expect, it } from '@jest/globals'
import { gatePorts } from '../../src/app/ports.ts'
import { SILENT_PROGRESS } from '../../src/app/progress.ts'
import { planWorkload } from '../../src/measure/plan/plan.ts'
import { CONFIG, configOf, memoryWorld, requestOf } from '../gate/memory-ports.ts'

it('ends the line that shows the progress also where measuring throws', async () => {
  let ended = 0
  const { gate } = requestOf()
  const ports = gatePorts({
    store: memoryWorld().ports.store,
    keys: { candidate: 'key', reference: undefined },
    policy: configOf(CONFIG).policy,
    signal: new AbortController().signal,
    reach: { kind: 'anywhere' },
    screen: {
      ...SILENT_PROGRESS,
      end: () => {
        ended += 1
      },
    },
  })
  const size = {
    arms: 'candidate',
    requests: 1,
    probes: 0,
    warmup: 0,
    round: 0,
    nonce: 'n',
  } as const
  const asked = ports.measure(planWorkload(gate.workload, size), {
    // Nothing is sent to it: an API of this name has no dialect.
    candidate: { ...gate.endpoint, api: 'no-such-api' as never },
    reference: undefined,
    allowance: { requests: 10, costUsd: 1, durationMs: 1000 },
    costOf: () => 0,
  })
  await expect(asked).rejects.toThrow()
  expect(ended).toBe(1)
})
