// Bedrock's binary stream over real HTTP: how it ends, what it is called when it breaks, and what a hostile
// one can hold.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { signer } from '../../../src/cloud/sign-aws.ts'
import { HeldBytes } from '../../../src/measure/load/held-bytes.ts'
import { measure } from '../../../src/measure/load/load.ts'
import { planWorkload } from '../../../src/measure/measure.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { checksum, eventFrame } from '../../wire/event-stream-frames.ts'
import { askOnce, options, plan, request, TIMEOUTS, target } from './asking.ts'
import { startRawServer } from './raw-server.ts'
import { startFront } from './recording-front.ts'

const API = 'bedrock-converse' as const
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\n'
const TOKEN = eventFrame('contentBlockDelta', '{"contentBlockIndex":0,"delta":{"text":"Hi"}}')
const ENDING = Buffer.concat([
  eventFrame('messageStop', '{"stopReason":"end_turn"}'),
  eventFrame('metadata', '{"usage":{"inputTokens":3,"outputTokens":1,"totalTokens":4}}'),
])

let simulator: SimulatorProcess
beforeAll(async () => {
  simulator = await startSimulatorProcess({ behaviour: { ttftMedianMs: 5, tokenGapMs: 0 } })
})
afterAll(() => simulator.stop())
beforeEach(() => simulator.control({ forget: ['script', 'log'] }))

/** What comes of one answer with this body. */
async function answered(body: Buffer) {
  const server = await startRawServer((socket) => {
    socket.write(`${HEAD}content-length: ${body.length}\r\nconnection: close\r\n\r\n`)
    socket.end(body)
  })
  try {
    return await askOnce(server.url, { api: API })
  } finally {
    await server.stop()
  }
}

describe('a Converse stream', () => {
  it('is complete with its usage, and its first token has a time', async () => {
    const record = await askOnce(simulator.url, { api: API, request: { maxOutputTokens: 6 } })
    expect(record).toMatchObject({
      outcome: 'completed',
      finish: 'length',
      usage: { source: 'server', outputTokens: 6 },
    })
    expect(record.firstTokenMs).toBeGreaterThan(record.sentMs ?? Number.POSITIVE_INFINITY)
  })

  const faults = [
    ['http-429', { outcome: 'rate-limited', status: 429 }],
    ['http-503', { outcome: 'http-5xx', status: 503 }],
    [
      'error-event',
      { outcome: 'stream-error', detail: 'the model crashed (internalServerException)' },
    ],
    ['malformed-event', { outcome: 'malformed' }],
    ['cut-mid-event', { outcome: 'truncated' }],
    ['end-without-mark', { outcome: 'truncated' }],
    ['no-token', { outcome: 'empty' }],
    ['content-filter', { outcome: 'content-filter' }],
    ['json-error', { outcome: 'stream-error', detail: 'the backend failed' }],
    ['html-page', { outcome: 'malformed' }],
    ['gzip', { outcome: 'malformed' }],
  ] as const

  it.each(faults)('with the fault %s is what it would be in any dialect', async (fault, ending) => {
    const record = await askOnce(simulator.faultUrl(fault), { api: API })
    expect(record).toMatchObject(ending)
  })

  it('is malformed from the frame on whose checksum is wrong', async () => {
    const broken = Buffer.from(TOKEN)
    broken[broken.length - 10] = (broken[broken.length - 10] ?? 0) ^ 1
    const record = await answered(Buffer.concat([TOKEN, broken, TOKEN, ENDING]))
    expect(record).toMatchObject({ outcome: 'malformed', tokenEvents: 1 })
    expect(record.detail).toContain('does not match its checksum')
  })

  it('is read whole behind frames of kinds that nobody knows', async () => {
    const unknown = eventFrame('guardrailTrace', '{"a":1}')
    const record = await answered(Buffer.concat([unknown, TOKEN, unknown, ENDING]))
    expect(record).toMatchObject({ outcome: 'completed', usage: { outputTokens: 1 } })
  })

  it('holds no more for the length that a hostile server claims', async () => {
    const large = Buffer.alloc(8)
    large.writeUInt32BE(0x7fffffff, 0)
    const record = await answered(
      Buffer.concat([TOKEN, large, checksum(large), Buffer.alloc(70_000)]),
    )
    expect(record).toMatchObject({
      outcome: 'malformed',
      detail: expect.stringContaining('262144 bytes'),
    })
  })

  it('shares the one bound of all connections while its frames are open', async () => {
    const open = Buffer.alloc(8)
    open.writeUInt32BE(200_000, 0)
    const part = Buffer.concat([open, checksum(open), Buffer.alloc(150_000)])
    const server = await startRawServer((socket) => {
      socket.write(`${HEAD}content-length: 200000\r\n\r\n`)
      socket.write(part)
    })
    const held = new HeldBytes(1 << 20)
    const requests = Array.from({ length: 16 }, (_, index) => request(index))
    const load = { kind: 'closed', concurrency: 16 } as const
    const asked = plan(requests, { load, timeouts: { firstTokenMs: 9000, totalMs: 1500 } })
    const made = await measure(asked, { candidate: target(server.url, API) }, options({ held }))
    await server.stop()
    const outcomes = made.records.map(({ outcome }) => outcome)
    expect(outcomes).toContain('malformed')
    expect(outcomes).toContain('timeout-total')
    expect(held.isFull).toBe(false)
  })
})

