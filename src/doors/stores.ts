// Where a baseline is kept: a folder, or a branch of a git repository. A branch store works in a
// temporary folder of its own, which is gone when the work is done.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { branchStore } from '../io/baseline-branch/branch-store.ts'
import { folderStore } from '../io/baseline-folder/folder-store.ts'
import { GateError } from '../model/errors.ts'
import type { BaselineStore } from '../model/store.ts'
import type { Arguments, World } from './command.ts'
import type { Environment } from './inputs.ts'
import { DEFAULT_BASELINE, DEFAULT_REPORT_DIR } from './run-options.ts'

export type BranchPlace = {
  readonly remoteUrl: string
  readonly branch: string
  readonly token: string | undefined
  readonly reportDir: string
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
  const workDir = await mkdtemp(join(env.RUNNER_TEMP ?? tmpdir(), 'inference-gate-'))
  try {
    return await act(
      branchStore({
        ...rest,
        workDir,
        environment: env,
        nowMs: () => performance.now(),
        random: Math.random,
        attempts: ATTEMPTS,
        totalTimeMs: TOTAL_TIME_MS,
        author: AUTHOR,
        ...(token === undefined ? {} : { token }),
      }),
    )
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** The store that the options of a command name. */
export async function withStoreOf<Result>(
  args: Arguments,
  world: World,
  named: { readonly branch: string; readonly act: (store: BaselineStore) => Promise<Result> },
): Promise<Result> {
  const remoteUrl = args.text('remote')
  if (remoteUrl === undefined) {
    const folder = resolve(world.folder, args.text('baseline') ?? DEFAULT_BASELINE)
    return named.act(folderStore(folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR))
  }
  if (args.given('baseline')) {
    throw new GateError(
      'usage',
      '--baseline and --remote are both given; a baseline is kept in one place',
      'Give one of them.',
    )
  }
  const place: BranchPlace = {
    remoteUrl: addressOf(remoteUrl, world),
    branch: args.text('branch') ?? named.branch,
    token: world.env.INFERENCE_GATE_GIT_TOKEN || undefined,
    reportDir: args.text('report-dir') ?? DEFAULT_REPORT_DIR,
    env: world.env,
    signal: world.signal,
  }
  return withBranchStore(place, named.act)
}

/** A path is meant from where the person stands; git works in a folder of its own. */
function addressOf(remote: string, world: World): string {
  return /^[a-z+]+:\/\/|^[^/]+@[^/]+:/i.test(remote) ? remote : resolve(world.folder, remote)
}
