// The built action on pull requests that change what is asked: another load, name or dialect leads
// nowhere around the gate, since the base branch's question is always asked of the head's endpoint.
// Each case has a forge of its own with the same history, so that they run side by side.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  copyOfForge,
  type Forge,
  HEAD_SHA,
  pullJob,
  pushJob,
  QUICK,
  recordHistory,
  startForge,
  workspace,
} from './forge.ts'

/**
 * What was recorded, which no case changes. Its endpoint is slow enough that a busy machine keeps up the load
 * of a short measurement.
 */
let recorded: Forge

beforeAll(async () => {
  recorded = await startForge()
  await recorded.simulator.control({ behaviour: { ...QUICK, ttftMedianMs: 70 } })
  await recorded.simulator.control({ version: 'slow', behaviour: { ...QUICK, ttftMedianMs: 270 } })
  const path = workspace(recorded, { [CONFIG_PATH]: base() })
  await recordHistory(recorded, { workspace: path, runs: 4 })
})
afterAll(() => recorded.stop())

/**
 * As many requests as a median and an error rate need, with a warm-up of its own, which is not prolonged
 * where the endpoint is slower than it was.
 */
const base = () =>
  configText({ url: recorded.simulator.url })
    .replace('requests: 60', 'requests: 30, warmup: 4')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')
const LABEL = 'accept-inference-regression'

async function atForge<T>(act: (forge: Forge) => Promise<T>): Promise<T> {
  const forge = await copyOfForge(recorded)
  try {
    const result = await act(forge)
    expect(forge.github.state.violations).toEqual([])
    return result
  } finally {
    await forge.stop()
  }
}

type Pull = { readonly label?: string; readonly baseText?: string }

const pull = (text: string, { label, baseText = base() }: Pull = {}) =>
  atForge(async (forge) => {
    forge.github.state.files.push({ path: CONFIG_PATH, ref: BASE_SHA, text: baseText })
    if (label !== undefined) forge.github.state.pulls[0]?.labels.push(label)
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const job = pullJob(forge, {
      workspace: path,
      inputs: { comment: 'never' },
      ...(label === undefined ? {} : { labels: [label], label, action: 'labeled' }),
    })
    const result = await runAction(job)
    const folder = join(path, 'inference-gate-report')
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    const markdown = readFileSync(join(folder, 'comment.md'), 'utf8')
    const verdicts: Record<string, string> = Object.fromEntries(
      report.gates.map((gate: { name: string; verdict: string }) => [gate.name, gate.verdict]),
    )
    return { ...result, markdown, verdicts }
  })

const slow = (text: string) => text.replaceAll(recorded.simulator.url, recorded.simulator.slowUrl)
const withConcurrency = (text: string) => text.replace('concurrency: 4', 'concurrency: 3')

describe('a pull request to a slower endpoint', () => {
  it.concurrent.each([
    ['another concurrency', withConcurrency],
    ['another name', (text: string) => text.replace('  chat:', '  chat2:')],
    ['another name and load', (text: string) => withConcurrency(text.replace('  chat:', '  x:'))],
    [
      'shorter answers',
      (text: string) => text.replace('max_output_tokens: 4', 'max_output_tokens: 3'),
    ],
    [
      'answers that a body ends early',
      (text: string) => text.replace('model: sim', 'model: sim, body: {stop: ["."]}'),
    ],
    [
      'answers that a body shortens in words nobody knows',
      (text: string) => text.replace('model: sim', 'model: sim, body: {extra_body: {brief: 1}}'),
    ],
    ['fewer requests', (text: string) => text.replace('requests: 30', 'requests: 4')],
  ])('is blocked behind %s as well', async (_, change) => {
    const { code, outputs, verdicts } = await pull(slow(change(base())))
    expect(verdicts.chat).toBe('failed')
    expect(outputs.headline).toMatch(/^Merge blocked: .*TTFT p50 is \d+ % slower/)
    expect(code).toBe(1)
  })

  it.concurrent('is blocked behind another dialect', async () => {
    const text = slow(base()).replace('model: sim', 'model: sim, api: openai-completions')
    const { code, verdicts } = await pull(text)
    expect(verdicts.chat).toBe('failed')
    expect(code).toBe(1)
  })
})

describe('a pull request that only changes what is asked', () => {
  it.concurrent('passes beside its own question, and no_baseline: fail does not hold it', async () => {
    const strict = `${base()}policy: {no_baseline: fail}\n`
    const { code, verdicts, markdown } = await pull(withConcurrency(strict), { baseText: strict })
    expect(Object.keys(verdicts)).toEqual(['chat', 'chat.proposed'])
    expect(['passed', 'inconclusive']).toContain(verdicts.chat)
    expect(code).toBe(0)
    expect(markdown).toContain('`gates.chat.workload.concurrency` from `4` to `3`')
    expect(markdown.indexOf('workload.concurrency')).toBeLessThan(markdown.indexOf('<details>'))
  })

  it.concurrent('is asked as before where a body would end answers early', async () => {
    const { verdicts, markdown } = await pull(
      base().replace('model: sim', 'model: sim, body: {stop: ["."]}'),
    )
    expect(Object.keys(verdicts)).toEqual(['chat', 'chat.proposed'])
    expect(markdown).toContain('`body.stop` added (`["."]`)')
  })
})