describe('a conversation with Converse', () => {
  it('puts the model’s own call back, and the result that was given', async () => {
    const front = await startFront(simulator)
    await simulator.control({ behaviour: { ttftMedianMs: 5, tokenGapMs: 0, callsTools: true } })
    const workload = {
      prompts: [
        {
          name: 'parcel',
          promptClass: 'default',
          weight: 1,
          messages: [{ role: 'user', content: 'Where is it?' }],
          body: { toolConfig: { tools: [{ toolSpec: { name: 'track' } }] } },
          later: [
            {
              thinkMs: 0,
              said: { by: 'tools', results: [{ name: 'track', content: 'in Lyon' }] },
              maxOutputTokens: 4,
            },
          ],
          maxOutputTokens: 4,
        },
      ],
      requests: 2,
      probes: 0,
      load: { kind: 'closed', concurrency: 1 },
      warmup: 0,
      promptCache: 'keep',
      maxClientDelayMs: 50,
      timeouts: TIMEOUTS,
      seed: 1,
    } as const
    const size = {
      arms: 'candidate',
      requests: 2,
      probes: 0,
      warmup: 0,
      round: 0,
      nonce: 'n',
    } as const
    const candidate = target(front.url, API)
    const made = await measure(planWorkload(workload, size), { candidate }, options())
    await front.stop()
    expect(made.records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
    const [, second] = front.bodies
    expect(second?.messages).toEqual([
      { role: 'user', content: [{ text: 'Where is it?' }] },
      {
        role: 'assistant',
        content: [
          {
            toolUse: {
              toolUseId: expect.any(String),
              name: 'track',
              input: { query: 'naïve 完成' },
            },
          },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: expect.any(String), content: [{ text: 'in Lyon' }] } },
        ],
      },
    ])
    const ids = JSON.stringify(second?.messages).match(/"toolUseId":"([^"]+)"/g)
    expect(new Set(ids).size).toBe(1)
  })
})

describe('a refusal of AWS', () => {
  it("is told with AWS's own word for it", async () => {
    const server = await startRawServer((socket) => {
      const body = '{"Message":"User: arn:aws:sts::1:x is not authorized"}'
      const head = 'x-amzn-ErrorType: AccessDeniedException:http://internal.amazon.com/coral/\r\n'
      socket.end(
        `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n${head}content-length: ${body.length}\r\n\r\n${body}`,
      )
    })
    const record = await askOnce(server.url, { api: API })
    await server.stop()
    expect(record).toMatchObject({
      outcome: 'http-4xx',
      status: 403,
      detail: 'HTTP 403 AccessDeniedException: User: arn:aws:sts::1:x is not authorized',
    })
  })
})

describe('a measurement that is signed', () => {
  const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret-of-the-example' }

  it('signs each request as it is sent, with the time of that moment', async () => {
    const place = { region: 'eu-west-1', service: 'bedrock' }
    const seen: string[] = []
    const server = await startRawServer((socket, text) => {
      seen.push(text)
      const body = Buffer.concat([TOKEN, ENDING])
      socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n`)
      socket.write(body)
    })
    let nowMs = Date.UTC(2026, 10, 24, 22)
    const authorize = await signer(
      { cloud: 'aws', ...place },
      () => keys,
      () => {
        nowMs += 1000
        return nowMs
      },
    )
    const candidate = { ...target(server.url, API), apiKey: undefined, authorize }
    const made = await measure(plan([request(0), request(1)]), { candidate }, options())
    await server.stop()
    expect(made.records.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
    expect(seen.map((text) => /x-amz-date: (\S+)/i.exec(text)?.[1])).toEqual([
      '20261124T220001Z',
      '20261124T220002Z',
    ])
    expect(seen.join()).not.toContain(keys.secretAccessKey)
  })

  it('is let in by a door that checks the signature, and by no other region’s', async () => {
    const door = { ...keys, region: 'eu-west-1', service: 'bedrock' }
    const guarded = await startSimulatorProcess({ aws: door, behaviour: { ttftMedianMs: 5 } })
    const outcomes = await Promise.all(
      ['eu-west-1', 'us-east-1'].map(async (region) => {
        const login = { cloud: 'aws', region, service: 'bedrock' } as const
        const authorize = await signer(login, () => keys, Date.now)
        const url = guarded.url.replace(/\/v1$/, '')
        const candidate = { ...target(url, API), apiKey: undefined, authorize }
        const made = await measure(plan([request(0)]), { candidate }, options())
        return made.records.map(({ outcome, status }) => `${outcome} ${status}`)
      }),
    )
    await guarded.stop()
    expect(outcomes).toEqual([['completed 200'], ['http-4xx 403']])
  })
})
