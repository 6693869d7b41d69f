// How far the measured TTFT of a conversation's turns is from the truth, beside that of single prompts: the
// simulator, in a process of its own, notes when it had read a request and when it wrote the first token.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { measure } from '../src/measure/load/load.ts'
import { planWorkload } from '../src/measure/plan/plan.ts'
import type { Prompt } from '../src/model/config.ts'
import type { LaterTurn } from '../src/model/conversation.ts'
import type { PlannedRequest } from '../src/model/plan.ts'
import type { Served } from '../src/simulator/served-log.ts'
import { ms, percentiles, table } from './bench/percentiles.ts'
import { benchWorkload } from './bench/workload.ts'

const ROUNDS = 4
const IN_FLIGHT = 16
const REQUESTS = 400
const TOKENS = 8
/** Before the first message, unique to each conversation. */
const KEY_CHARACTERS = 16

const TEXT = 'Tell me about the weather of the whole week, day by day. '.repeat(10)
const ALONE: Prompt = {
  name: 'alone',
  promptClass: 'default',
  weight: 1,
  messages: [{ role: 'user', content: TEXT }],
  maxOutputTokens: TOKENS,
}
const SAYS: LaterTurn = {
  thinkMs: 20,
  said: { by: 'user', content: 'And the week after that?' },
  maxOutputTokens: TOKENS,
}
const TALK: Prompt = { ...ALONE, name: 'talk', later: [SAYS, SAYS, SAYS, SAYS] }

const child = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../src/simulator/process.ts', import.meta.url)),
    JSON.stringify({
      behaviour: { ttftMedianMs: 60, cacheSaving: 0.6, tokenGapMs: 4, driftSigma: 0 },
    }),
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
const [first] = await new Promise<string[]>((resolve) => {
  const lines = createInterface({ input: child.stdout })
  lines.once('line', (line) => resolve([line]))
})
const { url } = JSON.parse(first ?? '') as { url: string }

async function told(path: string, change?: object): Promise<unknown> {
  const body = change === undefined ? {} : { method: 'POST', body: JSON.stringify(change) }
  return (await fetch(url.replace(/v1$/, path), body)).json()
}

type Errors = { readonly turn: number; readonly errorMs: number }

async function errorsOf(prompt: Prompt, round: number): Promise<readonly Errors[]> {
  await told('__control', { forget: ['log', 'cache'], run: round })
  const workload = benchWorkload({ prompt, requests: REQUESTS, inFlight: IN_FLIGHT })
  const nonce = `${prompt.name}/${round}`
  const { requests, probes, warmup } = workload
  const size = { arms: 'candidate', requests, probes, warmup, round, nonce } as const
  const plan = planWorkload(workload, size)
  const endpoint = { api: 'openai-chat', url, model: 'm', headers: {}, body: {} } as const
  const { records } = await measure(
    plan,
    { candidate: { endpoint, apiKey: undefined } },
    {
      signal: new AbortController().signal,
      allowance: { requests: 1e6, costUsd: 1e6, durationMs: 300_000 },
      recordSecrets: [],
    },
  )
  const served = (await told('__log')) as readonly Served[]
  const truth = new Map(
    served.map(({ prompt: text, turn, firstTokenMs = Number.NaN, readMs }) => [
      `${text.slice(0, KEY_CHARACTERS)} ${turn}`,
      firstTokenMs - readMs,
    ]),
  )
  const begins = beginningsOf(plan.requests)
  return records.flatMap(({ index, turn = 1, firstTokenMs, sentMs }) => {
    const trueMs = truth.get(`${begins.get(index)} ${turn}`)
    return trueMs === undefined || firstTokenMs === undefined || sentMs === undefined
      ? []
      : [{ turn, errorMs: firstTokenMs - sentMs - trueMs }]
  })
}

/** Of each request, how its conversation begins. */
function beginningsOf(requests: readonly PlannedRequest[]): ReadonlyMap<number, string> {
  let begins = ''
  return new Map(
    requests.map(({ index, messages }) => {
      begins = messages[0]?.content.slice(0, KEY_CHARACTERS) ?? begins
      return [index, begins]
    }),
  )
}

function row(name: string, errors: readonly Errors[]): readonly string[] {
  const values = errors.map(({ errorMs }) => errorMs)
  return [name, String(values.length), ...percentiles(values, [0.5, 0.9, 0.99]).map(ms)]
}

const alone: Errors[] = []
const talks: Errors[] = []
try {
  await errorsOf(ALONE, 0)
  for (let round = 1; round <= ROUNDS; round += 1) {
    const turns = [
      async () => alone.push(...(await errorsOf(ALONE, round))),
      async () => talks.push(...(await errorsOf(TALK, round))),
    ]
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
} finally {
  child.stdin.end()
  child.kill()
}
console.log('Measured TTFT minus the server’s own, ms:\n')
console.log(
  table([
    ['prompts', 'requests', 'p50', 'p90', 'p99'],
    row('asked alone', alone),
    row(
      'first turns',
      talks.filter(({ turn }) => turn === 1),
    ),
    row(
      'later turns',
      talks.filter(({ turn }) => turn > 1),
    ),
  ]),
)