describe('a removed gate', () => {
  const other = () =>
    base()
      .replace('  chat:', '  other:')
      .replace('requests: 30, warmup: 4', 'requests: 31, warmup: 3')
  const both = () =>
    `${base().replace('confirm: none\n', '')}${other().replace('gates:\n', '').replace('model: sim', 'model: sim2')}`

  it.concurrent('is asked as the base branch asks it', async () => {
    const { code, verdicts, markdown } = await pull(
      slow(both()).replace(/ {2}chat:[\s\S]*?(?= {2}other:)/, ''),
      { baseText: slow(both()) },
    )
    expect(verdicts.chat).toBe('failed')
    expect(markdown).toContain('`gates.chat` is removed')
    expect(code).toBe(1)
  })

  it.concurrent('is not asked where the label accepts the removal', async () => {
    const text = slow(both()).replace(/ {2}chat:[\s\S]*?(?= {2}other:)/, '')
    const { code, verdicts } = await pull(text, { label: LABEL, baseText: slow(both()) })
    expect(Object.keys(verdicts)).toEqual(['other'])
    expect(code).toBe(0)
  })
})

describe('a dropped gate', () => {
  const FAILS = 'policy: {dropped_gate: fail}\n'
  const old = () =>
    base()
      .replace('confirm: none\n', '')
      .replace('gates:\n', '')
      .replace('  chat:', '  old:')
      .replace('warmup: 4', 'warmup: 3')
      .replace('model: sim', 'model: sim2')
  const both = (rest: string) => `${base().replace('confirm: none\n', old())}confirm: none\n${rest}`

  it.concurrent('stands in the headline, and does not block by itself', async () => {
    const { code, outputs, markdown } = await pull(base(), { baseText: both('') })
    expect(outputs.headline).toMatch(/; gate old is removed$/)
    expect(markdown.split('\n').find((line) => line.startsWith('### '))).toContain(
      'gate old is removed',
    )
    expect(code).toBe(0)
  })

  it.concurrent('stands in the headline under its new name too', async () => {
    const head = both('').replace('  old:', '  new:')
    const { code, outputs } = await pull(head, { baseText: both('') })
    expect(outputs.headline).toMatch(/; gate old is renamed to new$/)
    expect(code).toBe(0)
  })

  it.concurrent.each([
    ['removed', () => base()],
    ['renamed to new', () => both('').replace('  old:', '  new:')],
  ])(
    'that is %s blocks where the base branch says so, whatever the head says',
    async (fate, head) => {
      const { code, outputs, log } = await pull(`${head()}policy: {dropped_gate: pass}\n`, {
        baseText: both(FAILS),
      })
      expect(outputs.headline).toBe(`Merge blocked: gate old is ${fate}`)
      expect(log).toContain('Blocked by policy.dropped_gate')
      expect(code).toBe(4)
    },
  )

  it.concurrent('is accepted by a label that speaks for the commit', async () => {
    const { code, outputs } = await pull(base(), { label: LABEL, baseText: both(FAILS) })
    expect(outputs.headline).toMatch(/; gate old is removed$/)
    expect(code).toBe(0)
  })
})

describe('the first run of a new load on the base branch', () => {
  async function push(forge: Forge, text: string, event: Readonly<Record<string, unknown>> = {}) {
    const file = { path: CONFIG_PATH, ref: BASE_SHA, text: base() }
    forge.github.state.files.splice(0, forge.github.state.files.length, file)
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const job = pushJob(forge, { workspace: path })
    const head = { GITHUB_SHA: HEAD_SHA }
    return await runAction({
      ...job,
      env: { ...job.env, ...head },
      event: { repository: { default_branch: 'main' }, before: BASE_SHA, ...event },
    })
  }

  it.concurrent('is kept apart where the question before it fails beside it', async () => {
    const { code, log } = await atForge((forge) => push(forge, slow(withConcurrency(base()))))
    expect(log).toContain('chat.before: kept apart')
    expect(log).toContain(
      'chat: kept apart in branch inference-gate: it is the first of a new load',
    )
    expect(code).toBe(1)
  })

  it.concurrent('is kept apart under a new name, and so is the second', async () => {
    const renamed = slow(base()).replace('  chat:', '  chat2:')
    const [first, second] = await atForge(async (forge) => [
      await push(forge, renamed),
      await push(forge, renamed, { before: HEAD_SHA }),
    ])
    expect(first.log).toContain('chat2: kept apart in branch inference-gate: it is the first')
    expect(first.code).toBe(1)
    expect(second.log).toContain('chat2: kept apart in branch inference-gate: it is the first')
  })

  it.concurrent('becomes the baseline beside a pass of the question before it', async () => {
    const faster = base().replace('concurrency: 4', 'concurrency: 2')
    const [{ code, log }, again] = await atForge(async (forge) => [
      await push(forge, faster),
      await push(forge, faster),
    ])
    expect(log).toContain('chat.before: recorded in branch inference-gate')
    expect(log).toContain('chat: recorded in branch inference-gate')
    expect(code).toBe(0)
    expect(again.log).not.toContain('chat.before')
  })
})
