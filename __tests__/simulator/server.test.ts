import { Agent } from 'node:http'
import { afterEach, describe, expect, it } from '@jest/globals'
import { DIALECTS, hasTokens } from '../../src/model/config.ts'
import { GateError } from '../../src/model/errors.ts'
import type { SimulatorChange, SimulatorOptions } from '../../src/simulator/options.ts'
import type { Served } from '../../src/simulator/served-log.ts'
import { machineClockMs } from '../../src/simulator/served-log.ts'
import type { Simulator } from '../../src/simulator/server.ts'
import { startSimulator } from '../../src/simulator/server.ts'
import { ask } from './streamed-answer.ts'

const running: Simulator[] = []

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options)
  running.push(simulator)
  return simulator
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()))
})

async function log(simulator: Simulator): Promise<readonly Served[]> {
  const response = await fetch(`http://127.0.0.1:${simulator.port}/__log`)
  return (await response.json()) as readonly Served[]
}

/** Waits until so many requests have been read. */
async function untilServed(simulator: Simulator, requests: number): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await log(simulator)).length >= requests) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${requests} requests were not read in time`)
}

async function change(
  simulator: Simulator,
  what: SimulatorChange | string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const body = typeof what === 'string' ? what : JSON.stringify(what)
  const url = `http://127.0.0.1:${simulator.port}/__control`
  const response = await fetch(url, { method: 'POST', body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const QUICK = { ttftMedianMs: 2, tokenGapMs: 0, tailShare: 0 }

/** What it answers with vectors and rankings is read in measure/load/items.test.ts. */
const SPOKEN = DIALECTS.filter(hasTokens)

describe('the simulator', () => {
  it.each(SPOKEN)('speaks %s: text, usage, end', async (api) => {
    const { url } = await start({ behaviour: { ...QUICK, outputTokens: 5 } })
    const { status, ending, told } = await ask({ url, api, maxOutputTokens: 20, model: 'm-1' })
    expect({ status, ending }).toEqual({ status: 200, ending: 'end' })
    expect(told).toMatchObject({ tokenEvents: 5, finish: 'stop', terminal: true })
    // Converse does not say which model answered.
    expect(told.model).toBe(api === 'bedrock-converse' ? undefined : 'm-1')
    expect(told.usage).toMatchObject({ outputTokens: 5, cachedInputTokens: 0 })
    expect(told.text).toBe('The answer is naïve but'.length)
  })

  it.each([
    'openai-chat',
    'openai-responses',
    'anthropic-messages',
    'gemini',
    'ollama-chat',
    'bedrock-converse',
  ] as const)('reasons before the text in %s', async (api) => {
    const { url } = await start({ behaviour: { ...QUICK, reasoningTokens: 3, outputTokens: 5 } })
    const { told } = await ask({ url, api, maxOutputTokens: 20 })
    expect(told).toMatchObject({ tokenEvents: 5, outputTokenEvents: 2, terminal: true })
    expect(told.reasoning).toBe('The answer is'.length)
  })

  it.each([
    'openai-chat',
    'openai-responses',
    'anthropic-messages',
    'gemini',
    'ollama-chat',
    'bedrock-converse',
  ] as const)('calls a tool in %s', async (api) => {
    const { url } = await start({ behaviour: QUICK, script: [{ tool: true, tokens: 3 }] })
    const { told } = await ask({ url, api, maxOutputTokens: 20 })
    expect(told).toMatchObject({ text: 0, outputTokenEvents: told.tokenEvents, terminal: true })
    expect(told.tool).toBeGreaterThan('The answer is'.length)
  })

  it.each(SPOKEN)('ends for length, by a filter and with an error in %s', async (api) => {
    const script = [{ tokens: 20 }, { fault: 'content-filter' }, { fault: 'error-event' }] as const
    const { url } = await start({ behaviour: QUICK, script })
    const question = { url, api, maxOutputTokens: 20 }
    expect((await ask(question)).told).toMatchObject({ finish: 'length', tokenEvents: 20 })
    const filtered = (await ask(question)).told
    expect(filtered.finish).toBe(api === 'ollama-chat' ? 'other' : 'content-filter')
    expect((await ask(question)).told).toMatchObject({ error: 'the model crashed', tokenEvents: 3 })
  })

  it.each([
    ['off', undefined],
    ['wrong', 23],
    ['on', 8],
  ] as const)('reports usage %s', async (usage, outputTokens) => {
    const { url } = await start({ behaviour: { ...QUICK, usage } })
    const { told } = await ask({ url })
    expect(told.usage?.outputTokens).toBe(outputTokens)
  })

  it('leaves usage out for a chat request that does not ask for it', async () => {
    const { url } = await start({ behaviour: QUICK })
    const { told } = await ask({ url, body: { stream_options: null } })
    expect(told).toMatchObject({ tokenEvents: 8, terminal: true })
    expect(told).not.toHaveProperty('usage')
  })

  it('refuses a request without the key, with another one, or for another model', async () => {
    const { url } = await start({ apiKey: 'sk-1', models: ['a', 'b'] })
    expect(await ask({ url })).toMatchObject({ status: 401 })
    expect(await ask({ url, apiKey: 'sk-2' })).toMatchObject({ status: 401 })
    const missing = await ask({ url, apiKey: 'sk-1', model: 'c' })
    expect(missing).toMatchObject({ status: 404 })
    expect(missing.text).toContain('the model \\"c\\" does not exist; there is a, b')
    for (const api of SPOKEN) {
      expect(await ask({ url, api, apiKey: 'sk-1', model: 'b' })).toMatchObject({ status: 200 })
    }
  })

  it('lists its models', async () => {
    const { url } = await start({ models: ['a', 'b'] })
    const response = await fetch(`${url}/models`)
    const list = (await response.json()) as { data: { id: string }[] }
    expect(list.data.map(({ id }) => id)).toEqual(['a', 'b'])
  })

  it('refuses what it cannot answer', async () => {
    const { url } = await start()
    const post = (path: string, body: string) => fetch(`${url}${path}`, { method: 'POST', body })
    expect((await post('/images/generations', '{}')).status).toBe(404)
    expect((await post('/chat/completions', 'no json')).status).toBe(400)
    expect((await post('/chat/completions', '{"stream":false}')).status).toBe(400)
    expect((await ask({ url: url.replace('/v1', '/nobody/v1') })).status).toBe(404)
    expect((await ask({ url: url.replace('/v1', '/fault/unheard-of/v1') })).status).toBe(404)
  })

  it('logs what it did and when, on the clock of the machine', async () => {
    const simulator = await start({ script: [{ roleDelayMs: 20, firstTokenMs: 60, gapsMs: [15] }] })
    const before = machineClockMs()
    await ask({ url: simulator.url, apiKey: 'k', prompt: `${'x'.repeat(90)}`, maxOutputTokens: 3 })
    const [served] = await log(simulator)
    expect(served).toMatchObject({
      index: 0,
      version: 'main',
      dialect: 'openai-chat',
      model: 'simulated',
      prompt: 'x'.repeat(80),
      maxOutputTokens: 3,
      keyPresent: true,
      newSocket: true,
      scripted: true,
      status: 200,
    })
    const {
      readMs,
      headersMs = 0,
      openingMs = 0,
      firstTokenMs = 0,
      tokensMs,
      endMs = 0,
    } = served ?? {
      readMs: 0,
      tokensMs: [],
    }
    expect(readMs).toBeGreaterThanOrEqual(before)
    expect(headersMs - readMs).toBeGreaterThanOrEqual(19)
    expect(openingMs).toBeGreaterThanOrEqual(headersMs)
    expect(firstTokenMs - readMs).toBeGreaterThanOrEqual(59)
    expect(tokensMs).toHaveLength(3)
    expect((tokensMs[2] ?? 0) - readMs).toBeGreaterThanOrEqual(89)
    expect(endMs).toBeGreaterThanOrEqual(tokensMs[2] ?? 0)
    expect(machineClockMs()).toBeGreaterThanOrEqual(endMs)
  })

  it('logs which requests opened a connection, and which the client left', async () => {
    const simulator = await start({ behaviour: QUICK, script: [{}, {}, { fault: 'no-answer' }] })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await ask({ url: simulator.url, agent })
    await ask({ url: simulator.url, agent })
    await ask({ url: simulator.url, agent, patienceMs: 100 })
    agent.destroy()
    const served = await log(simulator)
    expect(served.map((one) => one.newSocket)).toEqual([true, false, false])
    expect(served[1]).not.toHaveProperty('clientClosedMs')
    expect(served[2]).toHaveProperty('clientClosedMs')
    expect(served[2]).not.toHaveProperty('endMs')
  })

  it('gives a script to the request whose prompt it is for', async () => {
    const script = [{ when: 'beta', tokens: 2 }, { tokens: 3 }]
    const { url } = await start({ behaviour: QUICK, script })
    expect((await ask({ url, prompt: 'alpha' })).told.tokenEvents).toBe(3)
    expect((await ask({ url, prompt: 'beta' })).told.tokenEvents).toBe(2)
    expect((await ask({ url, prompt: 'beta' })).told.tokenEvents).toBe(8)
  })

  it('is slower at /slow/v1', async () => {
    const simulator = await start()
    const slow = simulator.url.replace('/v1', '/slow/v1')
    await ask({ url: slow, maxOutputTokens: 1 })
    const [served] = await log(simulator)
    expect(served?.version).toBe('slow')
  })

  it('makes requests beyond its capacity wait, and counts their wait apart', async () => {
    const script = [
      { firstTokenMs: 80, tokens: 1 },
      { firstTokenMs: 10, tokens: 1 },
    ]
    const simulator = await start({ behaviour: { ...QUICK, capacity: 1 }, script })
    const first = ask({ url: simulator.url })
    await untilServed(simulator, 1)
    await Promise.all([first, ask({ url: simulator.url })])
    const [one, two] = await log(simulator)
    expect(two?.serviceMs).toBeGreaterThanOrEqual(one?.endMs ?? Number.POSITIVE_INFINITY)
    expect(two?.readMs).toBeLessThan(one?.endMs ?? 0)
  })

  it('gives the place of a client that left to the next one', async () => {
    const script = [{ fault: 'no-answer' }, {}, { tokens: 2 }] as const
    const simulator = await start({ behaviour: { ...QUICK, capacity: 1 }, script })
    const { url } = simulator
    const stuck = ask({ url, patienceMs: 300 })
    await untilServed(simulator, 1)
    // This one leaves while it waits for a place.
    const gone = ask({ url, patienceMs: 30 })
    await untilServed(simulator, 2)
    const served = ask({ url })
    expect((await stuck).ending).toBe('silent')
    expect((await gone).ending).toBe('silent')
    expect((await served).told).toMatchObject({ tokenEvents: 2, terminal: true })
  })

  it('finds the beginning of a repeated prompt in its cache', async () => {
    const simulator = await start({ behaviour: { ...QUICK, cacheSaving: 0.9 } })
    const prompt = 'a shared beginning of sixty-four characters or more, so it is kept. '.repeat(4)
    const ends = ['', 'one', 'two']
    for (const end of ends) await ask({ url: simulator.url, prompt: `${prompt}${end}` })
    await ask({ url: simulator.url, prompt: `7 ${prompt}` })
    const { told } = await ask({ url: simulator.url, prompt })
    const cached = (await log(simulator)).map((one) => one.cachedTokens)
    expect(cached).toEqual([0, 64, 64, 0, 64])
    expect(told.usage?.cachedInputTokens).toBe(64)
    await change(simulator, { forget: ['cache', 'log'] })
    await ask({ url: simulator.url, prompt })
    expect((await log(simulator)).map((one) => one.cachedTokens)).toEqual([0])
  })
})

describe('the control address', () => {
  it('changes a behaviour, member by member, and tells what it is now', async () => {
    const simulator = await start({ behaviour: QUICK })
    const { body } = await change(simulator, { behaviour: { outputTokens: 2, drift: 1.5 }, run: 4 })
    expect(body).toMatchObject({ version: 'main', run: 4, runEffect: 1.5, scriptLeft: 0 })
    expect(body.behaviour).toMatchObject({ ...QUICK, outputTokens: 2, drift: 1.5 })
    expect((await ask({ url: simulator.url })).told.tokenEvents).toBe(2)
  })

  it('draws the same again for a run that begins again, and other things for another', async () => {
    const simulator = await start({ behaviour: { ...QUICK, faults: { 'http-500': 0.5 } } })
    const statuses = async (run: number) => {
      await change(simulator, { run })
      const seen: (number | undefined)[] = []
      for (let i = 0; i < 12; i += 1) seen.push((await ask({ url: simulator.url })).status)
      return seen
    }
    const [first, other, again] = [await statuses(2), await statuses(3), await statuses(2)]
    expect(new Set(first)).toEqual(new Set([200, 500]))
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('makes another version at an address of its own', async () => {
    const simulator = await start({ behaviour: QUICK })
    await change(simulator, { version: 'pr', profile: 'regressed', behaviour: { outputTokens: 3 } })
    const { told } = await ask({ url: simulator.url.replace('/v1', '/pr/v1') })
    expect(told.tokenEvents).toBe(3)
    expect((await ask({ url: simulator.url })).told.tokenEvents).toBe(8)
  })

  it('adds to a script and forgets it', async () => {
    const simulator = await start({ behaviour: QUICK, script: [{ tokens: 1 }] })
    const added = await change(simulator, { script: [{ tokens: 2 }, { tokens: 3 }] })
    expect(added.body.scriptLeft).toBe(3)
    const forgotten = await change(simulator, { forget: ['script'], script: [{ tokens: 4 }] })
    expect(forgotten.body.scriptLeft).toBe(1)
    expect((await ask({ url: simulator.url })).told.tokenEvents).toBe(4)
  })

  it.each([
    ['no JSON', 'nonsense', 'the body cannot be nothing. It must be an object.'],
    [
      'an unknown member',
      '{"colour":1}',
      'a member of the body cannot be "colour". It must be one of',
    ],
    [
      'an unknown behaviour',
      '{"behaviour":{"ttft":1}}',
      'a member of the body.behaviour cannot be',
    ],
    ['a value of another type', '{"behaviour":{"drift":"x"}}', 'a number of at least 0'],
    ['a negative number', '{"behaviour":{"drift":-1}}', 'the body.behaviour.drift cannot be -1'],
    ['a word for yes or no', '{"behaviour":{"splitUtf8":"yes"}}', 'true or false'],
    ['an unknown kind of usage', '{"behaviour":{"usage":"maybe"}}', '"on", "off", "wrong"'],
    ['an unknown fault', '{"behaviour":{"faults":{"fire":1}}}', '"no-answer"'],
    ['a probability above 1', '{"behaviour":{"faults":{"gzip":2}}}', 'a number from 0 to 1'],
    [
      'an unknown scripted fault',
      '{"script":[{"fault":"fire"}]}',
      'script[0].fault cannot be "fire"',
    ],
    ['a misspelt member of a script', '{"script":[{},{"firstTokenMS":1}]}', '"firstTokenMs"'],
    [
      'a script that is no list',
      '{"script":{}}',
      'the body.script cannot be {}. It must be a list.',
    ],
    ['an address that is no text', '{"script":[{"redirectTo":1}]}', 'a text'],
    ['a version that is no word', '{"version":"a/b"}', 'small letters, digits and hyphens'],
    ['an unknown profile', '{"profile":"best"}', '"healthy", "regressed"'],
  ])('refuses %s and names the legal ones', async (_what, sent, expected) => {
    const simulator = await start()
    const { status, body } = await change(simulator, sent)
    expect(status).toBe(400)
    expect(JSON.stringify(body).replaceAll('\\"', '"')).toContain(expected)
    expect((await ask({ url: simulator.url, maxOutputTokens: 1 })).status).toBe(200)
  })
})

describe('starting a simulator', () => {
  it('says which port cannot be had', async () => {
    const { port } = await start()
    await expect(startSimulator({ port })).rejects.toThrow(GateError)
    await expect(startSimulator({ port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`)
  })

  it('refuses an unknown behaviour', async () => {
    const behaviour = JSON.parse('{"ttft":1}')
    await expect(startSimulator({ behaviour })).rejects.toThrow(
      'a member of behaviour cannot be "ttft"',
    )
  })

  it('frees the port when it is closed, with requests under way', async () => {
    const simulator = await startSimulator({ script: [{ fault: 'no-answer' }] })
    const broken = ask({ url: simulator.url })
    await untilServed(simulator, 1)
    await simulator.close()
    expect((await broken).ending).toBe('broken')
    const again = await start({ port: simulator.port })
    expect(again.port).toBe(simulator.port)
  })
})
