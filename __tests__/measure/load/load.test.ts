import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { measure } from '../../../src/measure/load/load.ts'
import { GateError } from '../../../src/model/errors.ts'
import type { Measurement, Progress } from '../../../src/model/measurement.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { AMPLE, askOnce, options, plan, request, run, target } from './asking.ts'
import { httpChunk, LAST_EVENTS, STREAM_HEAD, startRawServer, tokenEvent } from './raw-server.ts'
import { SELF_SIGNED_CERT, SELF_SIGNED_KEY } from './self-signed.ts'

const ONE_TOKEN = `${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n${httpChunk(tokenEvent('a') + LAST_EVENTS)}0\r\n\r\n`
const ONE_TOKEN_AND_CLOSE = `${STREAM_HEAD}connection: close\r\n\r\n${tokenEvent('a')}${LAST_EVENTS}`

let simulator: SimulatorProcess

beforeAll(async () => {
  simulator = await startSimulatorProcess({ behaviour: { ttftMedianMs: 5, driftSigma: 0 } })
})
afterAll(() => simulator.stop())

function requests(count: number, first = 0) {
  return Array.from({ length: count }, (_, at) => request(first + at))
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function ttftMs(record: RequestRecord | undefined): number {
  return (record?.firstTokenMs ?? Number.NaN) - (record?.sentMs ?? Number.NaN)
}

describe('the stamps of a request', () => {
  it('measure a scripted first token, not the role chunk before it', async () => {
    await simulator.control({
      script: [{ roleDelayMs: 10, firstTokenMs: 150, gapsMs: [30, 30, 30] }],
    })
    const record = await askOnce(simulator.url)
    // The server may have read the request before a busy machine lets us stamp it as written.
    expect(ttftMs(record)).toBeGreaterThanOrEqual(120)
    expect(record.headersMs).toBeLessThan(record.firstTokenMs ?? 0)
    expect(record.gapsMs).toHaveLength(record.tokenReads - 1)
  })

  it('come in the order in which things happen', async () => {
    const record = await askOnce(simulator.url)
    const { startedMs, sentMs = 0, headersMs = 0, firstTokenMs = 0, lastTokenMs = 0 } = record
    const stamps = [startedMs, sentMs, headersMs, firstTokenMs, lastTokenMs, record.endMs]
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b))
  })

  it('tell reasoning from output', async () => {
    await simulator.control({
      script: [{ firstTokenMs: 20, reasoningTokens: 2, tokens: 4, gapsMs: [40, 40, 40] }],
    })
    const record = await askOnce(simulator.url)
    expect(record.tokenEvents).toBe(4)
    expect((record.firstOutputTokenMs ?? 0) - (record.firstTokenMs ?? 0)).toBeGreaterThanOrEqual(40)
  })

  it('are shared by events that came in one read', async () => {
    const body = [tokenEvent('a'), tokenEvent('b'), tokenEvent('c'), LAST_EVENTS].map(httpChunk)
    const server = await startRawServer((socket) =>
      socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n${body.join('')}0\r\n\r\n`),
    )
    const record = await askOnce(server.url)
    await server.stop()
    expect(record).toMatchObject({ outcome: 'completed', tokenEvents: 3, tokenReads: 1 })
    expect(record.gapsMs).toEqual([])
  })

  it('name the phases of a new connection', async () => {
    const record = await askOnce(simulator.url.replace('127.0.0.1', 'localhost'))
    expect(record.freshConnection).toBe(true)
    expect(record.dnsMs).toBeGreaterThanOrEqual(0)
    expect(record.tcpMs).toBeGreaterThanOrEqual(0)
    expect(record.tlsMs).toBeUndefined()
  })

  it('count a body too large for the socket as sent when it has left', async () => {
    const record = await askOnce(simulator.url, {
      request: { messages: [{ role: 'user', content: 'x'.repeat(8_000_000) }] },
    })
    expect(record.status).toBeDefined()
    expect(record.sentMs).toBeGreaterThan(record.startedMs)
  })
})

describe('over TLS', () => {
  let https: SimulatorProcess

  beforeAll(async () => {
    https = await startSimulatorProcess({
      listener: 'https',
      tls: { key: SELF_SIGNED_KEY, cert: SELF_SIGNED_CERT },
      behaviour: { ttftMedianMs: 5 },
    })
  })
  afterAll(() => https.stop())

  /** A certificate authority can only be added when a process starts. */
  async function inProcess(...args: readonly string[]): Promise<string> {
    const script = fileURLToPath(new URL('./ask-process.ts', import.meta.url))
    const authority = fileURLToPath(new URL('./self-signed.pem', import.meta.url))
    const child = spawn(process.execPath, [script, `https://127.0.0.1:${https.port}/v1`, ...args], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    await once(child, 'close')
    return output
  }

  it('is measured, with the handshake apart', async () => {
    const record = JSON.parse(await inProcess()) as RequestRecord
    expect(record).toMatchObject({ outcome: 'completed', freshConnection: true })
    expect(record.tlsMs).toBeGreaterThan(0)
    expect(ttftMs(record)).toBeLessThan(record.endMs - record.startedMs)
  })

  it('opens the connections of all workers ahead', async () => {
    const { records, conditions } = JSON.parse(await inProcess('4')) as Measurement
    expect(records.map(({ outcome }) => outcome)).toEqual(Array(8).fill('completed'))
    expect(conditions).toMatchObject({ freshConnections: 0, unwarmedConnections: 0 })
  })
})

describe('a closed loop', () => {
  it('keeps as many requests in flight as it should, on warm connections', async () => {
    const asked = plan(
      [...requests(4).map((warm) => ({ ...warm, warmup: true })), ...requests(40, 4)],
      { load: { kind: 'closed', concurrency: 4 } },
    )
    const { records, warmup, conditions } = await run(asked, simulator.url)
    expect(records.map((record) => record.index)).toEqual(requests(40, 4).map((r) => r.index))
    expect(warmup).toHaveLength(4)
    expect(warmup.every((record) => record.freshConnection)).toBe(true)
    expect(conditions).toMatchObject({
      intendedLoad: 4,
      peakInFlight: 4,
      freshConnections: 0,
      unwarmedConnections: 0,
      measuredRequests: 40,
      warmupRequests: 4,
    })
    expect(conditions.achievedLoad).toBeGreaterThan(2)
    expect(records[0]?.startedMs).toBeGreaterThanOrEqual(0)
  })

  it('does not take its own ramp for a load it did not reach', async () => {
    await simulator.control({ version: 'steady', behaviour: { ttftMedianMs: 150, ttftSigma: 0 } })
    const asked = plan(requests(200), { load: { kind: 'closed', concurrency: 100 } })
    const { conditions } = await run(asked, simulator.url.replace('/v1', '/steady/v1'))
    expect(conditions.intendedLoad).toBe(100)
    expect(conditions.achievedLoad).toBeGreaterThan(80)
  })

  describe('opens every connection that a worker will use before the first request that counts', () => {
    const load = { kind: 'closed', concurrency: 10 } as const

    /** Connections made in all, and by requests that count. */
    async function connections(
      warmups: number,
      { each = (socket: Socket, _: number) => void socket.write(ONE_TOKEN), measured = 20 } = {},
    ) {
      let [made, asked] = [0, 0]
      const fast = await startRawServer(
        (socket) => {
          asked += 1
          each(socket, asked)
        },
        () => {
          made += 1
        },
      )
      const warm = requests(warmups).map((each) => ({ ...each, warmup: true }))
      const asking = plan([...warm, ...requests(measured, warmups)], { load })
      const { freshConnections, unwarmedConnections } = (await run(asking, fast.url)).conditions
      await fast.stop()
      return { made, freshConnections, unwarmedConnections }
    }
    const none = { freshConnections: 0, unwarmedConnections: 0 }

    it('though warm-up requests are answered before the next is sent', async () => {
      expect(await connections(10)).toEqual({ made: 10, ...none })
    })

    it('though there are fewer warm-up requests than workers', async () => {
      expect(await connections(3)).toEqual({ made: 10, ...none })
    })

    it('though the server closed some behind the warm-up', async () => {
      const each = (socket: Socket, asked: number) =>
        void (asked > 5 ? socket.write(ONE_TOKEN) : socket.end(ONE_TOKEN_AND_CLOSE))
      expect(await connections(10, { each })).toEqual({ made: 15, ...none })
    })

    it('and no more than there are requests', async () => {
      expect(await connections(4, { measured: 6 })).toEqual({ made: 6, ...none })
    })
  })

  it('says which connections nothing had warmed', async () => {
    const asked = plan(requests(6), { load: { kind: 'closed', concurrency: 3 } })
    const { conditions } = await run(asked, simulator.url)
    expect(conditions).toMatchObject({ freshConnections: 3, unwarmedConnections: 3 })
  })

  describe('a connection that was opened ahead', () => {
    const load = { kind: 'closed', concurrency: 3 } as const
    const asked = plan([{ ...request(0), warmup: true }, ...requests(6, 1)], { load })

    it('is replaced by the request if it was closed or spoken on', async () => {
      let opened = 0
      const server = await startRawServer(
        (socket) => socket.write(ONE_TOKEN),
        (socket) => {
          opened += 1
          if (opened === 2) socket.end()
          if (opened === 3) socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n')
        },
      )
      const { records } = await run(asked, server.url, { beforeMeasured: () => after(100) })
      await server.stop()
      expect(records.map(({ outcome }) => outcome)).toEqual(Array(6).fill('completed'))
      expect(opened).toBe(5)
    })

    it('leaves it to the request to say why it cannot be opened', async () => {
      const server = await startRawServer((socket) => {
        socket.end(ONE_TOKEN_AND_CLOSE)
        server.refuse()
      })
      const { records, warmup } = await run(asked, server.url)
      await server.stop()
      expect(warmup.map(({ outcome }) => outcome)).toEqual(['completed'])
      expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['connect']))
    })
  })

  it('does not blame itself for connections that the server closes', async () => {
    const server = await startRawServer((socket) => socket.end(ONE_TOKEN_AND_CLOSE))
    const asked = plan([{ ...request(0), warmup: true }, ...requests(3, 1)])
    const { conditions } = await run(asked, server.url)
    await server.stop()
    expect(conditions).toMatchObject({ freshConnections: 2, unwarmedConnections: 0 })
  })

  it('never writes to a connection that the server closes behind each answer unsaid', async () => {
    // A moment later, as a busy server does: long enough for the next request to be on its way.
    const server = await startRawServer((socket) =>
      socket.write(ONE_TOKEN, () => setTimeout(() => socket.destroy(), 2)),
    )
    const asked = plan([{ ...request(0), warmup: true }, ...requests(30, 1)])
    const { records, conditions } = await run(asked, server.url)
    await server.stop()
    expect(new Set(records.map((record) => record.outcome))).toEqual(new Set(['completed']))
    expect(conditions).toMatchObject({ freshConnections: 30, unwarmedConnections: 0 })
  })

  it('does not take a connection for closed behind its answer that was idle across the warm-up', async () => {
    let answered = 0
    const server = await startRawServer((socket) => {
      answered += 1
      if (answered > 1) socket.write(ONE_TOKEN)
      // By the clock of the measured phase alone, this close would be one behind an answer.
      else
        setTimeout(() => socket.write(ONE_TOKEN, () => setTimeout(() => socket.end(), 2000)), 1200)
    })
    const load = { kind: 'open', ratePerSecond: 50, process: 'constant', maxInFlight: 20 } as const
    const arriving = requests(4, 1).map((each, at) => ({ ...each, intendedMs: 2500 + 200 * at }))
    const asked = plan([{ ...request(0), warmup: true }, ...arriving], { load })
    const { conditions } = await run(asked, server.url)
    await server.stop()
    expect(conditions).toMatchObject({ freshConnections: 1, unwarmedConnections: 0 })
  })

  it('sends both halves of a pair one after the other', async () => {
    const pairs = [0, 1, 2, 3].flatMap((pair) => [
      request(2 * pair, { pair, arm: pair % 2 === 0 ? 'candidate' : 'reference' }),
      request(2 * pair + 1, { pair, arm: pair % 2 === 0 ? 'reference' : 'candidate' }),
    ])
    const asked = plan(pairs, { load: { kind: 'closed', concurrency: 2 } })
    const targets = { candidate: target(simulator.url), reference: target(simulator.slowUrl) }
    const { records, conditions } = await measure(asked, targets, options())
    expect(records).toHaveLength(8)
    expect(conditions.peakInFlight).toBeLessThanOrEqual(2)
    for (const half of records.filter((record) => record.index % 2 === 1)) {
      const other = records.find((record) => record.index === half.index - 1)
      expect(half.pair).toBe(other?.pair)
      expect(half.startedMs).toBeGreaterThanOrEqual(other?.endMs ?? Number.NaN)
    }
  })
})

