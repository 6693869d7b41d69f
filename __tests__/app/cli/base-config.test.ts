// `run --base-config`: at the command line too a change cannot lead around the gate that judges it.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { runBuiltCli } from '../cli-process.ts'
import { configText, QUICK, SLOW } from '../forge.ts'

let simulator: SimulatorProcess
let parent: string
let base: string

/** As few requests as can show that its limits hold: no percentile that needs more of them. */
const text = () =>
  configText({ url: simulator.url })
    .replace('requests: 60', 'requests: 30')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')
const slow = (config: string) =>
  config.replaceAll(simulator.url, simulator.url.replace('/v1', '/slow/v1'))

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-base-config-'))
  simulator = await startSimulatorProcess({ seed: 9, behaviour: QUICK })
  await simulator.control({ version: 'slow', behaviour: SLOW })
  base = checkout({ 'inference-gate.yml': text() })
  const record = ['record', '--times', '3', '--baseline', join(parent, 'kept')]
  const { code, err } = await runBuiltCli(record, { folder: base })
  if (code !== 0) throw new Error(err)
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

function checkout(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(parent, 'here-'))
  execFileSync('git', ['init', '-q', folder])
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

async function run(folder: string, ...more: readonly string[]) {
  const result = await runBuiltCli(['run', '--baseline', join(parent, 'kept'), ...more], { folder })
  if (result.code === 2) return { ...result, verdicts: {}, headline: '' }
  const report = JSON.parse(readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8'))
  const gates = report.gates.map((gate: { name: string; verdict: string }) => [
    gate.name,
    gate.verdict,
  ])
  return { ...result, headline: report.headline, verdicts: Object.fromEntries(gates) }
}

const withBase = () => ['--base-config', join(base, 'inference-gate.yml')] as const

describe('a change to a slower endpoint at the command line', () => {
  const attacks: readonly (readonly [string, (config: string) => string])[] = [
    ['another concurrency', (config) => config.replace('concurrency: 4', 'concurrency: 3')],
    ['another name', (config) => config.replace('  chat:', '  chat2:')],
    [
      'limits of its own',
      (config) => config.replace('increase: 60%, floor: 100ms', 'increase: 1190%'),
    ],
  ]
  it.concurrent.each(attacks)(
    'is found behind %s where the base config is given',
    async (_, change) => {
      const folder = checkout({ 'inference-gate.yml': slow(change(text())) })
      const { code, verdicts, headline, out } = await run(folder, ...withBase())
      expect(verdicts).toMatchObject({ chat: 'failed' })
      expect(headline).toMatch(/TTFT p50 is \d+ % slower/)
      expect(out).toContain('limits of the base branch')
      expect(code).toBe(1)
    },
  )

  it.concurrent('asks what is removed, and says so', async () => {
    const other = text().replace('  chat:', '  other:').replace('requests: 30', 'requests: 31')
    const both = `${text().replace('confirm: none\n', '')}${other.replace('gates:\n', '')}`
    const [before, after] = [
      checkout({ 'inference-gate.yml': both }),
      checkout({ 'inference-gate.yml': other }),
    ]
    const { verdicts, out } = await run(after, '--base-config', join(before, 'inference-gate.yml'))
    expect(Object.keys(verdicts)).toEqual(['other', 'chat'])
    expect(out.replace(/\s+/g, ' ')).toContain('gates.chat is removed')
  })
})

describe('the base config', () => {
  it.concurrent('is read with the prompts of its own checkout, which are asked beside changed ones', async () => {
    const withPrompts = text().replace('{requests: 30', '{prompts: prompts.jsonl, requests: 30')
    const prompts = (words: string) => `{"name": "a", "prompt": "${words}"}\n`
    const before = checkout({
      'ci/inference-gate.yml': withPrompts,
      'prompts.jsonl': prompts('Hello.'),
    })
    const after = checkout({
      'inference-gate.yml': withPrompts,
      'prompts.jsonl': prompts('Hello, again.'),
    })
    const { verdicts, out } = await run(
      after,
      '--base-config',
      join(before, 'ci/inference-gate.yml'),
    )
    expect(Object.keys(verdicts)).toEqual(['chat', 'chat.proposed'])
    expect(out).toContain('prompt a')
  })

  it.concurrent.each([
    ['a file that is not there', ['--base-config', 'gone.yml'], 'there is no base config gone.yml'],
    [
      'a gate that neither has',
      [...'--gate nobody --base-config inference-gate.yml'.split(' ')],
      '--gate is "nobody"; the configs have chat',
    ],
    [
      'a table without a verdict',
      ['--compare-endpoints', '--base-config', 'inference-gate.yml'],
      '--base-config says what judges',
    ],
  ])('is refused with one sentence for %s', async (_, args, sentence) => {
    const { code, err } = await run(base, ...args)
    expect([code, err]).toEqual([2, expect.stringContaining(sentence)])
  })
})
