// How far a measured time to first token is from the truth. A server in a process of its own notes, for
// every request, when it had read it and when it wrote the first token; what we measure minus what it
// did is our error. A bare node:http client is measured in turns with ours, and ours once more while it
// reads a server's exporter once a second beside the load.

import { measure } from '../src/measure/load/load.ts'
import { planWorkload } from '../src/measure/plan/plan.ts'
import { startScraper } from '../src/measure/scrape/scrape.ts'
import type { Plan } from '../src/model/plan.ts'
import { openaiChat } from '../src/wire/dialects/openai-chat.ts'
import { runBareClient } from './bench/bare-http-client.ts'
import { ms, percentiles, table } from './bench/percentiles.ts'
import { startServerProcess } from './bench/server-process.ts'
import { startTimedServer } from './bench/timed-server.ts'
import { benchWorkload } from './bench/workload.ts'

const ROUNDS = 8
/** Per request in flight: a round of the smaller load lasts as long as one of the larger. */
const REQUESTS_EACH = new Map([
  [32, 16],
  [256, 4],
])
const TOKENS = 16

type Wanted = { readonly p50: number; readonly p99: number }
/** What is asked for, in ms, by requests in flight. */
const WANTED = new Map<number, Wanted>([
  [32, { p50: 0.4, p99: 3 }],
  [256, { p50: 1.5, p99: 10 }],
])

/** Errors of one client, in ms, round by round. */
type Rounds = (readonly number[])[]

const server = await startTimedServer()
const exporter = await startServerProcess(new URL('./bench/exporter-process.ts', import.meta.url))
const endpoint = {
  api: 'openai-chat',
  url: server.url,
  model: 'm',
  headers: {},
  body: {},
} as const

/** The cache-defeating prefix is unique. */
function key(prompt: string): string {
  return prompt.slice(0, 16)
}

function planOf(inFlight: number, round: number, client: string): Plan {
  const workload = benchWorkload({
    prompt: {
      name: 'p',
      promptClass: 'p',
      weight: 1,
      messages: [{ role: 'user', content: 'Tell me about the weather. '.repeat(8) }],
      maxOutputTokens: TOKENS,
    },
    requests: inFlight * (REQUESTS_EACH.get(inFlight) ?? 4),
    inFlight,
  })
  const { requests, probes, warmup } = workload
  const nonce = `${client}/${inFlight}/${round}`
  return planWorkload(workload, {
    arms: 'candidate',
    requests,
    probes,
    warmup,
    round,
    nonce,
  })
}

/** `scraping`: an exporter is read meanwhile, as `endpoint.metrics` has it. */
async function measureOurs(
  inFlight: number,
  round: number,
  client: 'ours' | 'scraping' = 'ours',
): Promise<readonly number[]> {
  const plan = planOf(inFlight, round, client)
  const { signal } = new AbortController()
  const scraper =
    client === 'scraping' ? startScraper(`${exporter.origin}/metrics`, { signal }) : undefined
  const measurement = await measure(
    plan,
    { candidate: { endpoint, apiKey: undefined } },
    {
      signal,
      beforeMeasured: async () => scraper?.begin(),
      allowance: { requests: 1e6, costUsd: 1e6, durationMs: 300_000 },
      recordSecrets: [],
    },
  )
  await scraper?.end()
  const truth = await server.truth()
  const prompts = new Map(plan.requests.map((r) => [r.index, key(r.messages[0]?.content ?? '')]))
  return measurement.records.flatMap(({ index, firstTokenMs, sentMs }) => {
    const trueMs = truth.get(prompts.get(index) ?? '')
    return trueMs === undefined || firstTokenMs === undefined || sentMs === undefined
      ? []
      : [firstTokenMs - sentMs - trueMs]
  })
}

type BareErrors = { readonly call: readonly number[]; readonly finish: readonly number[] }

async function measureBare(inFlight: number, round: number): Promise<BareErrors> {
  const asked = planOf(inFlight, round, 'bare').requests.map((request) => ({
    prompt: key(request.messages[0]?.content ?? ''),
    warmup: request.warmup,
    wire: openaiChat.request({ ...request, endpoint, apiKey: undefined }),
  }))
  const warmup = asked.filter((each) => each.warmup)
  const measured = asked.filter((each) => !each.warmup)
  const times = await runBareClient(warmup, measured, inFlight)
  const truth = await server.truth()
  const known = times.flatMap((time) => {
    const trueMs = truth.get(time.prompt)
    return trueMs === undefined ? [] : [{ ...time, trueMs }]
  })
  return {
    call: known.map(({ firstTokenMs, calledMs, trueMs }) => firstTokenMs - calledMs - trueMs),
    finish: known.map(({ firstTokenMs, finishedMs, trueMs }) => firstTokenMs - finishedMs - trueMs),
  }
}