describe('an open loop', () => {
  const load = { kind: 'open', ratePerSecond: 50, process: 'constant', maxInFlight: 20 } as const

  it('sends at the intended times, however slow the answers are', async () => {
    await simulator.control({ version: 'open', behaviour: { ttftMedianMs: 120, ttftSigma: 0 } })
    const asked = plan(
      requests(10).map((each) => ({ ...each, intendedMs: each.index * 20 })),
      { load },
    )
    const url = simulator.url.replace('/v1', '/open/v1')
    const { records, conditions } = await run(asked, url)
    for (const record of records) {
      expect(record.intendedMs).toBe(record.index * 20)
      expect(record.startedMs).toBeGreaterThanOrEqual(record.index * 20)
    }
    expect(conditions.peakInFlight).toBeGreaterThan(1)
    expect(conditions.intendedLoad).toBeCloseTo(50)
    expect(conditions.achievedLoad).toBeGreaterThan(0)
    expect(conditions.ttftFromIntendedP50Ms).toBeGreaterThanOrEqual(90)
  })

  it('opens a connection for each request of the warm-up, and says which nothing had warmed', async () => {
    await simulator.control({ version: 'wide', behaviour: { ttftMedianMs: 400, ttftSigma: 0 } })
    const warm = requests(3).map((each) => ({ ...each, warmup: true }))
    const arriving = requests(6, 3).map((each, at) => ({ ...each, intendedMs: at }))
    const url = simulator.url.replace('/v1', '/wide/v1')
    const { conditions, warmup } = await run(plan([...warm, ...arriving], { load }), url)
    expect(warmup.map(({ freshConnection }) => freshConnection)).toEqual([true, true, true])
    expect(conditions).toMatchObject({ freshConnections: 3, unwarmedConnections: 3 })
  })

  it('stops rather than pile up more than its bound', async () => {
    const asked = plan(
      requests(30).map((each) => ({ ...each, intendedMs: each.index })),
      { load: { ...load, maxInFlight: 3 }, timeouts: { firstTokenMs: 300 } },
    )
    const { records, stopped } = await run(asked, simulator.faultUrl('no-answer'))
    expect(stopped).toEqual({ what: 'max-in-flight', allowed: 3 })
    expect(records).toHaveLength(3)
  })
})

