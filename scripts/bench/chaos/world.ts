// A world of its own for each trial of the built action: a repository behind git's HTTP backend,
// GitHub's API as a stand-in, and an endpoint that counts what it answered. All on this machine.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BASE_SHA, CONFIG_PATH, HEAD_SHA, workspace } from '../../../__tests__/app/forge.ts'
import { type ActionJob, ROOT, startRunner } from '../../../__tests__/app/runner.ts'
import {
  type GitServerOptions,
  startGitServer,
} from '../../../__tests__/baseline/branch/git-http-server.ts'
import { startGitHubServer } from '../../../__tests__/github/github-server.ts'
import { JOB_TOKEN, openPull, setLabel } from '../../../__tests__/github/github-state.ts'
import { decodeRun } from '../../../src/wire/files/files.ts'
import { startEndpoint } from './endpoint.ts'

export const WARMUP = 2
export const REQUESTS = 24
export const LABEL = 'accept-inference-regression'

export type Ended = {
  readonly code: number | null
  readonly seconds: number
  readonly log: string
  /** Answers that the endpoint gave, warm-up included. */
  readonly answered: number
  /** Requests in the run files that are left, wherever the log says they are. */
  readonly kept: number
  readonly hasReport: boolean
  readonly pushes: number
}

export type WorldOptions = {
  readonly git?: Partial<GitServerOptions>
  readonly gates?: number
  readonly flapping?: boolean
}

export type World = Awaited<ReturnType<typeof startWorld>>

export async function startWorld({ git = {}, gates = 1, flapping = false }: WorldOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gate-chaos-'))
  const gitDir = join(folder, 'acme/search.git')
  mkdirSync(gitDir, { recursive: true })
  mkdirSync(join(folder, 'temp'))
  execFileSync('git', ['init', '-q', '--bare', gitDir])
  execFileSync('git', ['-C', gitDir, 'config', 'http.receivepack', 'true'])
  const gitServer = await startGitServer({ root: folder, token: JOB_TOKEN, ...git })
  const endpoint = await startEndpoint(flapping)
  const text = configText(endpoint.url, gates)
  const github = await startGitHubServer({
    commits: [
      { sha: BASE_SHA, parents: [] },
      { sha: HEAD_SHA, parents: [BASE_SHA] },
    ],
    pulls: [openPull({ number: 7, headSha: HEAD_SHA, labels: [LABEL] })],
    files: [{ path: CONFIG_PATH, ref: BASE_SHA, text }],
  })
  setLabel(github.state, { issue: 7, label: LABEL, by: 'ana', at: '2026-11-24T02:30:00Z' })
  return {
    folder,
    gitDir,
    gitServer,
    github,
    endpoint,
    workspace: workspace({ folder }, { [CONFIG_PATH]: text }),
    stop: async () => {
      await Promise.all([gitServer.close(), github.close(), endpoint.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configText(url: string, gates: number): string {
  const gate = (name: string) => `  ${name}:
    endpoint: {url: "${url}", model: sim}
    workload: {requests: ${REQUESTS}, concurrency: 2, warmup: ${WARMUP}, max_output_tokens: 4, max_client_delay: 30s}
    limits: {ttft_p50: {ceiling: 20s}, ttft_p95: off, error_rate: {ceiling: 90%}}
    prices: {input: $0.60/M, output: $2.40/M}
`
  const names = Array.from({ length: gates }, (_, at) => `gate${at + 1}`)
  return `gates:\n${names.map(gate).join('')}confirm: none\n`
}

export type Running = {
  readonly log: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<Ended>
}

/** `wrapper`: what stands before `node dist/action.js` on the command line. */
export function launch(world: World, job: ActionJob, wrapper: readonly string[] = []): Running {
  const temp = join(world.folder, 'temp')
  const runner = startRunner({ ...job, env: { ...job.env, RUNNER_TEMP: temp, TMPDIR: temp } })
  const [command = process.execPath, ...args] = [
    ...wrapper,
    process.execPath,
    join(ROOT, 'dist/action.js'),
  ]
  const begun = performance.now()
  const child = spawn(command, args, { env: runner.env, cwd: job.workspace })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      const seconds = (performance.now() - begun) / 1000
      runner.finish(code ?? -1, log)
      resolve({ code, seconds, log, ...leftOf(world, job.workspace) })
    })
  })
  return { log: () => log, kill: (signal) => void child.kill(signal), ended }
}

function leftOf(world: World, path: string) {
  const reports = [join(path, 'inference-gate-report'), ...globSync(`${world.folder}/temp/*`)]
  const runs = reports.flatMap((folder) => globSync(join(folder, 'runs/*.json')))
  return {
    answered: world.endpoint.answered(),
    kept: runs.reduce((sum, file) => sum + requestsIn(file), 0),
    hasReport: reports.some((folder) => existsSync(join(folder, 'report.json'))),
    pushes: world.gitServer.requests.filter(({ path: asked }) => /\/git-receive-pack$/.test(asked))
      .length,
  }
}

/** As whoever judges it later would read it. */
function requestsIn(file: string): number {
  const decoded = decodeRun(readFileSync(file, 'utf8'), file)
  return decoded.ok ? decoded.run.records.length : 0
}
