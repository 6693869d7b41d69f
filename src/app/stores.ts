// A baseline on a branch of a git repository. The store works in a temporary folder of its own, which
// is gone when the work is done.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { branchStore } from '../baseline/branch/branch.ts'
import type { Environment } from '../model/environment.ts'
import { withLowerCaseProxies } from '../model/proxy.ts'
import type { BaselineStore } from '../model/store.ts'
import { proxyWithoutSecrets } from './proxies.ts'

export type BranchPlace = {
  readonly remoteUrl: string
  readonly branch: string
  readonly token: string | undefined
  readonly reportDir: string
  /** Branches that people work on, which are never written to. */
  readonly working?: readonly string[]
  readonly env: Environment
  readonly signal: AbortSignal
}

const ATTEMPTS = 30
const TOTAL_TIME_MS = 120_000
const AUTHOR = { name: 'inference-gate', email: 'inference-gate@users.noreply.github.com' }

export async function withBranchStore<Result>(
  place: BranchPlace,
  act: (store: BaselineStore) => Promise<Result>,
): Promise<Result> {
  const { env, token, ...rest } = place
  if (/^https?:/i.test(place.remoteUrl)) {
    proxyWithoutSecrets(place.remoteUrl, env, token && 'the token')
  }
  const workDir = await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'inference-gate-'))
  try {
    return await act(
      branchStore({
        ...rest,
        workDir,
        environment: withLowerCaseProxies(env),
        nowMs: () => performance.now(),
        random: Math.random,
        attempts: ATTEMPTS,
        totalTimeMs: TOTAL_TIME_MS,
        author: AUTHOR,
        token,
      }),
    )
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** Nothing is compared, and nothing is kept. */
export const NO_STORE: BaselineStore = {
  place: 'nowhere',
  read: async () => ({ runs: [], epochs: [], unreadable: [], place: 'nowhere' }),
  append: async () => {
    throw new TypeError('nothing is stored here')
  },
}
