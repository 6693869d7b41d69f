// The workload of benches that hold a measurement against what the server itself noted: a closed loop whose
// warm-up opens each connection, without a prompt cache.

import type { Prompt, Workload } from '../../src/model/config.ts'

export type Bench = {
  readonly prompt: Prompt
  readonly requests: number
  readonly inFlight: number
}

export function benchWorkload({ prompt, requests, inFlight }: Bench): Workload {
  return {
    prompts: [prompt],
    requests,
    probes: 0,
    load: { kind: 'closed', concurrency: inFlight },
    warmup: inFlight,
    promptCache: 'bypass',
    maxClientDelayMs: 50,
    timeouts: { connectMs: 5000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 30_000 },
    seed: 1,
  }
}
