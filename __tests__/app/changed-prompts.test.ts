// The built action on pull requests that change the prompts: the head's are asked of its endpoint in
// alternation with the base branch's of the base's, and judged beside them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  atOwnGitHub,
  BASE_SHA,
  CONFIG_PATH,
  type Forge,
  pullJob,
  recordHistory,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge

/** A first token takes as long as the prompt is: 20 ms, and a tenth of one for each token. */
const READING = { ttftMedianMs: 20, ttftPerInputTokenMs: 0.1, tokenGapMs: 0.5 } as const

const words = (count: number) =>
  Array.from({ length: count }, (_, at) => `word${at % 10}`).join(' ')
/** About 300 tokens. */
const SUMMARIZE = `Summarize this: ${words(200)}`
const TRANSLATE = `Translate this: ${words(60)}`

type Prompts = Readonly<Record<string, string>>
const PROMPTS: Prompts = { summarize: SUMMARIZE, translate: TRANSLATE }

function config(prompts: Prompts = PROMPTS, change = (text: string) => text): string {
  const list = Object.entries(prompts).map(
    ([name, prompt]) => `        - {name: ${name}, prompt: ${JSON.stringify(prompt)}}`,
  )
  return change(`gates:
  chat:
    endpoint: {url: "${forge.simulator.url}", model: sim}
    workload:
      requests: 30
      concurrency: 4
      max_output_tokens: 4
      max_client_delay: 30s
      prompts:
${list.join('\n')}
    limits:
      ttft_p50: {increase: 40%, floor: 20ms, must_detect: 300%}
      ttft_p95: off
      cost_per_answer: {increase: 5%}
      error_rate: {ceiling: 10%}
    prices: {input: $0.60/M, output: $2.40/M}
confirm: none
`)
}

beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ behaviour: READING })
  await recordHistory(forge, { workspace: workspace(forge, { [CONFIG_PATH]: config() }), runs: 3 })
})
afterAll(() => forge.stop())

const LABEL = 'accept-inference-regression'

type Pull = { readonly base?: string; readonly label?: string }

function pull(text: string, { base = config(), label }: Pull = {}) {
  return atOwnGitHub(forge, async (own) => {
    own.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text: base })
    if (label !== undefined) own.github.state.pulls[0]?.labels.push(label)
    const path = workspace(own, { [CONFIG_PATH]: text })
    const labelled = label === undefined ? {} : { labels: [label], label, action: 'labeled' }
    const job = pullJob(own, { workspace: path, inputs: { comment: 'never' }, ...labelled })
    const result = await runAction(job)
    const folder = join(path, 'inference-gate-report')
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    const markdown = readFileSync(join(folder, 'comment.md'), 'utf8')
    const gate = (name: string) => report.gates.find((one: { name: string }) => one.name === name)
    return { ...result, gate, markdown }
  })
}

const metricOf = (gate: { metrics: readonly { id: string }[] }, id: string) =>
  gate.metrics.find((metric) => metric.id === id)

describe('a longer prompt', () => {
  it.concurrent('is found by TTFT and cost, and named with its tokens', async () => {
    const longer = `${SUMMARIZE} ${words(600)}`
    const both = { summarize: longer, translate: `${TRANSLATE} ${words(600)}` }
    const { code, outputs, gate, markdown } = await pull(config(both))
    const proposed = gate('chat.proposed')
    expect(proposed).toMatchObject({
      verdict: 'failed',
      effort: { reference: 'measured', pairs: 30 },
    })
    expect(metricOf(proposed, 'ttft_p50')).toMatchObject({ verdict: 'fail', evidence: 'reference' })
    expect(metricOf(proposed, 'cost_per_answer')).toMatchObject({ verdict: 'fail' })
    expect(outputs.headline).toMatch(
      /^Merge blocked: chat\.proposed: Cost per answer is \d+ % more expensive/,
    )
    expect(markdown).toMatch(/`summarize` is [\d,]+ tokens longer \(\d+ → \d+\)/)
    expect(markdown).toContain('in alternation with the base branch')
    expect(gate('chat').verdict).not.toBe('failed')
    expect(code).toBe(1)
  })

  it.concurrent('passes where the label accepts it', async () => {
    const longer = config({ ...PROMPTS, summarize: `${SUMMARIZE} ${words(600)}` })
    const { code, outputs } = await pull(longer, { label: LABEL })
    expect(outputs.headline).toMatch(/^Accepted/)
    expect(code).toBe(0)
  })
})

describe('a prompt that asks no more', () => {
  it.concurrent('passes under another name, and is said to be the same', async () => {
    const { code, gate, markdown } = await pull(
      config({ summary: SUMMARIZE, translate: TRANSLATE }),
    )
    expect(gate('chat.proposed')).toMatchObject({
      verdict: 'passed',
      effort: { reference: 'measured' },
    })
    expect(markdown).toContain('`summary` is `summarize` under another name')
    expect(code).toBe(0)
  })

  it('is asked beside the base branch’s, of the same endpoint, pair by pair', async () => {
    const shorter = { ...PROMPTS, summarize: `Summarize this: ${words(120)}` }
    const before = (await forge.simulator.log()).length
    const { code, gate } = await pull(config(shorter))
    const served = (await forge.simulator.log()).length - before
    expect(gate('chat.proposed').verdict).toBe('passed')
    // 30 and a wave for the base branch's question, 30 pairs with a wave each, and what it takes until both
    // are known to be warm.
    const planned = 34 + 2 * 34
    expect(served).toBeGreaterThan(planned)
    expect(served).toBeLessThanOrEqual(planned + 2 * 48)
    expect(code).toBe(0)
  })
})

describe('what else used to have nothing to be compared with', () => {
  it.concurrent('is compared: longer answers', async () => {
    const { gate, markdown, code } = await pull(
      config(PROMPTS, (text) => text.replace('max_output_tokens: 4', 'max_output_tokens: 100')),
    )
    const proposed = gate('chat.proposed')
    expect(metricOf(proposed, 'cost_per_answer')).toMatchObject({ verdict: 'fail' })
    expect(markdown).toContain('may be answered with up to 100 tokens (4 before)')
    expect(code).toBe(1)
  })

  it.concurrent('is compared: another cache mode', async () => {
    const { gate } = await pull(
      config(PROMPTS, (text) =>
        text.replace('concurrency: 4', 'concurrency: 4\n      prompt_cache: keep'),
      ),
    )
    expect(gate('chat.proposed').effort).toMatchObject({ reference: 'measured' })
  })

  it.concurrent('is compared: another dialect', async () => {
    const { gate } = await pull(
      config(PROMPTS, (text) => text.replace('model: sim', 'model: sim, api: openai-completions')),
    )
    expect(gate('chat.proposed').effort).toMatchObject({ reference: 'measured' })
  })

  it.concurrent('is not, where the base branch wants no second arm', async () => {
    const none = (text: string) =>
      text.replace('    workload:', '    reference: none\n    workload:')
    const base = config(PROMPTS, none)
    const { gate, code } = await pull(config({ ...PROMPTS, summarize: `${SUMMARIZE} x` }, none), {
      base,
    })
    expect(gate('chat.proposed')).toMatchObject({
      verdict: 'no-baseline',
      effort: { reference: 'none' },
    })
    expect(code).toBe(0)
  })
})
