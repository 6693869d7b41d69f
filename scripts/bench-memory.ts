// What the built command line holds at its worst while a server tries to fill its memory: the peak of
// its resident memory, as the kernel counts it, for each hostile ending at several concurrencies.
//
//   node scripts/bench-memory.ts [--in-flight 32,512] [--only NAME] [--cli dist/cli.js]
//
// Linux alone: the peak is read from /proc. Exits 1 where a row grows past the bound.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { HONEST, HOSTILITIES, type Hostility, startHostileServer } from './bench/hostile-server.ts'
import { table } from './bench/percentiles.ts'

const { values } = parseArgs({
  options: {
    'in-flight': { type: 'string', default: '32,512' },
    only: { type: 'string', default: '' },
    cli: { type: 'string', default: 'dist/cli.js' },
  },
})
/** What a run may grow by beside an honest server, at any concurrency. */
const MOST_GROWTH_MB = 300
const LONGEST_RUN_MS = 40_000
const LOOK_MS = 20

const folder = mkdtempSync(join(tmpdir(), 'inference-gate-memory-'))

/** One wave, each given a few seconds: long enough to fill whatever can be filled. */
function config(url: string, inFlight: number): string {
  return `gates:
  memory:
    endpoint: {url: "${url}", model: m}
    workload:
      requests: ${inFlight}
      concurrency: ${inFlight}
      warmup: 0
      max_output_tokens: 4
      max_client_delay: 30s
      timeouts: {connect: 5s, first_token: 5s, idle: 5s, total: 5s}
    limits: {error_rate: {ceiling: 100%}}
    prices: {input: $0/M, output: $0/M}
budget: {duration: 20s, requests: 5000}
confirm: none
`
}

async function peakMb(hostility: Hostility, inFlight: number): Promise<number> {
  const server = await startHostileServer(hostility)
  const path = join(folder, 'config.yml')
  writeFileSync(path, config(server.url, inFlight))
  const args = ['run', '--config', path, '--baseline', join(folder, 'none')]
  const child = spawn(process.execPath, [values.cli, ...args, '--report-dir', join(folder, 'r')], {
    stdio: 'ignore',
  })
  try {
    return await watched(child)
  } finally {
    await server.stop()
  }
}

async function watched(child: ChildProcess): Promise<number> {
  const ended = once(child, 'exit')
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, highWaterMb(child.pid))
  }, LOOK_MS)
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS)
  await ended
  clearInterval(look)
  clearTimeout(late)
  return peak
}

function highWaterMb(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
  } catch {
    // It ended in the meantime.
    return 0
  }
}

const concurrencies = values['in-flight'].split(',').map(Number)
const honest = await peakMb(HONEST, 1)
const rows = [['server', ...concurrencies.map((count) => `peak at ${count} in flight`)]]
let worst = 0
for (const hostility of [HONEST, ...HOSTILITIES]) {
  if (!hostility.name.includes(values.only)) continue
  const peaks: string[] = []
  for (const inFlight of concurrencies) {
    const grown = (await peakMb(hostility, inFlight)) - honest
    worst = Math.max(worst, grown)
    peaks.push(`${honest.toFixed(0)} ${grown < 0 ? '−' : '+'} ${Math.abs(grown).toFixed(0)} MB`)
  }
  rows.push([hostility.name, ...peaks])
  process.stderr.write(`${hostility.name}: ${peaks.join(', ')}\n`)
}
process.stdout.write(`${table(rows)}\n`)
rmSync(folder, { recursive: true })
if (worst > MOST_GROWTH_MB) {
  process.stdout.write(`grew by ${worst.toFixed(0)} MB; ${MOST_GROWTH_MB} MB is the bound\n`)
  process.exitCode = 1
}
