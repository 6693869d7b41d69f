// One of many writers of bench-store: records runs one after the other in a process of its own and
// prints how many tries each took and how long it lasted.

import { NOON_MS, stored } from '../../__tests__/baseline-samples.ts'
import { branchStore } from '../../src/baseline/branch/branch.ts'

export type WriterInput = {
  readonly remoteUrl: string
  readonly workDir: string
  readonly writer: number
  readonly runs: number
}
export type Written = { readonly stored: boolean; readonly attempts: number; readonly ms: number }

const input: WriterInput = JSON.parse(process.argv[2] ?? '{}')
const store = branchStore({
  remoteUrl: input.remoteUrl,
  branch: 'inference-gate',
  workDir: input.workDir,
  signal: AbortSignal.timeout(300_000),
  environment: process.env,
  nowMs: () => performance.now(),
  random: Math.random,
  attempts: 200,
  totalTimeMs: 240_000,
  author: { name: 'inference-gate', email: 'inference-gate@example.com' },
  reportDir: 'inference-gate-report',
})
const written: Written[] = []
for (let n = 0; n < input.runs; n += 1) {
  const seed = input.writer * 1000 + n
  const run = stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 200 })
  const startMs = performance.now()
  const result = await store.append([{ gate: 'chat', runs: [run], epochs: [] }], {
    branch: 'inference-gate',
    keep: 100_000,
    maxAgeMs: 1e12,
    nowIso: run.run.startedAt,
  })
  const attempts = result.stored ? result.attempts : 0
  written.push({ stored: result.stored, attempts, ms: performance.now() - startMs })
}
process.stdout.write(JSON.stringify(written))
