// The first try: a step with url and model and no file in the repository, run as the runner runs it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
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

describe('the action without a config', () => {
  it('records on a push and judges a pull request by what the inputs say', async () => {
    const path = workspace(forge, {})
    const recorded = await runAction(pushJob(forge, { workspace: path, inputs: inputs() }))
    expect(recorded.log).toContain('endpoint: recorded in branch inference-gate')
    expect(recorded.code).toBe(0)
    const judged = await runAction(pullJob(forge, { workspace: path, inputs: inputs() }))
    expect(judged.code).toBe(0)
    expect(judged.outputs.verdict).toBe('passed')
    expect(forge.github.state.comments).toHaveLength(1)
    const report = JSON.parse(readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8'))
    expect(report.gates[0].name).toBe('endpoint')
    expect(report.gates[0].requests).toBe(12)
    expect(report.gates[0].metrics[0]).toMatchObject({ id: 'ttft_p50', limit: { ceiling: 20_000 } })
  })
})

describe('inputs beside a config', () => {
  const refusal = `the inputs url, model, limits, requests make a gate without a config, but there is a config ${CONFIG_PATH}, and it wins. Remove these inputs from the step, or the config from the repository.`

  it('are refused where the checkout has one, and nothing is sent', async () => {
    const before = (await forge.simulator.log()).length
    const path = workspace(forge, { [CONFIG_PATH]: configText({ url: forge.simulator.url }) })
    const { code, log } = await runAction(pullJob(forge, { workspace: path, inputs: inputs() }))
    expect({ code, log }).toEqual({ code: 2, log: expect.stringContaining(refusal) })
    expect((await forge.simulator.log()).length).toBe(before)
  })

  it('are refused where only the base branch has one: nobody steps around its limits', async () => {
    const text = configText({ url: forge.simulator.url })
    forge.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text })
    const path = workspace(forge, {})
    const { code, log } = await runAction(pullJob(forge, { workspace: path, inputs: inputs() }))
    expect({ code, log }).toEqual({ code: 2, log: expect.stringContaining(refusal) })
    forge.github.state.files.splice(0)
  })

  it('are refused on a pull request where nobody can look for one', async () => {
    const given = { ...inputs(), 'github-token': '' }
    const job = pullJob(forge, { workspace: workspace(forge, {}), inputs: given })
    const { code, log } = await runAction(job)
    expect(code).toBe(2)
    expect(log).toContain('whether main has a config cannot be seen without a github-token')
  })
})

describe('inputs that make no gate', () => {
  const refused = async (given: Readonly<Record<string, string>>) => {
    const job = pullJob(forge, { workspace: workspace(forge, {}), inputs: given })
    const { code, log } = await runAction(job)
    expect(code).toBe(2)
    return log
  }

  it('name what is missing', async () => {
    expect(await refused({ url: 'https://inference.example.com' })).toContain(
      'input model is missing: a gate without a config needs url and model (given: url)',
    )
    expect(await refused({ limits: 'ttft_p50 +5%' })).toContain('input url is missing')
  })

  it('name each input with its value and the legal ones, at once', async () => {
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
})

describe('the output gates', () => {
  it('has every gate with the figures that the first one has as outputs', async () => {
    const one = configText({ url: forge.simulator.url })
    const [gate = ''] = /^ {2}chat:\n(?: {4,}.*\n)*/m.exec(one) ?? []
    const both = one.replace(gate, gate + gate.replace('chat:', 'batch:'))
    const path = workspace(forge, { [CONFIG_PATH]: both })
    publishBase(forge, both)
    const { outputs } = await runAction(pullJob(forge, { workspace: path }))
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
