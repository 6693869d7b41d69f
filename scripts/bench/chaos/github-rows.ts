// GitHub's API refusing, failing, hanging and hanging up at each call that the action makes.

import { HEAD_SHA, pullJob, pushJob } from '../../../__tests__/app/forge.ts'
import type { ActionJob } from '../../../__tests__/app/runner.ts'
import type { Trouble } from '../../../__tests__/github/github-state.ts'
import { JOB_TOKEN } from '../../../__tests__/github/github-state.ts'
import type { Row } from './row.ts'
import { launch, startWorld, type World } from './world.ts'

const FAULTS: Readonly<Record<string, Omit<Trouble, 'on'>>> = {
  '401': { status: 401, message: 'Bad credentials' },
  '403 secondary limit': {
    status: 403,
    message: 'You have exceeded a secondary rate limit',
    headers: { 'retry-after': '1' },
  },
  '404': { status: 404, message: 'Not Found' },
  '422': { status: 422, message: 'Validation Failed' },
  '500': { status: 500, message: 'Server Error' },
  '502': { status: 502, message: 'Bad Gateway' },
  'time-out': { status: 0, message: '', silent: true },
  reset: { status: 0, message: '', hangUp: true },
}
/** Every way of failing says one of these; the merge base and labels are done without. */
const SAYS = /GitHub|github-token|nothing was sent/

const JOBS: Readonly<Record<string, (world: World) => ActionJob>> = {
  gate: (world) =>
    pullJob(world, {
      workspace: world.workspace,
      action: 'edited',
      inputs: { 'api-key': 'sk-chaos-5f2c9a7d1e8b4c3f' },
    }),
  update: (world) => pullJob(world, { workspace: world.workspace }),
  record: (world) => {
    const job = pushJob(world, { workspace: world.workspace })
    return { ...job, env: { ...job.env, GITHUB_SHA: HEAD_SHA } }
  },
  publish: (world) => ({
    workspace: world.workspace,
    inputs: { 'github-token': JOB_TOKEN },
    eventName: 'workflow_run',
    event: {
      action: 'completed',
      repository: { default_branch: 'main' },
      workflow_run: { id: 4711, run_attempt: 1, head_sha: HEAD_SHA, event: 'pull_request' },
    },
    env: pushJob(world, { workspace: world.workspace }).env,
  }),
}

export async function githubRows(): Promise<readonly Row[]> {
  const rows: Row[] = []
  const seen = new Set<string>()
  for (const [mode, jobOf] of Object.entries(JOBS)) {
    for (const call of await callsOf(mode, jobOf)) {
      if (seen.has(call)) continue
      seen.add(call)
      for (const [fault, trouble] of Object.entries(FAULTS)) {
        rows.push(rowOf({ mode, jobOf, call, fault, trouble }))
      }
    }
  }
  return rows
}

export async function cleanRunSeconds(): Promise<number> {
  const world = await startWorld()
  try {
    const { seconds } = await launch(world, pullJob(world, { workspace: world.workspace })).ended
    return seconds
  } finally {
    await world.stop()
  }
}

/** Publishing needs a report, and updating a comment: a gate has left both there before. */
async function prepared(mode: string, world: World): Promise<void> {
  if (mode !== 'publish' && mode !== 'update') return
  const inputs = { comment: mode === 'publish' ? 'never' : 'always' }
  await launch(world, pullJob(world, { workspace: world.workspace, inputs })).ended
  world.github.state.requests.splice(0)
  world.endpoint.forget()
  const [pull] = world.github.state.pulls
  if (mode === 'publish' && pull !== undefined) pull.headRepository = 'mallory/search'
}

async function callsOf(mode: string, jobOf: (world: World) => ActionJob) {
  const world = await startWorld()
  try {
    await prepared(mode, world)
    await launch(world, jobOf(world)).ended
    const calls = world.github.state.requests.map(({ method, path }) => `${method} ${path}`)
    return [...new Set(calls)]
  } finally {
    await world.stop()
  }
}

type Trial = {
  readonly mode: string
  readonly jobOf: (world: World) => ActionJob
  readonly call: string
  readonly fault: string
  readonly trouble: Omit<Trouble, 'on'>
}

function rowOf({ mode, jobOf, call, fault, trouble }: Trial): Row {
  return {
    where: `${mode}: ${short(call)}`,
    fault,
    codes: mode === 'publish' ? [0, 2, 3] : [0, 3],
    withinSeconds: fault === 'time-out' ? 100 : 30,
    says: SAYS,
    run: async () => {
      const world = await startWorld()
      try {
        await prepared(mode, world)
        world.github.state.troubles.push({ ...trouble, on: call, always: true })
        return await launch(world, jobOf(world)).ended
      } finally {
        await world.stop()
      }
    },
  }
}

function short(call: string): string {
  return call
    .replace('/repos/acme/search', '')
    .replaceAll(/[0-9a-f]{40}/g, 'SHA')
    .replace('/contents/.github%2Finference-gate.yml', '/contents')
}
