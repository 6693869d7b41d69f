// Conversations from the config to the comment, through the built action: a prefix cache that no longer
// finds what a conversation said before, and later turns that became slow by themselves.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Behaviour } from '../../src/simulator/behaviour.ts'
import { decodeRun } from '../../src/wire/files/run-file.ts'
import { runAction } from './action-process.ts'
import { runBuiltCli } from './cli-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  copyOfForge,
  type Forge,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'

const RUNS = '4'
const LONG = 'You answer for a parcel service, politely, in the words of its customers. '.repeat(12)

/** A cached beginning saves most of a first token; the effects are larger than a busy machine's. */
const CACHING: Partial<Behaviour> = {
  ttftMedianMs: 200,
  ttftPerInputTokenMs: 0,
  ttftSigma: 0.1,
  tailShare: 0,
  driftSigma: 0,
  tokenGapMs: 0.5,
  cacheSaving: 0.8,
}

let forge: Forge

/** Endpoints of the same machine, each with a fault of its own. */
const urlOf = (version: string) => forge.simulator.url.replace('/v1', `/${version}/v1`)

function configText(url: string): string {
  return `gates:
  chat:
    endpoint: {url: "${url}", model: sim}
    workload:
      requests: 60
      concurrency: 4
      max_output_tokens: 4
      max_client_delay: 30s
      prompts:
        - name: parcel
          turns:
            - {role: system, content: "${LONG}"}
            - Where is my parcel?
            - {role: user, content: And when will it come?, think_time: 5ms}
            - {role: user, content: Can I fetch it?, think_time: 5ms}
    limits:
      ttft_p50: off
      ttft_p95: off
      first_turn_ttft_p50: {increase: 60%, floor: 80ms, must_detect: 600%}
      later_turn_ttft_p50: {increase: 60%, floor: 80ms, must_detect: 600%}
    prices: {input: $0.60/M, cached_input: $0.60/M, output: $2.40/M}
confirm: none
policy: {allowed_hosts: ["http://127.0.0.1:*"]}
`
}

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ behaviour: CACHING })
  await forge.simulator.control({ version: 'forgetful', behaviour: { ...CACHING, cacheSaving: 0 } })
  await forge.simulator.control({
    version: 'tiring',
    behaviour: { ...CACHING, laterTurnFactor: 6 },
  })
  const path = workspace(forge, { [CONFIG_PATH]: configText(forge.simulator.url) })
  const { code } = await runAction(pushJob(forge, { workspace: path, inputs: { times: RUNS } }))
  expect(code).toBe(0)
})
afterAll(async () => {
  await Promise.all([forge, ...copies].map((one) => one.stop()))
})

const copies: Forge[] = []

/** A pull request of its own, on the history that all have: they are measured side by side. */
async function gated(version: string) {
  const own = await copyOfForge(forge)
  copies.push(own)
  own.github.state.files.push({
    path: CONFIG_PATH,
    ref: BASE_SHA,
    text: configText(forge.simulator.url),
  })
  const url = version === 'main' ? forge.simulator.url : urlOf(version)
  const path = workspace(own, { [CONFIG_PATH]: configText(url) })
  const result = await runAction(pullJob(own, { workspace: path }))
  const report = join(path, 'inference-gate-report')
  const read = (name: string) => readFileSync(join(report, name), 'utf8')
  const { gates } = JSON.parse(read('report.json'))
  const verdicts = new Map<string, string>(
    gates[0].metrics.map(({ id: metric, verdict }: { id: string; verdict: string }) => [
      metric,
      verdict,
    ]),
  )
  const run = decodeRun(read('runs/chat.json'), 'chat.json')
  const comment = read('comment.md').replace(/\s+/g, ' ')
  return { result, comment, verdicts, run }
}

describe('a gate of conversations', () => {
  it.concurrent('does not block a pull request that changes nothing, and keeps which turn is which', async () => {
    const { result, verdicts, run } = await gated('main')
    expect(result.code).toBe(0)
    expect(verdicts.get('later_turn_ttft_p50')).not.toBe('fail')
    const records = run.ok ? run.run.records : []
    expect(records).toHaveLength(60)
    expect(records.filter(({ turn }) => turn === 1)).toHaveLength(20)
    const cached = records.map(({ usage }) => (usage?.cachedInputTokens ?? 0) > 0)
    expect(cached).toEqual(records.map(({ turn }) => turn !== 1))
  })

  it.concurrent('blocks a broken prefix cache, by its later turns alone', async () => {
    const { result, comment, verdicts } = await gated('forgetful')
    expect(result.code).toBe(1)
    expect(verdicts.get('later_turn_ttft_p50')).toBe('fail')
    expect(verdicts.get('first_turn_ttft_p50')).not.toBe('fail')
    expect(comment).toMatch(/Later-turn TTFT p50 is [\d.,]+ % slower/)
  })

  it.concurrent('blocks later turns that became slow by themselves', async () => {
    const { result, verdicts } = await gated('tiring')
    expect(result.code).toBe(1)
    expect(verdicts.get('later_turn_ttft_p50')).toBe('fail')
    expect(verdicts.get('first_turn_ttft_p50')).not.toBe('fail')
  })

  it.concurrent('is planned by the command line in conversations, with what their growing input costs', async () => {
    const folder = workspace(forge, { 'inference-gate.yml': configText(forge.simulator.url) })
    const plan = await runBuiltCli(['plan'], { folder })
    expect(plan.out).toContain('60 answers in 20 conversations')
    const alone = configText(forge.simulator.url).replace(/think_time: 5ms/g, 'think_time: 5')
    const refused = await runBuiltCli(['validate'], {
      folder: workspace(forge, { 'inference-gate.yml': alone }),
    })
    expect(refused.code).toBe(2)
    expect(`${refused.out}${refused.err}`.replace(/\s+/g, ' ')).toContain('expected a duration')
  })
})
