// A whole forge for the action's tests: a bare repository behind git's own HTTP backend, GitHub's API
// with its rules, and a simulated endpoint in a process of its own. All on free ports of this machine.

import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type GitServer, startGitServer } from '../baseline/branch/git-http-server.ts'
import { type GitHubServer, startGitHubServer } from '../github/github-server.ts'
import { JOB_TOKEN, openPull } from '../github/github-state.ts'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runAction } from './action-process.ts'
import type { ActionJob, ActionResult } from './runner.ts'

export const BASE_SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'
export const HEAD_SHA = 'b2c3d4e5f60718293a4b5c6d7e8f901234567890'
export const NEXT_SHA = 'c3d4e5f60718293a4b5c6d7e8f90123456789012'

/** An endpoint that answers in a few milliseconds, so that a test of an entrypoint takes no longer. */
export const QUICK = { ttftMedianMs: 40, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 } as const
/** What a bad change makes of it: beyond every limit here, on however busy a machine. */
export const SLOW = { ttftMedianMs: 240, ttftPerInputTokenMs: 0, tokenGapMs: 0.5 } as const

/**
 * As quick, but every second answer breaks off at its end: a regression that takes no time to be seen.
 * A refusal would be over at once, and on a busy machine the client could not keep up its load then.
 */
export const FLAKY = { ...QUICK, faults: { 'end-without-mark': 0.5 } } as const

export type Forge = {
  readonly folder: string
  readonly gitDir: string
  readonly gitServer: GitServer
  readonly github: GitHubServer
  readonly simulator: SimulatorProcess
  readonly stop: () => Promise<void>
}

type GitRules = { readonly readOnly?: boolean }

export async function startForge(git: GitRules = {}): Promise<Forge> {
  const forge = await forgeAround(
    startSimulatorProcess({ seed: 5, behaviour: QUICK }),
    git,
    (gitDir) => {
      execFileSync('git', ['-c', 'init.templateDir=', 'init', '-q', '--bare', gitDir])
      appendFileSync(join(gitDir, 'config'), '[http]\n\treceivepack = true\n')
    },
  )
  return {
    ...forge,
    stop: async () => void (await Promise.all([forge.stop(), forge.simulator.stop()])),
  }
}

/** Another forge with the history that is there now, around the same endpoint: for tests side by side. */
export async function copyOfForge(forge: Forge): Promise<Forge> {
  return await forgeAround(forge.simulator, {}, (gitDir) =>
    cpSync(forge.gitDir, gitDir, { recursive: true }),
  )
}

/** The same endpoint and repository beside a GitHub of its own: for tests side by side that record nothing. */
export async function atOwnGitHub<T>(forge: Forge, act: (forge: Forge) => Promise<T>): Promise<T> {
  const github = await startForgesGitHub()
  try {
    const result = await act({ ...forge, github })
    if (github.state.violations.length > 0) throw new Error(github.state.violations.join('\n'))
    return result
  } finally {
    await github.close()
  }
}

