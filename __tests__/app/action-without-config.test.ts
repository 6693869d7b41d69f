// The first try: a step with url and model and no file in the repository, run as the runner runs it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  atOwnGitHub,
  CONFIG_PATH,
  configText,
  type Forge,
  type JobParts,
  publishBase,
  pullJob,
  pushJob,
  QUICK,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'calm', behaviour: CALM })
})
afterAll(async () => {
  await forge.stop()
})

/** So slow that a busy machine's own delays are small beside it: inputs have no word for those. */
const CALM = { ...QUICK, ttftMedianMs: 1000 } as const

/** Few requests and limits that no busy machine reaches. */
const inputs = () => ({
  url: forge.simulator.url.replace('/v1', '/calm/v1'),
  model: 'sim',
  requests: '12',
  limits: 'ttft_p50 <=20s, ttft_p95 off, error_rate <=50%',
})

/** What a pull request comes to at a GitHub of its own, whose base branch has that config. */
const pull = (files: Record<string, string>, given: JobParts['inputs'], base?: string) =>
  atOwnGitHub(forge, async (own) => {
    if (base !== undefined) publishBase(own, base)
    const path = workspace(own, files)
    const result = await runAction(pullJob(own, { workspace: path, inputs: given }))
    return { ...result, path, comments: own.github.state.comments }
  })

describe('the action without a config', () => {
  it.concurrent('records on a push and judges a pull request by what the inputs say', async () => {
    const path = workspace(forge, {})
    const recorded = await runAction(pushJob(forge, { workspace: path, inputs: inputs() }))
    expect(recorded.log).toContain('endpoint: recorded in branch inference-gate')
    expect(recorded.code).toBe(0)
    const judged = await pull({}, inputs())
    expect(judged.code).toBe(0)
    expect(judged.outputs.verdict).toBe('passed')
    expect(judged.comments).toHaveLength(1)
    const file = join(judged.path, 'inference-gate-report/report.json')
    const report = JSON.parse(readFileSync(file, 'utf8'))
    expect(report.gates[0].name).toBe('endpoint')
    expect(report.gates[0].requests).toBe(12)
    expect(report.gates[0].metrics[0]).toMatchObject({ id: 'ttft_p50', limit: { ceiling: 20_000 } })
  })

  const refusal = `the inputs url, model, limits, requests make a gate without a config, but there is a config ${CONFIG_PATH}, and it wins. Remove these inputs from the step, or the config from the repository.`

  it.concurrent('refuses inputs beside a config where the checkout has one, and sends nothing', async () => {
    const text = configText({ url: forge.simulator.url, model: 'unasked' })
    const { code, log } = await pull({ [CONFIG_PATH]: text }, { ...inputs(), model: 'unasked' })
    expect({ code, log }).toEqual({ code: 2, log: expect.stringContaining(refusal) })
    const asked = (await forge.simulator.log()).filter(({ model }) => model === 'unasked')
    expect(asked).toEqual([])
  })

  it.concurrent('refuses inputs where only the base branch has a config: nobody steps around its limits', async () => {
    const { code, log } = await pull({}, inputs(), configText({ url: forge.simulator.url }))
    expect({ code, log }).toEqual({ code: 2, log: expect.stringContaining(refusal) })
  })

  it.concurrent('refuses inputs on a pull request where nobody can look for a config', async () => {
    const { code, log } = await pull({}, { ...inputs(), 'github-token': '' })
    expect(code).toBe(2)
    expect(log).toContain('whether main has a config cannot be seen without a github-token')
  })

  const refused = async (given: Readonly<Record<string, string>>) => {
    const { code, log } = await pull({}, given)
    expect(code).toBe(2)
    return log
  }

  it.concurrent('names what is missing of inputs that make no gate', async () => {
    expect(await refused({ url: 'https://inference.example.com' })).toContain(
      'input model is missing: a gate without a config needs url and model (given: url)',
    )
    expect(await refused({ limits: 'ttft_p50 +5%' })).toContain('input url is missing')
  })

  it.concurrent('names each input with its value and the legal ones, at once', async () => {
    const log = await refused({
      url: 'ftp://inference.example.com',
      model: 'm',
      api: 'openai',
      requests: 'many',
      limits: 'ttft_p96x +5%',
    })
    for (const name of ['url', 'api', 'requests', 'limits'])
      expect(log).toContain(`input ${name}: `)
    expect(log).toContain('openai-chat')
    expect(log).toContain('ttft_p96x')
  })

  it.concurrent('gives every gate in the output gates the figures that the first one has as outputs', async () => {
    const one = configText({ url: forge.simulator.url })
    const [gate = ''] = /^ {2}chat:\n(?: {4,}.*\n)*/m.exec(one) ?? []
    const both = one.replace(gate, gate + gate.replace('chat:', 'batch:'))
    const { outputs } = await pull({ [CONFIG_PATH]: both }, { comment: 'never' }, both)
    const gates = JSON.parse(outputs.gates ?? '')
    expect(gates.map(({ name }: { name: string }) => name)).toEqual(['chat', 'batch'])
    for (const name of ['ttft-p50-ms', 'ttft-p95-ms', 'error-rate', 'cost-per-answer-usd']) {
      expect(String(gates[0][name])).toBe(outputs[name])
      expect(gates[1][name]).toEqual(expect.any(Number))
    }
    expect(gates[0].requests + gates[1].requests).toBe(Number(outputs.requests))
    expect(gates[0].headline).toMatch(/\S/)
    expect(gates[0].verdict).toBe(outputs.verdict)
  })
})
