// A sentence for what never happens is a sentence too many: every kind of reason, invalidity, warning and
// problem comes of some run of the pipeline. What a load brings about comes of real load on a simulator,
// what a history brings about of the world in memory, what a job brings about of the action.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { importResults, judge } from '../../src/api.ts'
import { gatePorts } from '../../src/app/ports.ts'
import { SILENT_PROGRESS } from '../../src/app/progress.ts'
import { judgeReported } from '../../src/gate/judge-reported.ts'
import { recordGate } from '../../src/gate/record.ts'
import { runGate } from '../../src/gate/run-gate.ts'
import type { GateRequest } from '../../src/model/ports.ts'
import type { ReportProblem } from '../../src/model/report-document.ts'
import type { GateResult } from '../../src/model/verdict.ts'
import type { Behaviour } from '../../src/simulator/behaviour.ts'
import { configOf, type Law, memoryWorld, requestOf } from '../gate/memory-ports.ts'
import { serverUsage } from '../judge/measured.ts'
import {
  LAST_EVENTS,
  type RawServer,
  STREAM_HEAD,
  startRawServer,
  tokenEvent,
} from '../measure/load/raw-server.ts'
import type { INVALIDITIES, REASONS, WARNINGS } from '../report/every-kind.ts'
import type { SimulatorProcess } from '../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../simulator/simulator-process.ts'
import {
  CONFIG_PATH,
  configText,
  type Forge,
  type PullEvent,
  publishBase,
  pullJob,
  QUICK,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'

type OfEvery<Kind extends string, Made> = { readonly [One in Kind]: () => Promise<Made> }

async function imported(): Promise<GateResult> {
  const file = join(
    import.meta.dirname,
    '../fixtures/imports/llmperf/m_128_16_individual_responses.json',
  )
  const runs = await importResults([file], { gate: 'chat' })
  const [result] = judge(runs, { with: runs }).gates
  if (result === undefined) throw new Error('nothing was judged')
  return result
}

/** The limits that a config has without being asked are off. */
function configWith(limits: string, more = ''): string {
  const off = ['ttft_p50', 'ttft_p95', 'error_rate', 'cost_per_answer']
    .filter((id) => !limits.includes(id))
    .map((id) => `${id}: off, `)
  return `gates:
  chat:
    endpoint: {url: "https://candidate.example/v1", model: m}
    workload: {requests: 100, concurrency: 4}
    limits: {${off.join('')}${limits}}
    ${more}
budget: {cost: $5.00, duration: 30m, requests: 5000}
`
}
const P50 = 'ttft_p50: {increase: 10%, floor: 0ms, must_detect: 25%}'
const PROBING = configWith(P50).replace('requests: 100,', 'requests: 100, probes: 100,')
const PRICED = 'prices: {input: $0.60/M, output: $2.40/M}'

type Scenario = {
  readonly config?: string
  /** Of the recorded runs, oldest first. */
  readonly before?: readonly Law[]
  readonly now?: Law
  readonly request?: Partial<GateRequest>
}

const TIMED_OUT = { outcome: 'timeout-first-token', firstTokenMs: undefined } as const
const hangs = (share: number): Law => ({
  differs: (index) => (index % Math.round(1 / share) === 0 ? TIMED_OUT : {}),
})
const MOSTLY_HUNG: Law = { differs: (index) => (index % 4 === 0 ? {} : TIMED_OUT) }
const constant = (runs: number, law: Law = {}): readonly Law[] =>
  [1, 1.04, 0.97, 1.02, 0.95, 1.03, 0.99, 1.01, 1, 1.02]
    .slice(0, runs)
    .map((drift) => ({ medianMs: () => 100 * drift, ...law }))
const creeping = Array.from({ length: 24 }, (_, run) => ({ medianMs: () => 100 * 1.025 ** run }))

async function judged({ config, before = constant(8), now = {}, request }: Scenario) {
  const world = memoryWorld()
  const asked = requestOf(config ?? configWith(P50), request)
  for (const law of before) {
    world.obey(law)
    const { addition } = await recordGate(asked, { ports: world.ports, opening: undefined })
    world.stored.push(...(addition?.runs ?? []))
  }
  world.obey(now)
  return (await runGate(asked, world.ports)).result
}

/** By a base branch that asks for what `judged` asks for. */
function reported(gates: readonly GateResult[]): GateResult {
  const ruling = { base: configOf(configWith(P50)), defaults: () => [] }
  const [result] = judgeReported(gates, ruling).gates
  if (result === undefined) throw new Error('nothing was judged')
  return result
}

describe('a metric is judged', () => {
  const SCENARIOS: OfEvery<keyof typeof REASONS, GateResult> = {
    'worse-than-limit': () => judged({ now: { medianMs: () => 200 } }),
    'above-ceiling': () => judged({ config: configWith('ttft_p50: {ceiling: 50ms}') }),
    'failures-beyond-quantile': () => judged({ now: MOSTLY_HUNG }),
    drifted: () =>
      judged({
        config: configWith('ttft_p50: {increase: 15%, floor: 0ms, must_detect: 60%, drift: 30%}'),
        before: creeping,
        now: { medianMs: () => 100 * 1.025 ** creeping.length },
      }),
    'significant-alone': () =>
      judged({
        config: configWith(
          `${P50}, ttft_p90: {increase: 10%}, latency_p50: {increase: 10%}, output_tokens: {increase: 10%}`,
        ),
        now: { medianMs: () => 117 },
      }),
    'not-confirmed': () =>
      judged({
        now: { medianMs: (_, round) => (round === 0 ? 200 : 100) },
        request: { confirmAfterMs: 60_000 },
      }),
    'ruled-out': () => judged({}),
    'within-ceiling': () => judged({ config: configWith('ttft_p50: {ceiling: 2s}') }),
    'not-exported': () =>
      judged({
        config: configWith('server_waiting: {ceiling: 5}').replace(
          'model: m}',
          'model: m, metrics: {url: "https://candidate.example/metrics"}}',
        ),
      }),
    'not-shown': async () => reported([{ ...(await judged({})), metrics: [] }]),
    better: () => judged({ now: { medianMs: () => 40 } }),
    'too-few-requests': () =>
      judged({
        config: configWith('ttft_p95: {increase: 10%, must_detect: 25%}'),
        now: { isDown: (_, __, index) => index % 2 === 0 },
      }),
    'interval-too-wide': () =>
      judged({ config: configWith('ttft_p50: {increase: 1%, floor: 0ms, must_detect: 1%}') }),
    'no-history': () => judged({ before: [] }),
    'ceiling-open': () => judged({ config: configWith('ttft_p99: {ceiling: 2s}') }),
    'failures-hide-quantile': () =>
      judged({
        config: configWith('ttft_p95: {increase: 10%, must_detect: 25%}'),
        before: constant(8, hangs(0.04)),
        now: hangs(1 / 16),
      }),
    'history-unusable': () => judged({ before: constant(8, MOSTLY_HUNG) }),
    'no-samples': () =>
      judged({
        config: configWith('tpot_p50: {increase: 10%}'),
        now: { differs: () => ({ usage: serverUsage({ inputTokens: 100, outputTokens: 1 }) }) },
      }),
    'no-limit': () => judged({}),
    'no-prices': () => judged({ config: configWith('cost_per_answer: {increase: 5%}') }),
    'usage-unknown': () =>
      judged({
        config: configWith('cost_per_answer: {increase: 5%}', PRICED),
        before: [],
        now: { differs: () => ({ usage: undefined, tokenEvents: 0, outputCharacters: 0 }) },
      }),
    free: () =>
      judged({
        config: configWith(
          'cost_per_answer: {increase: 5%}',
          'prices: {input: $0/M, output: $0/M}',
        ),
      }),
    'unknown-in-import': imported,
    'invalid-run': () => judged({ now: { conditions: () => ({ clockDriftMs: 60_000 }) } }),
  }

  it.each(Object.entries(SCENARIOS))('for %s', async (kind, scenario) => {
    expect((await scenario()).metrics.map(({ reason }) => reason.kind)).toContain(kind)
  })
})

describe('under real load', () => {
  let simulator: SimulatorProcess
  let closing: RawServer
  let lengthy: RawServer
  let caching: RawServer

  beforeAll(async () => {
    simulator = await startSimulatorProcess({ seed: 5, behaviour: QUICK })
    closing = await startRawServer((socket) =>
      socket.end(`${STREAM_HEAD}connection: close\r\n\r\n${tokenEvent('a')}${LAST_EVENTS}`),
    )
    caching = await startRawServer((socket) =>
      socket.end(
        `${STREAM_HEAD}connection: close\r\nage: 31\r\n\r\n${tokenEvent('a')}${LAST_EVENTS}`,
      ),
    )
    const tooLongToKeep = tokenEvent('a'.repeat(50 * 1024)).repeat(6)
    lengthy = await startRawServer((socket) =>
      socket.end(`${STREAM_HEAD}connection: close\r\n\r\n${tooLongToKeep}${LAST_EVENTS}`),
    )
  })
  afterAll(() => Promise.all([simulator, closing, lengthy, caching].map((one) => one.stop())))

  /** An endpoint of its own that behaves so. */
  async function versionOf(name: string, behaviour: Partial<Behaviour>): Promise<string> {
    await simulator.control({ version: name, behaviour: { ...QUICK, ...behaviour } })
    return simulator.url.replace('/v1', `/${name}/v1`)
  }

  const PLAIN = 'requests: 40, max_client_delay: 30s'

  type Load = {
    readonly url?: string
    readonly endpoint?: string
    readonly workload?: string
    readonly gate?: string
    readonly budget?: string
    readonly allowance?: GateRequest['allowance']
    readonly signal?: AbortSignal
  }

  async function loaded(load: Load): Promise<GateResult> {
    const { url = simulator.url, endpoint = '', workload = PLAIN, gate = '', budget = '' } = load
    const config = `gates:
  chat:
    endpoint: {url: "${url}", model: m${endpoint}}
    workload: {max_output_tokens: 4, ${workload}}
    ${gate}
${budget}
`
    const ports = gatePorts({
      store: memoryWorld().ports.store,
      keys: { candidate: undefined, reference: undefined },
      policy: configOf(config).policy,
      reach: { kind: 'anywhere' },
      env: {},
      signal: load.signal ?? new AbortController().signal,
      screen: SILENT_PROGRESS,
    })
    const { allowance = requestOf(config).allowance } = load
    return (await runGate(requestOf(config, { allowance }), ports)).result
  }

  /** The client's process does something else most of the time, and so long without a pause. */
  async function whileBusy(load: Load, ms = 80): Promise<GateResult> {
    const nothing = new Int32Array(new SharedArrayBuffer(4))
    // Held, and not computed away: the other suites' share of the machine stays theirs.
    const busy = setInterval(() => Atomics.wait(nothing, 0, 0, ms), 5)
    return loaded(load).finally(() => clearInterval(busy))
  }

  /** As where the machine's clock is set again and again. */
  async function whileClockRuns(times: number, load: Load): Promise<GateResult> {
    const { now } = Date
    Date.now = () => now() + times * performance.now()
    return loaded(load).finally(() => {
      Date.now = now
    })
  }

  const ARRIVING = 'requests: 40, arrivals: {rate: 500/s, process: constant, max_in_flight: 500}'
  const SMALL = 'requests: 8, concurrency: 4, warmup: 0, max_client_delay: 30s'

  const VOID: OfEvery<keyof typeof INVALIDITIES, GateResult> = {
    'event-loop-delay': () => whileBusy({ workload: 'requests: 40' }),
    'send-lateness': () => whileBusy({ workload: ARRIVING }),
    // Several times as long as all arrivals together take.
    'load-not-reached': () => whileBusy({ workload: ARRIVING }, 400),
    'fresh-connections': () => loaded({ workload: SMALL }),
    'clock-stepped': () => whileClockRuns(100, {}),
    'too-many-in-flight': async () =>
      loaded({
        url: await versionOf('pending', { ttftMedianMs: 800 }),
        workload:
          'requests: 40, warmup: 1, arrivals: {rate: 100/s, process: constant, max_in_flight: 3}',
      }),
    'nothing-completed': () => loaded({ url: simulator.faultUrl('http-401') }),
    budget: () => loaded({ allowance: { requests: 10, costUsd: 1, durationMs: 60_000 } }),
    aborted: () => loaded({ signal: AbortSignal.abort() }),
    'not-reported': async () => reported([]),
    'not-ready': () => loaded({ endpoint: ', ready: {url: /nothing, timeout: 1s}' }),
  }

  it.each(Object.entries(VOID))('a run is void for %s', async (kind, scenario) => {
    const { verdict, invalidities } = await scenario()
    expect(verdict).toBe('invalid')
    expect(invalidities.map((invalidity) => invalidity.kind)).toContain(kind)
  })

  const WARNED: OfEvery<keyof typeof WARNINGS, GateResult> = {
    'probes-disagree': () => judged({ config: PROBING, now: { probesTake: 0.5 } }),
    unsettled: async () => {
      const url = await versionOf('waking', {})
      const script = [400, 400, 400, 400, 400, 200, 200, 200, 200, 100, 100, 100, 100]
      await simulator.control({
        version: 'waking',
        script: script.map((firstTokenMs) => ({ firstTokenMs })),
      })
      // One answer, four to warm up and forty to measure leave eight to go on with.
      const allowance = { requests: 53, costUsd: 1, durationMs: 600_000 }
      return loaded({ url, endpoint: ', ready: {}', allowance })
    },
    'measured-again': () =>
      judged({
        now: { conditions: (round) => (round === 0 ? { clockDriftMs: 60_000 } : {}) },
        request: { confirmAfterMs: 1000 },
      }),
    'output-tokens-ignored': async () =>
      loaded({ url: await versionOf('long', { ignoresOutputLimit: true, outputTokens: 40 }) }),
    'usage-disagrees': async () => loaded({ url: await versionOf('wrong', { usage: 'wrong' }) }),
    'usage-missing': async () => loaded({ url: await versionOf('silent', { usage: 'off' }) }),
    'budget-shortened': async () =>
      loaded({
        // Three times the tokens that could be expected, so what is left after the warm-up is not enough.
        url: await versionOf('costly', { ignoresOutputLimit: true, outputTokens: 12 }),
        // How far a warm-up goes that is left to itself depends on how busy the machine is.
        workload: `${PLAIN}, warmup: 4`,
        gate: 'prices: {input: $0/M, output: $1000/M}',
        budget: 'budget: {cost: $0.42}',
      }),
    'client-late': () => whileBusy({}),
    'coalesced-reads': async () => loaded({ url: await versionOf('batching', { coalesce: 4 }) }),
    'probes-empty': async () =>
      loaded({
        url: await versionOf('hiding', { faults: { 'no-token': 0.8 } }),
        workload: `${PLAIN}, probes: 40`,
      }),
    'server-closes-connections': () => loaded({ url: closing.url }),
    'rate-limited': async () =>
      loaded({ url: await versionOf('limiting', { faults: { 'http-429': 0.3 } }) }),
    'answers-unchecked': () =>
      loaded({
        url: lengthy.url,
        workload: `${PLAIN}, prompts: [{name: a, prompt: Speak, expect: {contains: [a]}}]`,
      }),
    'answers-from-cache': () => loaded({ url: caching.url }),
    'metrics-unread': () => loaded({ endpoint: `, metrics: {url: "${simulator.url}/nothing"}` }),
    imported,
  }

  it.each(Object.entries(WARNED))('a run is warned of for %s', async (kind, scenario) => {
    const { warnings } = await scenario()
    expect(warnings.map((warning) => warning.kind)).toContain(kind)
  })
})

describe('a job of the action reports', () => {
  let forge: Forge
  beforeAll(async () => {
    forge = await startForge()
    publishBase(forge)
  })
  afterAll(() => forge.stop())

  async function reported(parts: Partial<PullEvent> & { readonly config?: string }) {
    const { config = configText({ url: forge.simulator.url }), ...event } = parts
    const path = workspace(forge, { [CONFIG_PATH]: config })
    const job = pullJob(forge, { workspace: path, ...event })
    await runActionHere({ ...job, inputs: { ...job.inputs, comment: 'never' } })
    const file = readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8')
    return JSON.parse(file).problem?.kind
  }

  const PROBLEMS: OfEvery<ReportProblem['kind'], unknown> = {
    config: () => reported({ config: 'gates: {chat: {endpoint: 7}}\n' }),
    'no-secrets': () =>
      reported({ fork: true, config: configText({ url: forge.simulator.faultUrl('http-401') }) }),
    error: () => reported({ inputs: { results: 'nothing/*.json' } }),
  }

  it.each(Object.entries(PROBLEMS))('a problem of the kind %s', async (kind, scenario) => {
    expect(await scenario()).toBe(kind)
  })
})