/** The endpoint may be starting meanwhile. */
async function forgeAround(
  simulator: SimulatorProcess | Promise<SimulatorProcess>,
  git: GitRules,
  fill: (gitDir: string) => void,
): Promise<Forge> {
  const folder = mkdtempSync(join(tmpdir(), 'gate-forge-'))
  const gitDir = join(folder, 'acme/search.git')
  mkdirSync(gitDir, { recursive: true })
  fill(gitDir)
  const gitServer = await startGitServer({ root: folder, token: JOB_TOKEN, ...git })
  const github = await startForgesGitHub()
  return {
    folder,
    gitDir,
    gitServer,
    github,
    simulator: await simulator,
    stop: async () => {
      await Promise.all([gitServer.close(), github.close()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function startForgesGitHub(): Promise<GitHubServer> {
  return startGitHubServer({
    commits: [
      { sha: BASE_SHA, parents: [] },
      { sha: HEAD_SHA, parents: [BASE_SHA] },
      { sha: NEXT_SHA, parents: [HEAD_SHA] },
    ],
    pulls: [openPull({ number: 7, headSha: HEAD_SHA })],
  })
}

/** What a job knows of its forge. */
export type Doors = Pick<Forge, 'gitServer' | 'github'>

/** A checkout with these files. */
export function workspace(
  forge: Pick<Forge, 'folder'>,
  files: Readonly<Record<string, string>>,
): string {
  const path = mkdtempSync(join(forge.folder, 'workspace-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}

export const CONFIG_PATH = '.github/inference-gate.yml'

export type ConfigParts = { readonly url: string; readonly model?: string; readonly rest?: string }

/** Small runs, wide limits, no second measurements: the entrypoints are tested here, on however busy a machine. */
export function configText({ url, model = 'sim', rest = '' }: ConfigParts): string {
  return `gates:
  chat:
    endpoint: {url: "${url}", model: ${model}}
    workload: {requests: 60, concurrency: 4, max_output_tokens: 4, max_client_delay: 30s}
    limits:
      ttft_p50: {increase: 60%, floor: 100ms, must_detect: 1200%}
      ttft_p95: {increase: 400%, floor: 500ms, must_detect: 900%}
      error_rate: {ceiling: 10%}
      cost_per_answer: {increase: 5%, must_detect: 400%}
    prices: {input: $0.60/M, output: $2.40/M}
confirm: none
${rest}`
}

/** What the base branch says in a test of something else: any server of this machine may be asked. */
export function publishBase(forge: Forge, text = configText({ url: forge.simulator.url })): void {
  const list = 'policy: {allowed_hosts: ["http://127.0.0.1:*", a.example]}\n'
  const file = { path: CONFIG_PATH, ref: BASE_SHA, text: `${text}${list}` }
  forge.github.state.files.splice(0, forge.github.state.files.length, file)
}

export function environment(forge: Doors): Record<string, string> {
  return {
    GITHUB_REPOSITORY: 'acme/search',
    GITHUB_SERVER_URL: new URL(forge.gitServer.url).origin,
    GITHUB_API_URL: forge.github.apiUrl,
  }
}

export type JobParts = {
  readonly workspace: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

export function pushJob(
  forge: Doors,
  { workspace: path, inputs = {}, env = {} }: JobParts,
): ActionJob {
  return {
    workspace: path,
    inputs: { 'github-token': JOB_TOKEN, ...inputs },
    eventName: 'push',
    event: { repository: { default_branch: 'main' } },
    env: { ...environment(forge), GITHUB_REF: 'refs/heads/main', GITHUB_SHA: BASE_SHA, ...env },
  }
}

/** So many runs of the base branch by one push: a process for each would start as long as it measures. */
export async function recordHistory(
  forge: Doors,
  { runs, inputs = {}, ...job }: JobParts & { readonly runs: number },
  run: (job: ActionJob) => Promise<ActionResult> = runAction,
): Promise<ActionResult> {
  const result = await run(pushJob(forge, { ...job, inputs: { ...inputs, times: `${runs}` } }))
  if (result.code !== 0) throw new Error(`recording ended with ${result.code}: ${result.log}`)
  return result
}

export type PullEvent = JobParts & {
  readonly action?: string
  /** The label that the event `labeled` is about. */
  readonly label?: string
  readonly labels?: readonly string[]
  readonly fork?: boolean
  readonly headSha?: string
}

export function pullJob(forge: Doors, parts: PullEvent): ActionJob {
  const { workspace: path, inputs = {}, env = {}, headSha = HEAD_SHA } = parts
  return {
    workspace: path,
    inputs: { 'github-token': JOB_TOKEN, ...inputs },
    eventName: 'pull_request',
    event: {
      action: parts.action ?? 'opened',
      sender: { login: 'maintainer' },
      ...(parts.label === undefined ? {} : { label: { name: parts.label } }),
      repository: { default_branch: 'main' },
      pull_request: {
        number: 7,
        head: { sha: headSha, repo: { id: parts.fork === true ? 2 : 1 } },
        base: { ref: 'main', sha: BASE_SHA, repo: { id: 1 } },
        labels: (parts.labels ?? []).map((name) => ({ name })),
      },
    },
    env: {
      ...environment(forge),
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: 'd4e5f60718293a4b5c6d7e8f9012345678901234',
      ...env,
    },
  }
}