describe('the allowance', () => {
  it('ends with the requests it has, warm-up included', async () => {
    const asked = plan([{ ...request(0), warmup: true }, ...requests(9, 1)])
    const { records, warmup, stopped } = await run(asked, simulator.url, {
      allowance: { ...AMPLE, requests: 5 },
    })
    expect(records.length + warmup.length).toBe(5)
    expect(stopped).toEqual({ what: 'requests', allowed: 5 })
  })

  it('overspends by no more than what is in flight', async () => {
    const asked = plan(requests(40), { load: { kind: 'closed', concurrency: 3 } })
    const { records, stopped } = await run(asked, simulator.url, {
      allowance: { ...AMPLE, costUsd: 10 },
      costOf: () => 1,
    })
    expect(stopped).toEqual({ what: 'cost', allowed: 10 })
    expect(records.length).toBeGreaterThanOrEqual(10)
    expect(records.length).toBeLessThanOrEqual(12)
  })

  it('starts nothing once its time is up, and lets what is in flight end', async () => {
    await simulator.control({ version: 'slowish', behaviour: { ttftMedianMs: 60, ttftSigma: 0 } })
    const url = simulator.url.replace('/v1', '/slowish/v1')
    const { records, stopped, aborted } = await run(plan(requests(100)), url, {
      allowance: { ...AMPLE, durationMs: 150 },
    })
    expect(stopped).toEqual({ what: 'duration', allowed: 150 })
    expect(records.length).toBeGreaterThan(0)
    expect(records.length).toBeLessThan(6)
    expect(records.every((record) => record.outcome === 'completed')).toBe(true)
    expect(aborted).toEqual([])
  })

  it('cuts what is still in flight after the grace', async () => {
    const { aborted, records, stopped } = await run(
      plan(requests(2)),
      simulator.faultUrl('no-answer'),
      { allowance: { ...AMPLE, durationMs: 50 }, deadlineGraceMs: 100 },
    )
    expect(stopped).toEqual({ what: 'duration', allowed: 50 })
    expect(records).toEqual([])
    expect(aborted).toHaveLength(1)
    expect(aborted[0]?.endMs).toBeGreaterThanOrEqual(149)
  })
})

