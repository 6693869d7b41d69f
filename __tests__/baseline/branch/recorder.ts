// A program that records one sample run, for tests that need real processes: it is given the
// store's place as JSON and prints the result as JSON.

import { branchStore } from '../../../src/baseline/branch/branch.ts'
import { DAY_MS, NOON_MS, stored } from '../../baseline-samples.ts'

export type RecorderInput = {
  readonly remoteUrl: string
  readonly branch: string
  readonly workDir: string
  readonly seed: number
  readonly keep: number
  readonly totalTimeMs: number
  readonly requests?: number
  readonly token?: string
}

const input: RecorderInput = JSON.parse(process.argv[2] ?? '{}')
const store = branchStore({
  remoteUrl: input.remoteUrl,
  branch: input.branch,
  workDir: input.workDir,
  token: input.token,
  signal: new AbortController().signal,
  environment: process.env,
  nowMs: () => performance.now(),
  random: Math.random,
  attempts: 100,
  totalTimeMs: input.totalTimeMs,
  author: { name: 'inference-gate', email: 'inference-gate@example.com' },
  reportDir: 'inference-gate-report',
})
const run = stored({
  seed: input.seed,
  startedMs: NOON_MS + input.seed * 1000,
  requests: input.requests ?? 20,
})
const result = await store.append([{ gate: 'chat', runs: [run], epochs: [] }], {
  branch: input.branch,
  keep: input.keep,
  maxAgeMs: 30 * DAY_MS,
  nowIso: new Date(NOON_MS + DAY_MS).toISOString(),
})
process.stdout.write(JSON.stringify(result))
