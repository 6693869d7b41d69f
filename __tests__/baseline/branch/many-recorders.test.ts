import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  type BareRepository,
  BRANCH,
  bareRepository,
  folderWithGit,
  storeOf,
} from './bare-repository.ts'
import type { RecorderInput } from './recorder.ts'

const RECORDER = fileURLToPath(new URL('./recorder.ts', import.meta.url))
const repositories: BareRepository[] = []

function repositoryWith(): BareRepository {
  const repository = bareRepository(['uploadpack.allowFilter', 'true'])
  repositories.push(repository)
  return repository
}

afterEach(() => {
  for (const repository of repositories.splice(0)) repository.remove()
})

type Ended = { readonly output: string; readonly killed: boolean }

/** Runs one recorder in a process of its own until it ends, however it ends. */
function record(
  repository: BareRepository,
  seed: number,
  more: { readonly path?: string; readonly cwd?: string } = {},
): Promise<Ended> {
  const input: RecorderInput = {
    remoteUrl: repository.url,
    branch: BRANCH,
    workDir: repository.workDir(),
    seed,
    keep: 50,
    totalTimeMs: 100_000,
  }
  const child = spawn(process.execPath, [RECORDER, JSON.stringify(input)], {
    cwd: more.cwd ?? repository.folder,
    env: { ...process.env, PATH: more.path ?? process.env.PATH, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  return new Promise((resolve) => {
    child.once('close', (_code, signal) => resolve({ output, killed: signal === 'SIGKILL' }))
  })
}

async function seedsIn(repository: BareRepository): Promise<readonly number[]> {
  const { runs, unreadable } = await storeOf(repository).read('chat')
  expect(unreadable).toEqual([])
  return runs.map(({ run }) => Number.parseInt(run.id.slice(-8), 16))
}

describe('many recorders', () => {
  it('all store their run when twenty start at once', async () => {
    const repository = repositoryWith()
    const seeds = Array.from({ length: 20 }, (_, n) => n + 1)
    const ended = await Promise.all(seeds.map((seed) => record(repository, seed)))
    for (const { output } of ended) expect(JSON.parse(output)).toMatchObject({ stored: true })
    expect(await seedsIn(repository)).toEqual(seeds)
    expect(repository.git('rev-list', '--count', BRANCH)).toBe('1')
    repository.git('fsck', '--full', '--strict')
  })
})

/** Kills its own recorder at the git command with that number. */
function killingGit(
  repository: BareRepository,
  at: number,
  when: 'before' | 'during' | 'after',
): string {
  const count = `${repository.folder}/count`
  const acts = {
    before: 'kill -9 $PPID; exit 1',
    during: '"$real" "$@" & sleep 0.01; kill -9 $PPID; kill -9 $!; exit 1',
    after: '"$real" "$@"; kill -9 $PPID; exit 1',
  }
  const folder = folderWithGit(
    repository,
    `n=$(cat '${count}' 2>/dev/null || echo 0); n=$((n + 1)); echo $n > '${count}'
     if [ $n -eq ${at} ]; then ${acts[when]}; fi
     exec "$real" "$@"`,
  )
  return `${folder}:${process.env.PATH}`
}

describe('a recorder that is killed', () => {
  // 1 user configuration, 2 version, 3 init, 4 blob, 5 fetch, 6 listing, 7 update-index, 8 write-tree,
  // 9 commit, 10 push.
  const PUSH = 10
  const steps = [
    ...Array.from({ length: PUSH }, (_, n) => [n + 1, 'before'] as const),
    ...[4, 5, 7, 9].map((step) => [step, 'during'] as const),
    [PUSH, 'during'] as const,
    [PUSH, 'after'] as const,
  ]
  it('at any step leaves a readable history, and its run can be stored later', async () => {
    const repository = repositoryWith()
    await record(repository, 1)
    for (const [n, [step, when]] of steps.entries()) {
      const seed = n + 2
      const path = killingGit(repository, step, when)
      const { killed } = await record(repository, seed, { path })
      expect(`${step} ${when}: ${killed ? 'killed' : 'survived'}`).toBe(`${step} ${when}: killed`)
      const there = await seedsIn(repository)
      const isThere = there.includes(seed)
      // Only once the push has begun can the run be there; after it, it must be.
      if (step < PUSH || when === 'before') expect(isThere).toBe(false)
      if (when === 'after') expect(isThere).toBe(true)
      expect(there.filter((one) => one !== seed)).toEqual([1])
      if (isThere) repository.git('update-ref', '-d', `refs/heads/${BRANCH}`)
      if (isThere) await record(repository, 1)
      rmSync(`${repository.folder}/count`, { force: true })
    }
    expect(JSON.parse((await record(repository, 2)).output)).toMatchObject({ stored: true })
    expect(await seedsIn(repository)).toEqual([1, 2])
    repository.git('fsck', '--full', '--strict')
  })
})