describe('the signal', () => {
  it('cuts what is in flight, and says so', async () => {
    const controller = new AbortController()
    const running = run(plan(requests(5)), simulator.faultUrl('silence-after-tokens'), {
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(), 500)
    const { records, aborted, stopped } = await running
    expect(stopped).toEqual({ what: 'signal' })
    expect(records).toEqual([])
    expect(aborted).toHaveLength(1)
    expect(aborted[0]).toMatchObject({ outcome: 'aborted', detail: 'cut by the client' })
    expect(aborted[0]?.tokenEvents).toBeGreaterThan(0)
  })

  it('cuts a connection that is being made', async () => {
    const silent = await startSimulatorProcess({ listener: 'silent' })
    const controller = new AbortController()
    const running = run(plan(requests(1)), `https://127.0.0.1:${silent.port}/v1`, {
      signal: controller.signal,
    })
    setTimeout(() => controller.abort(), 50)
    expect((await running).aborted).toHaveLength(1)
    await silent.stop()
  })

  it('sends nothing when it came first', async () => {
    const { records, aborted, stopped } = await run(plan(requests(2)), simulator.url, {
      signal: AbortSignal.abort(),
    })
    expect([records, aborted, stopped]).toEqual([[], [], { what: 'signal' }])
  })
})

describe('an endpoint that is down', () => {
  it('is asked no more than it takes to know', async () => {
    const asked = plan(
      [...requests(4).map((warm) => ({ ...warm, warmup: true })), ...requests(100, 4)],
      { load: { kind: 'closed', concurrency: 4 } },
    )
    const { records, warmup, stopped } = await run(asked, simulator.faultUrl('http-401'))
    expect(warmup).toHaveLength(4)
    expect(records).toEqual([])
    expect(stopped).toEqual({ what: 'endpoint-down', arm: 'candidate' })
  })

  it('is noticed without a warm-up too', async () => {
    const { records, stopped } = await run(plan(requests(50)), simulator.faultUrl('http-404'))
    expect(records).toHaveLength(3)
    expect(stopped).toMatchObject({ what: 'endpoint-down' })
  })

  it('that never answers is certain after two waves, since the first may have woken it', async () => {
    const load = { kind: 'closed', concurrency: 4 } as const
    const warm = requests(4).map((one) => ({ ...one, warmup: true }))
    const asked = plan([...warm, ...requests(100, 4)], { load, timeouts: { firstTokenMs: 150 } })
    const { records, warmup, stopped } = await run(asked, simulator.faultUrl('no-answer'))
    expect(warmup.map(({ outcome }) => outcome)).toEqual(Array(4).fill('timeout-first-token'))
    expect(records.length).toBeGreaterThanOrEqual(4)
    expect(records.length).toBeLessThanOrEqual(8)
    expect(stopped).toEqual({ what: 'endpoint-down', arm: 'candidate' })
  })

  it('is asked on where a later request may succeed', async () => {
    const { records, stopped } = await run(plan(requests(6)), simulator.faultUrl('http-429'))
    expect(records).toHaveLength(6)
    expect(stopped).toBeUndefined()
  })
})

describe('a first-token probe', () => {
  it('asks for one token and is completed by it', async () => {
    const record = await askOnce(simulator.url, { request: { kind: 'probe', maxOutputTokens: 1 } })
    expect(record).toMatchObject({ outcome: 'completed', finish: 'length', tokenEvents: 1 })
  })

  it('asks for as many as the dialect insists on', async () => {
    const record = await askOnce(simulator.url, {
      api: 'openai-responses',
      request: { kind: 'probe', maxOutputTokens: 1 },
    })
    expect(record).toMatchObject({ outcome: 'completed', maxOutputTokens: 16 })
  })
})

describe('what is reported', () => {
  it('is the model the server names, and how far it is', async () => {
    const seen: Progress[] = []
    const { reportedModels } = await run(plan(requests(3)), simulator.url, {
      onProgress: (progress) => seen.push(progress),
    })
    expect(reportedModels).toEqual({ candidate: ['tiny'], reference: [] })
    expect(seen.at(-1)).toMatchObject({ phase: 'measured', done: 3, planned: 3, inFlight: 0 })
  })

  it('counts what warmed the endpoint up beyond the plan', async () => {
    const seen: Progress[] = []
    const warmup = requests(10).map((request) => ({ ...request, warmup: true }))
    const wave = warmup.slice(0, 2)
    const settling = [{ arm: 'candidate', batch: 2, spare: warmup.slice(2) }] as const
    await run({ ...plan([...wave, ...requests(3)]), settling }, simulator.url, {
      onProgress: (progress) => seen.push(progress),
    })
    const { done, planned } = seen.at(-1) ?? {}
    expect(done).toBeGreaterThan(5)
    expect(planned).toBe(done)
  })

  it('is no more of a name than fits a line', async () => {
    const named = { model: `m${'!'.repeat(100_000)}\n`, choices: [{ delta: { content: 'a' } }] }
    const server = await startRawServer((socket) =>
      socket.end(
        `${STREAM_HEAD}connection: close\r\n\r\ndata: ${JSON.stringify(named)}\n\n${LAST_EVENTS}`,
      ),
    )
    const { reportedModels } = await run(plan(requests(1)), server.url)
    await server.stop()
    expect(reportedModels.candidate[0]).toMatch(/^m!{1,298}…?$/)
  })

  it('is a config error when a header cannot be sent', async () => {
    const bad = target(simulator.url)
    const endpoint = { ...bad.endpoint, headers: { 'x-team': 'a\nb' } }
    const running = measure(plan(requests(1)), { candidate: { ...bad, endpoint } }, options())
    await expect(running).rejects.toThrow(GateError)
  })
})
