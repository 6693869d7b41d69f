// The process stopped and killed at each stage, the disk full, the endpoint coming and going.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pullJob, pushJob } from '../../../__tests__/app/forge.ts'
import type { ActionJob } from '../../../__tests__/app/runner.ts'
import type { Row } from './row.ts'
import { launch, REQUESTS, type Running, startWorld, WARMUP, type World } from './world.ts'

const GATES = 2
const LOOK_MS = 5
const LONGEST_WAIT_MS = 60_000

type Stage = {
  readonly stage: string
  readonly job: 'gate' | 'record'
  readonly prepare?: (world: World) => void
  readonly hangOnPush?: boolean
  readonly isReached: (world: World, running: Running) => boolean
  /** Requests in memory when it is killed: of the gate that is being measured. */
  readonly inMemory: number
  /** Of a process that is asked to stop. */
  readonly codes: readonly number[]
}

const ANY = REQUESTS
const silent = (on: string) => (world: World) =>
  void world.github.state.troubles.push({ on, status: 0, message: '', silent: true, always: true })
const asked = (world: World, call: string) =>
  world.github.state.requests.some(({ method, path }) => `${method} ${path}`.includes(call))

const STAGES: readonly Stage[] = [
  {
    stage: 'reading the rules',
    job: 'gate',
    prepare: silent('GET /repos/acme/search/contents'),
    isReached: (world) => asked(world, 'GET /repos/acme/search/contents'),
    inMemory: 0,
    codes: [3],
  },
  {
    stage: 'the first answers',
    job: 'gate',
    isReached: ({ endpoint }) => endpoint.answered() > WARMUP + 2,
    inMemory: ANY,
    codes: [3],
  },
  {
    stage: 'the second gate',
    job: 'gate',
    isReached: ({ endpoint }) => endpoint.answered() > 2 * WARMUP + REQUESTS + 4,
    inMemory: ANY,
    codes: [3],
  },
  {
    stage: 'writing the comment',
    job: 'gate',
    prepare: silent('POST /repos/acme/search/issues/7/comments'),
    isReached: (world) => asked(world, 'POST /repos/acme/search/issues/7/comments'),
    inMemory: 0,
    // The verdict is known by then, and counts.
    codes: [0],
  },
  {
    stage: 'pushing',
    job: 'record',
    hangOnPush: true,
    isReached: ({ gitServer }) =>
      gitServer.requests.some(({ path }) => path.endsWith('/git-receive-pack')),
    inMemory: 0,
    codes: [3],
  },
]

export function killRows(): readonly Row[] {
  return STAGES.flatMap((stage) =>
    (['SIGTERM', 'SIGKILL'] as const).map((signal) => ({
      where: `killed at ${stage.stage}`,
      fault: signal,
      codes: signal === 'SIGKILL' ? [null] : stage.codes,
      withinSeconds: 60,
      gates: GATES,
      // A request that was answered in the very moment is on the way.
      mayLose: signal === 'SIGKILL' ? stage.inMemory : 4,
      says: signal === 'SIGKILL' ? undefined : /stopped|cancelled|SIGTERM|aborted/,
      run: () => killed(stage, signal),
    })),
  )
}

async function killed(stage: Stage, signal: 'SIGTERM' | 'SIGKILL') {
  const git = stage.hangOnPush === true ? { hangOnPush: true } : {}
  const world = await startWorld({ gates: GATES, git })
  try {
    stage.prepare?.(world)
    const running = launch(world, jobOf(world, stage.job))
    const deadline = performance.now() + LONGEST_WAIT_MS
    while (!stage.isReached(world, running) && performance.now() < deadline) await sleep(LOOK_MS)
    running.kill(signal)
    return await running.ended
  } finally {
    await world.stop()
  }
}

function jobOf(world: World, job: Stage['job']): ActionJob {
  const parts = { workspace: world.workspace }
  return job === 'gate' ? pullJob(world, parts) : pushJob(world, parts)
}

type Disk = { readonly bytes: number; readonly taken: number }

/** In a mount namespace of its own; undefined where this machine lets nobody mount. */
function smallDisk(folder: string, disk: Disk): readonly string[] | undefined {
  // A shell would drop the variables of inputs, whose names have hyphens.
  const script = `
    const { spawnSync } = require('node:child_process')
    const mount = ['-t', 'tmpfs', '-o', 'size=${disk.bytes},mode=777', 'tmpfs', '${folder}']
    if (spawnSync('mount', mount).status !== 0) process.exit(99)
    require('node:fs').writeFileSync('${folder}/other', Buffer.alloc(${disk.taken}))
    const [command, ...args] = process.argv.slice(1)
    process.exit(spawnSync(command, args, { stdio: 'inherit' }).status ?? 98)`
  const wrappers = ['-m', '-Urm'].map((how) => [
    'unshare',
    how,
    process.execPath,
    '-e',
    script,
    '--',
  ])
  return wrappers.find(
    ([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0,
  )
}

const PAGE = 4096

export function otherRows(): readonly Row[] {
  const full = (fault: string, disk: Disk, codes: readonly number[], says: RegExp): Row => ({
    where: 'report folder',
    fault,
    codes,
    withinSeconds: 30,
    says,
    run: async () => {
      const world = await startWorld()
      try {
        const folder = join(world.workspace, 'inference-gate-report')
        mkdirSync(folder)
        const wrapper = smallDisk(folder, disk)
        if (wrapper === undefined) return undefined
        return await launch(world, jobOf(world, 'gate'), wrapper).ended
      } finally {
        await world.stop()
      }
    },
  })
  return [
    full('disk full from the start', { bytes: PAGE, taken: PAGE }, [2], /cannot be written to/),
    full(
      'disk full while it measures',
      { bytes: 3 * PAGE, taken: 1 },
      [0],
      /ENOSPC.*so report and runs are in/,
    ),
    {
      where: 'endpoint',
      fault: 'coming and going',
      codes: [0, 1, 3],
      withinSeconds: 60,
      // A warm-up that failed is asked once more.
      mayLose: WARMUP,
      run: async () => {
        const world = await startWorld({ flapping: true })
        try {
          return await launch(world, jobOf(world, 'gate')).ended
        } finally {
          await world.stop()
        }
      },
    },
  ]
}
