// What the data branch costs: pushes per second and tries of many writers at once, and what a
// thousand recorded runs leave behind. Runs are realistic: 200 requests of 64 tokens each.
//
//   node scripts/bench-store.ts [--runs 1000] [--writers 20] [--each 5]
//
// Zero runs or zero writers leave that part out.

import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import {
  type BareRepository,
  BRANCH,
  bareRepository,
  storeOf,
} from '../__tests__/baseline/branch/bare-repository.ts'
import { startGitServer } from '../__tests__/baseline/branch/git-http-server.ts'
import { DAY_MS, HOUR_MS, NOON_MS, stored } from '../__tests__/baseline-samples.ts'
import { encodeRun } from '../src/wire/files/run-file.ts'
import type { WriterInput, Written } from './bench/store-writer.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    writers: { type: 'string', default: '20' },
    each: { type: 'string', default: '5' },
  },
})
const RUNS = Number(values.runs)
const WRITERS = Number(values.writers)
const EACH = Number(values.each)
const WRITER = fileURLToPath(new URL('./bench/store-writer.ts', import.meta.url))

function write(input: WriterInput): Promise<readonly Written[]> {
  const child = spawn(process.execPath, [WRITER, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  return new Promise((resolve) => {
    child.once('close', () => resolve(JSON.parse(output || '[]')))
  })
}

async function race(name: string, repository: BareRepository, remoteUrl: string): Promise<void> {
  const startMs = performance.now()
  const all = await Promise.all(
    Array.from({ length: WRITERS }, (_, n) =>
      write({ remoteUrl, workDir: repository.workDir(), writer: n + 1, runs: EACH }),
    ),
  )
  const seconds = (performance.now() - startMs) / 1000
  const written = all.flat().filter(({ stored: done }) => done)
  const attempts = written.map((one) => one.attempts).sort((a, b) => a - b)
  const lasted = written.map((one) => one.ms).sort((a, b) => a - b)
  const { runs, unreadable } = await storeOf(repository, { remoteUrl }).read('chat')
  const at = (sorted: readonly number[], q: number) => sorted[Math.ceil(q * sorted.length) - 1] ?? 0
  const mean = attempts.reduce((sum, count) => sum + count, 0) / Math.max(1, attempts.length)
  console.log(`
${name}: ${WRITERS} writers at once, ${EACH} runs each
  stored                ${written.length} of ${WRITERS * EACH}; on the branch ${runs.length}, unreadable ${unreadable.length}
  wall time             ${seconds.toFixed(1)} s, start of ${WRITERS} processes included
  pushes taken          ${(written.length / seconds).toFixed(1)} per second
  tries per run         mean ${mean.toFixed(1)}, p95 ${at(attempts, 0.95)}, most ${attempts.at(-1)}
  time to store a run   p50 ${(at(lasted, 0.5) / 1000).toFixed(1)} s, p95 ${(at(lasted, 0.95) / 1000).toFixed(1)} s, longest ${((lasted.at(-1) ?? 0) / 1000).toFixed(1)} s`)
}

/** Bytes that a new clone of the branch alone receives. */
function cloneBytes(repository: BareRepository): number {
  const into = mkdtempSync(join(tmpdir(), 'gate-clone-'))
  try {
    const flags = ['clone', '-q', '--bare', '--single-branch', '--branch', BRANCH]
    execFileSync('git', [...flags, repository.url, into])
    return packedBytes(into)
  } finally {
    rmSync(into, { recursive: true, force: true })
  }
}

/** Loose objects and packs of a repository. */
function packedBytes(gitDir: string): number {
  const counted = execFileSync('git', ['-C', gitDir, 'count-objects', '-v'], { encoding: 'utf8' })
  const kib = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(counted)?.[1] ?? 0)
  return (kib('size') + kib('size-pack')) * 1024
}

function collectedBytes(repository: BareRepository): number {
  const copy = mkdtempSync(join(tmpdir(), 'gate-gc-'))
  try {
    cpSync(repository.gitDir, copy, { recursive: true })
    execFileSync('git', ['-C', copy, 'gc', '-q', '--prune=now'])
    return packedBytes(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

/** Records runs one after the other, eight a day, as a busy base branch would. */
async function growth(name: string, repository: BareRepository): Promise<void> {
  const store = storeOf(repository, { totalTimeMs: 60_000 })
  const startMs = performance.now()
  for (let n = 1; n <= RUNS; n += 1) {
    const run = stored({ seed: n, startedMs: NOON_MS + n * 3 * HOUR_MS, requests: 200 })
    const result = await store.append([{ gate: 'chat', runs: [run], epochs: [] }], {
      branch: BRANCH,
      keep: 20,
      maxAgeMs: 30 * DAY_MS,
      nowIso: run.run.startedAt,
    })
    if (!result.stored) throw new Error(result.problem)
  }
  const seconds = (performance.now() - startMs) / 1000
  const files = repository.git('ls-tree', '-r', '--name-only', BRANCH).split('\n')
  console.log(`
${name}: ${RUNS} runs recorded one after the other, keep 20
  time per record       ${((1000 * seconds) / RUNS).toFixed(0)} ms
  the branch            ${repository.git('rev-list', '--count', BRANCH)} commit(s), ${files.length} files, ${megabytes(cloneBytes(repository))} to clone
  the server's disk     ${megabytes(packedBytes(repository.gitDir))} before its clean-up, ${megabytes(collectedBytes(repository))} after`)
}

async function withRepository(
  config: readonly (readonly [string, string])[],
  work: (repository: BareRepository) => Promise<void>,
): Promise<void> {
  const repository = bareRepository(['uploadpack.allowFilter', 'true'], ...config)
  try {
    await work(repository)
  } finally {
    repository.remove()
  }
}

const size = encodeRun(stored({ seed: 1, requests: 200 }).run).length
const bare = encodeRun(stored({ seed: 1, requests: 200, tokens: 1 }).run).length
console.log(`A run of 200 requests: ${size} bytes with 63 token gaps each, ${bare} without gaps`)
if (WRITERS > 0) await races()
if (RUNS > 0) await growths()

async function races(): Promise<void> {
  await withRepository([], (repository) => race('file', repository, repository.url))
  await withRepository([['http.receivepack', 'true']], async (repository) => {
    const server = await startGitServer({ root: repository.folder })
    await race('http', repository, server.url)
    await server.close()
  })
}

async function growths(): Promise<void> {
  await withRepository([], (repository) => growth('one commit (the rule)', repository))
  await withRepository([['receive.denyNonFastForwards', 'true']], (repository) =>
    growth('a commit per run (where force pushes are forbidden)', repository),
  )
}
