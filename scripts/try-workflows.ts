// usage: node scripts/try-workflows.ts [NAME…] [-- OPTIONS OF ACT]
// Runs the README's workflow and those of examples/ as they are written, with act on this machine: the
// built action, a simulated endpoint, a real bare repository and GitHub's stand-in of the tests. Needs act
// in PATH (go install github.com/nektos/act@latest). Other actions are fetched by act unless its
// --local-repository says where they are.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BASE_SHA, configText, type Forge, HEAD_SHA, startForge } from '../__tests__/app/forge.ts'
import { JOB_TOKEN } from '../__tests__/github/github-state.ts'
import { REPOSITORY } from '../src/model/tool.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [names, options] = split(process.argv.slice(2))

type Trial = {
  readonly name: string
  readonly text: () => string
  readonly events: readonly ('push' | 'pull_request')[]
  /** Files of the repository beside the workflow. */
  readonly files?: (forge: Forge) => Readonly<Record<string, string>>
}

const example = (name: string) => () => readFileSync(join(root, 'examples/workflows', name), 'utf8')
const withConfig = (forge: Forge) => ({
  '.github/inference-gate.yml': configText({ url: forge.simulator.url }),
})

const TRIALS: readonly Trial[] = [
  { name: 'README', text: readmeWorkflow, events: ['push', 'pull_request'] },
  { name: 'gate', text: example('gate.yml'), events: ['push', 'pull_request'], files: withConfig },
  {
    name: 'shards',
    text: example('shards.yml'),
    events: ['push', 'pull_request'],
    files: withConfig,
  },
  { name: 'preview', text: example('preview.yml'), events: ['pull_request'], files: withConfig },
  {
    name: 'forks-measure',
    text: example('forks-measure.yml'),
    events: ['pull_request'],
    files: (forge) => ({ ...withConfig(forge), 'serve.sh': '#!/bin/sh\nexit 0\n' }),
  },
]

function readmeWorkflow(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return /```yaml\n(# \.github\/workflows\/[\s\S]*?)```/.exec(readme)?.[1] ?? ''
}

/** What stands for somebody's endpoint becomes the simulator. */
function atSimulator(text: string, { simulator }: Forge): string {
  return text
    .replace(/https:\/\/(inference|pr-\$NUMBER)\.example\.com\/v1/g, simulator.url)
    .replace('http://127.0.0.1:8000/v1', simulator.url)
}

function repositoryOf(trial: Trial, forge: Forge): string {
  const folder = mkdtempSync(join(forge.folder, 'repository-'))
  // The base branch has the config too, or none: a key goes nowhere on a pull request's own word.
  const base = Object.entries(trial.files?.(forge) ?? {})
  forge.github.state.files.splice(0)
  forge.github.state.files.push(...base.map(([path, text]) => ({ path, ref: BASE_SHA, text })))
  const files = {
    ...trial.files?.(forge),
    '.github/workflows/trial.yml': atSimulator(trial.text(), forge),
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { mode: path.endsWith('.sh') ? 0o755 : 0o644 })
  }
  const git = (...args: readonly string[]) => execFileSync('git', ['-C', folder, ...args])
  git('init', '--quiet', '--initial-branch=main')
  git('remote', 'add', 'origin', 'https://github.com/acme/search.git')
  git('add', '--all')
  const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  git(...author, 'commit', '--quiet', '--message', 'Start')
  return folder
}

function eventFile(event: string, folder: string): string {
  const path = join(folder, '.git/event.json')
  const repository = { default_branch: 'main', name: 'search', owner: { login: 'acme' } }
  const pull = {
    number: 7,
    head: { ref: 'change', sha: HEAD_SHA, repo: { id: 1 } },
    base: { ref: 'main', sha: BASE_SHA, repo: { id: 1 } },
    labels: [],
  }
  const said =
    event === 'push'
      ? { ref: 'refs/heads/main', after: BASE_SHA }
      : { action: 'opened', number: 7, pull_request: pull }
  writeFileSync(path, JSON.stringify({ repository, ...said }))
  return path
}

/** What a checkout of the action has that a runner uses. */
function stagedAction(forge: Forge): string {
  const folder = join(forge.folder, 'action')
  for (const path of ['action.yml', 'package.json', 'dist']) {
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  return folder
}

/** Resolves to act's exit code. */
async function act(trial: Trial, event: string, forge: Forge): Promise<number> {
  const folder = repositoryOf(trial, forge)
  const server = new URL(forge.gitServer.url).origin
  const child: ChildProcess = spawn(
    'act',
    [
      event,
      ...['--eventpath', eventFile(event, folder), '--platform', 'ubuntu-latest=-self-hosted'],
      ...[
        '--local-repository',
        `${REPOSITORY}@v1=${action}`,
        '--artifact-server-path',
        join(folder, '.git/artifacts'),
      ],
      ...['--env', `GITHUB_API_URL=${forge.github.apiUrl}`, '--env', `GITHUB_SERVER_URL=${server}`],
      ...['--secret', `GITHUB_TOKEN=${JOB_TOKEN}`, '--secret', 'INFERENCE_API_KEY=key'],
      ...['--secret', 'PREVIEW_API_KEY=key', '--secret', 'PRODUCTION_API_KEY=key'],
      ...options,
    ],
    { cwd: folder, stdio: 'inherit' },
  )
  return await new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code ?? -1))
  })
}

function split(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = args.indexOf('--')
  return at < 0 ? [args, []] : [args.slice(0, at), args.slice(at + 1)]
}

const forge = await startForge()
const action = stagedAction(forge)
const ended: string[] = []
for (const trial of TRIALS.filter(({ name }) => names.length === 0 || names.includes(name))) {
  for (const event of trial.events) {
    const code = await act(trial, event, forge)
    ended.push(`${trial.name} on ${event}: ${code === 0 ? 'passed' : `ended with ${code}`}`)
  }
}
await forge.stop()
console.log(`\n${ended.join('\n')}`)
process.exitCode = ended.every((line) => line.endsWith('passed')) ? 0 : 1
