// How much load one client process can make before its own self-check voids the run, what a kept
// record weighs, and whether ten thousand requests leave anything behind. The server is a process of
// its own that costs little: the limit that is found should be the client's.

import { measure } from '../src/measure/load/load.ts'
import { collector } from '../src/measure/load/settled-heap.ts'
import { planWorkload } from '../src/measure/plan/plan.ts'
import { checkRun } from '../src/measure/self-check/self-check.ts'
import type { Load, Workload } from '../src/model/config.ts'
import type { Measurement } from '../src/model/measurement.ts'
import type { Plan } from '../src/model/plan.ts'
import { startCannedServer } from './bench/canned-server.ts'
import { ms, percentiles, table } from './bench/percentiles.ts'
import { profiled } from './bench/profile.ts'

const SECONDS_A_RATE = 6
const RATES = [50, 100, 200, 300, 400, 500, 600, 700, 800, 1000, 1200, 1500, 1800, 2100, 2500, 3000]
const MANY = 10_000
const IN_FLIGHT = 256

const collect = collector()
const server = await startCannedServer()

function planOf(load: Load, requests: number, warmup: number): Plan {
  const workload: Workload = {
    prompts: [
      {
        name: 'p',
        promptClass: 'p',
        weight: 1,
        messages: [{ role: 'user', content: 'Tell me about the weather. '.repeat(8) }],
        maxOutputTokens: 64,
      },
    ],
    requests,
    probes: 0,
    load,
    warmup,
    promptCache: 'bypass',
    maxClientDelayMs: 50,
    timeouts: { connectMs: 5000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 60_000 },
    seed: 1,
  }
  const options = { arms: 'candidate', requests, probes: 0, warmup } as const
  return planWorkload(workload, { ...options, round: 0, nonce: `${requests}` })
}

function run(plan: Plan): Promise<Measurement> {
  const endpoint = {
    api: 'openai-chat',
    url: server.url,
    model: 'm',
    headers: {},
    body: {},
  } as const
  return measure(
    plan,
    { candidate: { endpoint, apiKey: undefined } },
    {
      signal: new AbortController().signal,
      allowance: { requests: 1e6, costUsd: 1e6, durationMs: 120_000 },
      recordSecrets: [],
    },
  )
}

/** Raises the rate until the self-check voids the run. */
async function highestRate(): Promise<number> {
  const rows = [
    ['rate/s', 'achieved', 'in flight', 'loop p99', 'late p99', 'cpu', 'TTFT p99', 'self-check'],
  ]
  let held = 0
  for (const rate of RATES) {
    const load = {
      kind: 'open',
      ratePerSecond: rate,
      process: 'constant',
      maxInFlight: 4096,
    } as const
    const plan = planOf(load, rate * SECONDS_A_RATE, Math.ceil(rate * 0.8))
    const before = process.cpuUsage()
    const measurement = await run(plan)
    const cpu = process.cpuUsage(before)
    const { invalidities } = checkRun(measurement, plan)
    const { achievedLoad, peakInFlight, eventLoopDelayP99Ms, sendLatenessP99Ms } =
      measurement.conditions
    rows.push([
      String(rate),
      achievedLoad.toFixed(1),
      String(peakInFlight),
      ms(eventLoopDelayP99Ms),
      ms(sendLatenessP99Ms),
      `${(((cpu.user + cpu.system) / 1000 / measurement.totalMs) * 100).toFixed(0)} %`,
      ms(ttftP99Ms(measurement)),
      invalidities.length === 0 ? 'held' : invalidities.map(({ kind }) => kind).join(', '),
    ])
    if (invalidities.length > 0) break
    held = rate
  }
  console.log(
    `Open loop, 64 tokens an answer, ${SECONDS_A_RATE} s a rate; the true TTFT is 100 to 110 ms:\n`,
  )
  console.log(`${table(rows)}\n`)
  return held
}

function ttftP99Ms(measurement: Measurement): number {
  const values = measurement.records.map(
    ({ firstTokenMs = Number.NaN, sentMs = Number.NaN }) => firstTokenMs - sentMs,
  )
  return percentiles(values, [0.99])[0] ?? Number.NaN
}

/** What the processor does at the highest rate that was held. */
async function bottleneck(rate: number): Promise<void> {
  const load = {
    kind: 'open',
    ratePerSecond: rate,
    process: 'constant',
    maxInFlight: 4096,
  } as const
  const { shares } = await profiled(() => run(planOf(load, rate * SECONDS_A_RATE, rate)))
  const rows = shares
    .slice(0, 12)
    .map(({ where, share }) => [`${(share * 100).toFixed(1)} %`, where])
  console.log(`Processor time of the client at ${rate}/s, by function:\n`)
  console.log(`${table([['share', 'function'], ...rows])}\n`)
}

function heapMiB(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
}

/** Runs many requests twice over; what is left must not grow. */
async function manyRequests(): Promise<void> {
  const rows = [
    [
      'round',
      'records',
      'completed',
      's',
      'heap with records',
      'KiB per 1000',
      'heap after',
      'sockets left',
    ],
  ]
  const load = { kind: 'closed', concurrency: IN_FLIGHT } as const
  for (let round = 1; round <= 4; round += 1) {
    const empty = heapMiB()
    let plan: Plan | undefined = planOf(load, MANY, IN_FLIGHT)
    let measurement: Measurement | undefined = await run(plan)
    plan = undefined
    const withRecords = heapMiB()
    const { records, totalMs } = measurement
    const distinct = new Set(records.map((record) => record.index)).size
    const completed = records.filter((record) => record.outcome === 'completed').length
    const row = [String(round), String(distinct), String(completed), (totalMs / 1000).toFixed(1)]
    measurement = undefined
    rows.push([
      ...row,
      `${withRecords.toFixed(1)} MiB`,
      (((withRecords - empty) * 1024 * 1000) / MANY).toFixed(0),
    ])
    rows.at(-1)?.push(...(await left()))
  }
  console.log(`${MANY} requests at ${IN_FLIGHT} in flight:\n`)
  console.log(table(rows))
}

async function left(): Promise<readonly string[]> {
  const heap = `${heapMiB().toFixed(1)} MiB`
  const client = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  return [heap, `${client} client, ${await server.sockets()} server`]
}

try {
  const held = await highestRate()
  if (held > 0) await bottleneck(held)
  await manyRequests()
} finally {
  await server.stop()
}