/** The server has served before: how slowly it starts is an error of neither client. */
async function warmServer(): Promise<void> {
  await Promise.all(
    planOf(256, 0, 'server').requests.map(async (request) => {
      const wire = openaiChat.request({ ...request, endpoint, apiKey: undefined })
      const response = await fetch(wire.url, { ...wire, method: 'POST' })
      await response.text()
    }),
  )
  await server.truth()
}

function pooled(rounds: Rounds, at: readonly number[]): readonly number[] {
  return percentiles(rounds.flat(), at)
}

function row(name: string, inFlight: number, rounds: Rounds): readonly string[] {
  const perRound = rounds.map((errors) => percentiles(errors, [0.99])[0] ?? Number.NaN)
  return [
    String(inFlight),
    name,
    String(rounds.flat().length),
    ...pooled(rounds, [0.5, 0.9, 0.99]).map(ms),
    ...percentiles(perRound, [0.5]).map(ms),
  ]
}

/** Ours against what is wanted and against the bare client of the same run. */
function judgement(inFlight: number, ours: Rounds, bare: Rounds): string {
  const wanted = WANTED.get(inFlight)
  const own = pooled(ours, [0.5, 0.99])
  const other = pooled(bare, [0.5, 0.99])
  return [wanted?.p50 ?? Number.NaN, wanted?.p99 ?? Number.NaN]
    .map((limit, at) => {
      const holds = (own[at] ?? Number.NaN) <= Math.min(limit, other[at] ?? Number.NaN)
      return `${inFlight} in flight, ${at === 0 ? 'p50' : 'p99'}: ${ms(own[at] ?? Number.NaN)} ms, wanted ≤ ${limit} and ≤ ${ms(other[at] ?? Number.NaN)} (node:http): ${holds ? 'holds' : 'MISSED'}`
    })
    .join('\n')
}

/** What reading an exporter adds to the median, round by round: each round has both, in turns. */
function overhead(inFlight: number, ours: Rounds, scraping: Rounds): string {
  const median = (errors: readonly number[] = []) => percentiles(errors, [0.5])[0] ?? Number.NaN
  const added = scraping.map((errors, round) => median(errors) - median(ours[round]))
  const mean = added.reduce((sum, each) => sum + each, 0) / added.length
  const squares = added.reduce((sum, each) => sum + (each - mean) ** 2, 0)
  const error = Math.sqrt(squares / (added.length - 1) / added.length)
  return `${inFlight} in flight, reading an exporter adds to p50: ${mean.toFixed(3)} ± ${(2 * error).toFixed(3)} ms (2 standard errors over ${added.length} rounds)`
}

const judgements: string[] = []
const rows: (readonly string[])[] = [
  ['in flight', 'client', 'requests', 'p50', 'p90', 'p99', 'p99, median of rounds'],
]
try {
  await warmServer()
  for (const inFlight of WANTED.keys()) {
    const ours: Rounds = []
    const scraping: Rounds = []
    const call: Rounds = []
    const finish: Rounds = []
    const turns = [
      async (round: number) => {
        ours.push(await measureOurs(inFlight, round))
      },
      async (round: number) => {
        scraping.push(await measureOurs(inFlight, round, 'scraping'))
      },
      async (round: number) => {
        const bare = await measureBare(inFlight, round)
        call.push(bare.call)
        finish.push(bare.finish)
      },
    ]
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn(round)
    }
    rows.push(row('Inference Gate, from written', inFlight, ours))
    rows.push(row('Inference Gate, reading an exporter', inFlight, scraping))
    rows.push(row('node:http, from call', inFlight, call))
    rows.push(row('node:http, from finish', inFlight, finish))
    judgements.push(judgement(inFlight, ours, call), overhead(inFlight, ours, scraping))
  }
} finally {
  await Promise.all([server.stop(), exporter.stop()])
}
console.log('Measured TTFT minus the server’s own, ms:\n')
console.log(table(rows))
console.log(`\n${judgements.join('\n')}`)
