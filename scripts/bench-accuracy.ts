// How far a measured time to first token is from the truth. The simulator runs in a process of its
// own and logs, for every request, when it had read it and when it wrote the first token; what we
// measure minus what it did is our error. A bare node:http client is measured in turns with ours.

import { startSimulatorProcess } from '../__tests__/simulator/simulator-process.ts'
import { measure } from '../src/io/load/measure.ts'
import type { Workload } from '../src/model/config.ts'
import type { Plan } from '../src/model/plan.ts'
import type { Served } from '../src/simulator/served-log.ts'
import { planWorkload } from '../src/stages/plan-workload.ts'
import { openaiChat } from '../src/wire/dialect/openai-chat.ts'
import { runBareClient } from './bench/bare-http-client.ts'
import { ms, percentiles, table } from './bench/percentiles.ts'

const ROUNDS = 3
const TOKENS = 16
type Wanted = { readonly p50: number; readonly p99: number }
/** What is asked for, in ms, by requests in flight. */
const WANTED = new Map<number, Wanted>([
  [32, { p50: 0.4, p99: 3 }],
  [256, { p50: 1.5, p99: 10 }],
])

type Errors = {
  readonly ours: number[]
  readonly bareCall: number[]
  readonly bareFinish: number[]
}

const simulator = await startSimulatorProcess({
  behaviour: { ttftMedianMs: 250, tokenGapMs: 15, drift: 1 },
})
const endpoint = {
  api: 'openai-chat',
  url: simulator.url,
  model: 'm',
  headers: {},
  body: {},
} as const

async function trueTimes(): Promise<ReadonlyMap<string, number>> {
  const log = await simulator.log()
  await simulator.control({ forget: ['log'] })
  return new Map(log.map((served: Served) => [key(served.prompt), trueTtft(served)]))
}

function trueTtft(served: Served): number {
  return (served.firstTokenMs ?? Number.NaN) - served.readMs
}

/** The cache-defeating prefix is unique. */
function key(prompt: string): string {
  return prompt.slice(0, 16)
}

function planOf(inFlight: number, round: number, client: string): Plan {
  const workload: Workload = {
    prompts: [
      {
        name: 'p',
        promptClass: 'p',
        weight: 1,
        messages: [{ role: 'user', content: 'Tell me about the weather. '.repeat(8) }],
        maxOutputTokens: TOKENS,
      },
    ],
    requests: inFlight * 8,
    probes: 0,
    load: { kind: 'closed', concurrency: inFlight },
    warmup: inFlight,
    promptCache: 'bypass',
    maxClientDelayMs: 50,
    timeouts: { connectMs: 5000, firstTokenMs: 10_000, idleMs: 10_000, totalMs: 30_000 },
    seed: 1,
  }
  const { requests, probes, warmup } = workload
  const nonce = `${client}/${inFlight}/${round}`
  return planWorkload(workload, {
    arms: 'candidate',
    requests,
    probes,
    warmup,
    firstIndex: 0,
    round,
    nonce,
  })
}

async function measureOurs(inFlight: number, round: number, errors: Errors): Promise<void> {
  const plan = planOf(inFlight, round, 'ours')
  const measurement = await measure(
    plan,
    { candidate: { endpoint, apiKey: undefined } },
    {
      signal: new AbortController().signal,
      allowance: { requests: 1e6, costUsd: 1e6, durationMs: 300_000 },
      recordSecrets: [],
    },
  )
  const truth = await trueTimes()
  const prompts = new Map(plan.requests.map((r) => [r.index, key(r.messages[0]?.content ?? '')]))
  for (const { index, firstTokenMs, sentMs } of measurement.records) {
    const trueMs = truth.get(prompts.get(index) ?? '')
    if (trueMs === undefined || firstTokenMs === undefined || sentMs === undefined) continue
    errors.ours.push(firstTokenMs - sentMs - trueMs)
  }
  const { eventLoopDelayP99Ms, sendLatenessP99Ms, clientQueueP99Ms } = measurement.conditions
  console.error(
    `  ours ${inFlight}: loop p99 ${ms(eventLoopDelayP99Ms)}, late ${ms(sendLatenessP99Ms)}, queue ${ms(clientQueueP99Ms)}`,
  )
}

async function measureBare(inFlight: number, round: number, errors: Errors): Promise<void> {
  const asked = planOf(inFlight, round, 'bare').requests.map((request) => ({
    prompt: key(request.messages[0]?.content ?? ''),
    warmup: request.warmup,
    wire: openaiChat.request({ ...request, endpoint, apiKey: undefined }),
  }))
  const warmup = asked.filter((each) => each.warmup)
  const measured = asked.filter((each) => !each.warmup)
  const times = await runBareClient(warmup, measured, inFlight)
  const truth = await trueTimes()
  for (const { prompt, calledMs, finishedMs, firstTokenMs } of times) {
    const trueMs = truth.get(prompt)
    if (trueMs === undefined) continue
    errors.bareCall.push(firstTokenMs - calledMs - trueMs)
    errors.bareFinish.push(firstTokenMs - finishedMs - trueMs)
  }
}

function row(name: string, inFlight: number, errors: readonly number[]): readonly string[] {
  const [p50 = Number.NaN, p90 = Number.NaN, p99 = Number.NaN] = percentiles(
    errors,
    [0.5, 0.9, 0.99],
  )
  return [String(inFlight), name, String(errors.length), ms(p50), ms(p90), ms(p99)]
}

/** Ours against what is wanted and against the bare client of the same run. */
function judgement(inFlight: number, wanted: Wanted, errors: Errors): string {
  const ours = percentiles(errors.ours, [0.5, 0.99])
  const bare = percentiles(errors.bareCall, [0.5, 0.99])
  return [wanted.p50, wanted.p99]
    .map((limit, at) => {
      const own = ours[at] ?? Number.NaN
      const other = bare[at] ?? Number.NaN
      const holds = own <= limit && own <= other
      const name = at === 0 ? 'p50' : 'p99'
      return `${inFlight} in flight, ${name}: ${ms(own)} ms, wanted ≤ ${limit} and ≤ ${ms(other)} (node:http): ${holds ? 'holds' : 'MISSED'}`
    })
    .join('\n')
}

const judgements: string[] = []
const rows: (readonly string[])[] = [['in flight', 'client', 'requests', 'p50', 'p90', 'p99']]
try {
  for (const [inFlight, wanted] of WANTED) {
    const errors: Errors = { ours: [], bareCall: [], bareFinish: [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      await measureOurs(inFlight, round, errors)
      await measureBare(inFlight, round, errors)
    }
    rows.push(row('Inference Gate, from written', inFlight, errors.ours))
    rows.push(row('node:http, from call', inFlight, errors.bareCall))
    rows.push(row('node:http, from finish', inFlight, errors.bareFinish))
    judgements.push(judgement(inFlight, wanted, errors))
  }
} finally {
  await simulator.stop()
}
console.log('Measured TTFT minus the server’s own, ms:\n')
console.log(table(rows))
console.log(`\n${judgements.join('\n')}`)
