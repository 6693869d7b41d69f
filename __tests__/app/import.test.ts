// Results of other engines, from their files to a verdict: imported, compared, recorded, refused.

import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type DecodedRun, decodeRun } from '../../src/wire/files/run-file.ts'
import { IMPORTS } from '../wire/imports/imported-file.ts'
import { runCliHere } from './in-process.ts'
import { ROOT } from './runner.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-imports-'))
  cpSync(IMPORTS, join(folder, 'imports'), { recursive: true })
  writeFileSync(join(folder, 'gate.yml'), CONFIG)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CONFIG = `version: 1
gates:
  chat:
    endpoint: {url: 'http://127.0.0.1:1/v1', model: llama-3.3-70b}
    workload: {requests: 100}
    limits:
      ttft_p50: {increase: 10%, floor: 5ms, must_detect: 25%}
      itl_p95: {increase: 10%}
      error_rate: {increase: 5pp, ceiling: 20%}
    prices: {input: $0.60/M, output: $2.40/M}
`

const cli = (...args: readonly string[]) => runCliHere(args, { folder })

function runIn(path: string): Extract<DecodedRun, { ok: true }>['run'] {
  const decoded = decodeRun(readFileSync(join(folder, path), 'utf8'), path)
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.run
}

type Metric = {
  readonly id: string
  readonly verdict: string
  readonly reason: { readonly kind: string; readonly what?: string; readonly problem?: string }
}

function reportIn(name: string) {
  const report = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8'))
  const [gate] = report.gates
  const metrics: readonly Metric[] = gate.metrics
  return { verdict: report.verdict, gate, metrics }
}

function metricIn(name: string, id: string): Metric {
  const metric = reportIn(name).metrics.find((one) => one.id === id)
  if (metric === undefined) throw new Error(`no metric ${id}`)
  return metric
}

/** A result of vLLM with a log-normal TTFT; the same seed gives the same file. */
function vllmResult(options: {
  readonly seed: number
  readonly factor?: number
  readonly failed?: number
  readonly minute: number
}): string {
  const { seed, factor = 1, failed = 0, minute } = options
  let state = seed
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
  const of = Array.from({ length: 100 }, (_, index) => index)
  const ttfts = of.map((index) => (index < failed ? 0 : factor * 0.1 * Math.exp(0.15 * normal())))
  return JSON.stringify({
    date: `20261101-12${String(minute).padStart(2, '0')}00`,
    backend: 'openai-chat',
    model_id: 'llama-3.3-70b',
    request_rate: 'inf',
    max_concurrency: 4,
    duration: 10,
    completed: 100 - failed,
    input_lens: of.map(() => 200),
    output_lens: of.map((index) => (index < failed ? 0 : 5)),
    ttfts,
    itls: of.map((index) => (index < failed ? [] : [0.01, 0.011, 0.012, 0.01])),
    latencies: ttfts.map((ttft) => (ttft === 0 ? 0 : ttft + 0.05)),
    start_times: of.map((index) => 50 + 0.05 * index),
    errors: of.map((index) => (index < failed ? 'Internal Server Error' : '')),
  })
}

async function importedVllm(name: string, options: Parameters<typeof vllmResult>[0]) {
  writeFileSync(join(folder, `${name}.json`), vllmResult(options))
  const result = await cli('import', `${name}.json`, '--config', 'gate.yml', '--report-dir', name)
  expect(result).toMatchObject({ code: 0, err: '' })
  return `${name}/runs/chat.json`
}

describe('importing a file', () => {
  it('writes run files that the published schema accepts, for every format', async () => {
    const matches = new Ajv2020({ strict: false }).compile(
      JSON.parse(readFileSync(join(ROOT, 'schema/run.schema.json'), 'utf8')),
    )
    const files = [
      'vllm.json',
      'aiperf/profile_export.jsonl',
      'guidellm-v1.json',
      'inference-perf/per_request_lifecycle_metrics.json',
      'llmperf/m_128_16_individual_responses.json',
      'k6.ndjson',
    ]
    for (const file of files) {
      const args = ['--report-dir', 'each', '--ttft-metric', 'llm_ttft']
      expect(await cli('import', `imports/${file}`, ...args)).toMatchObject({ code: 0, err: '' })
      const text = readFileSync(join(folder, 'each/runs/imported.json'), 'utf8')
      expect([file, matches(JSON.parse(text)), matches.errors]).toEqual([file, true, null])
      expect(runIn('each/runs/imported.json').warnings).toMatchObject([{ kind: 'imported' }])
    }
  })

  it('prices what it reads by the config, and tells which limits the file cannot serve', async () => {
    const args = ['--config', 'gate.yml', '--gate', 'chat', '--report-dir', 'priced']
    const { code, out } = await cli('import', 'imports/guidellm-v1.json', ...args)
    expect(code).toBe(0)
    expect(out).toBe(`runs/chat.json: 2 requests of GuideLLM from imports/guidellm-v1.json
  TTFT as guidellm-first-token-of-any-kind/1; load: closed, 1 in flight
  never gated: itl; the file says nothing of the gaps between tokens, only of their mean
  limits that are therefore not judged: itl_p95
`)
    const run = runIn('priced/runs/chat.json')
    expect(run.costsUsd).toEqual([128 * 0.6e-6 + 4 * 2.4e-6, 128 * 0.6e-6 + 4 * 2.4e-6])
    expect(run.spent).toEqual({ usd: 2 * (128 * 0.6e-6 + 4 * 2.4e-6), estimated: false })
  })

  it('knows no cost without prices, nor with prices where tokens are missing', async () => {
    await cli('import', 'imports/vllm.json', '--report-dir', 'free')
    expect(runIn('free/runs/imported.json')).toMatchObject({
      costUnknown: 'no-prices',
      unknowns: [{ family: 'ttfot' }],
    })
    const file = 'imports/aiperf/profile_export.jsonl'
    await cli('import', file, '--config', 'gate.yml', '--report-dir', 'no-tokens')
    expect(runIn('no-tokens/runs/chat.json').unknowns).toEqual([
      { family: 'cost_per_answer', what: 'what every request used, failures included' },
    ])
  })

  it('makes the same run of the same file, and takes a file beside it along', async () => {
    const args = ['--report-dir', 'again']
    await cli('import', 'imports/aiperf/profile_export.jsonl', ...args)
    const { id } = runIn('again/runs/imported.json')
    expect(id).toMatch(/^20261101T120000Z-[0-9a-f]{8}$/)
    const { out } = await cli('import', 'imports/aiperf/*', ...args)
    expect(out.match(/runs\//g)).toHaveLength(1)
    expect(runIn('again/runs/imported.json').id).toBe(id)
  })

  it('gives runs under different loads names of their own, or takes the one that is asked for', async () => {
    const sweep = await cli('import', 'imports/guidellm.json', '--report-dir', 'sweep')
    expect(sweep.out).toContain('runs/imported-closed-4-in-flight.json: 8 requests')
    expect(sweep.out).toContain('runs/imported-open-20-per-second-constant.json: 2 requests')
    const args = ['--run', '2', '--gate', 'open', '--report-dir', 'sweep']
    expect((await cli('import', 'imports/guidellm.json', ...args)).out).toContain('runs/open.json')
    expect(runIn('sweep/runs/open.json').loadShape.load).toBe('open, 20 per second, constant')
  })

  it('numbers runs of one gate and one load', async () => {
    const twice = readFileSync(join(folder, 'imports/sglang.jsonl'), 'utf8').split('\n')[0]
    writeFileSync(join(folder, 'twice.jsonl'), `${twice}\n${twice}\n`)
    const { out } = await cli('import', 'twice.jsonl', '--report-dir', 'twice')
    expect(out.match(/^runs\/[^:]*/gm)).toEqual(['runs/imported.json', 'runs/imported.2.json'])
    const ids = ['', '.2'].map((n) => runIn(`twice/runs/imported${n}.json`).id)
    expect(new Set(ids).size).toBe(2)
  })
})

describe('judging what was imported', () => {
  const history: string[] = []

  beforeAll(async () => {
    for (let run = 1; run <= 6; run += 1) {
      history.push(await importedVllm(`old${run}`, { seed: run, minute: run }))
    }
  })

  const judged = (candidate: string, report: string) =>
    cli('compare', candidate, '--config', 'gate.yml', '--report-dir', report, '--with', ...history)

  it('passes a run like the others', async () => {
    const same = await importedVllm('same', { seed: 70, minute: 30 })
    expect((await judged(same, 'same-report')).code).toBe(0)
    expect(reportIn('same-report').verdict).toBe('passed')
  })

  it('fails one that is slower, as it does with runs of our own', async () => {
    const slow = await importedVllm('slow', { seed: 71, factor: 1.5, minute: 31 })
    expect((await judged(slow, 'slow-report')).code).toBe(1)
    expect(metricIn('slow-report', 'ttft_p50')).toMatchObject({
      verdict: 'fail',
      reason: { kind: 'worse-than-limit' },
    })
  })

  it('fails one whose requests fail', async () => {
    const flaky = await importedVllm('flaky', { seed: 72, failed: 40, minute: 32 })
    expect((await judged(flaky, 'flaky-report')).code).toBe(1)
    expect(metricIn('flaky-report', 'error_rate').verdict).toBe('fail')
    expect(reportIn('flaky-report').gate.errors).toEqual({ 'http-5xx': 40 })
  })

  it('says that the client was not checked, and shows nothing of it', async () => {
    await judged(`${history[0]}`, 'shown')
    const { gate } = reportIn('shown')
    expect(gate.conditions).toBeNull()
    expect(gate.warnings).toMatchObject([{ kind: 'imported', by: 'vLLM bench serve' }])
    const html = readFileSync(join(folder, 'shown/report.html'), 'utf8')
    expect(html).toContain('Measured by vLLM bench serve and imported')
    expect(html).not.toContain('event loop')
    expect(html).not.toMatch(/; seed \d/)
  })

  it('never gates what the file does not say, although it has a limit', async () => {
    const file = 'imports/guidellm.json'
    const args = ['--run', '2', '--config', 'gate.yml', '--report-dir', 'sampled']
    await cli('import', file, ...args)
    const path = 'sampled/runs/chat.json'
    const compared = ['--config', 'gate.yml', '--report-dir', 'sampled-report', '--with', path]
    expect((await cli('compare', path, ...compared)).code).toBe(0)
    const { verdict, metrics } = reportIn('sampled-report')
    expect(verdict).toBe('inconclusive')
    const limited = metrics.filter(({ id }) => ['ttft_p50', 'itl_p95', 'error_rate'].includes(id))
    expect(limited.map(({ verdict, reason }) => [verdict, reason.kind])).toEqual(
      Array(3).fill(['not-gated', 'unknown-in-import']),
    )
    expect(metricIn('sampled-report', 'error_rate').reason.what).toBe(
      'all of the requests: it keeps a sample',
    )
  })

  it('compares no numbers of different engines', async () => {
    await cli('import', 'imports/guidellm-v1.json', '--gate', 'chat', '--report-dir', 'other')
    expect((await judged('other/runs/chat.json', 'other-report')).code).toBe(0)
    expect(reportIn('other-report').verdict).not.toBe('passed')
    expect(metricIn('other-report', 'ttft_p50')).toMatchObject({
      verdict: 'inconclusive',
      reason: { kind: 'no-history' },
    })
    const comment = readFileSync(join(folder, 'other-report/comment.md'), 'utf8')
    expect(comment).toContain('cannot be compared, because the load changed')
  })

  it('calls a run in which nothing completed invalid', async () => {
    const dead = await importedVllm('dead', { seed: 73, failed: 100, minute: 33 })
    expect((await judged(dead, 'dead-report')).code).toBe(3)
    expect(reportIn('dead-report').verdict).toBe('invalid')
  })

  it('calls a run invalid that did not reach its rate, where the file says so', async () => {
    const summary = join(folder, 'imports/inference-perf/summary_lifecycle_metrics.json')
    const text = readFileSync(summary, 'utf8')
    writeFileSync(summary, text.replace('"achieved_rate": 9.8', '"achieved_rate": 8.8'))
    const file = 'imports/inference-perf/per_request_lifecycle_metrics.json'
    await cli('import', file, '--report-dir', 'late')
    writeFileSync(summary, text)
    const path = 'late/runs/imported.json'
    expect((await cli('compare', path, '--report-dir', 'late', '--with', path)).code).toBe(3)
    expect(reportIn('late').gate.invalidities).toEqual([
      { kind: 'load-not-reached', achieved: 8.8, intended: 10 },
    ])
  })

  it('records them as a baseline, each once, and keeps a slower one apart', async () => {
    const record = (path: string) =>
      cli('record', '--config', 'gate.yml', '--results', path, '--baseline', 'store')
    for (const path of history) expect((await record(path)).code).toBe(0)
    expect((await record(`${history[0]}`)).code).toBe(0)
    const slow = await importedVllm('later', { seed: 74, factor: 1.6, minute: 40 })
    expect((await record(slow)).code).toBe(1)
    const { out } = await cli('history', '--config', 'gate.yml', '--baseline', 'store')
    expect(out.match(/20261101T\d{6}Z-[0-9a-f]{8}|2026-11-01/g)?.length).toBeGreaterThanOrEqual(7)
  })
})

describe('a file or an option that is wrong', () => {
  const refused = async (...args: readonly string[]) => {
    const { code, out, err } = await cli('import', ...args)
    expect([out, err.includes('    at ')]).toEqual(['', false])
    return [code, err.split('\n')[0]]
  }

  it('is told with the way out', async () => {
    writeFileSync(join(folder, 'cut.json'), '{"benchmarks": [')
    writeFileSync(
      join(folder, 'bad.json'),
      JSON.stringify({ model_id: 'm', backend: 'b', completed: 1, ttfts: [1], errors: 7 }),
    )
    writeFileSync(
      join(folder, 'two.yml'),
      `${CONFIG}  other:\n    endpoint: {url: 'http://127.0.0.1:1/v1', model: m}\n`,
    )
    const vllm = 'imports/vllm.json'
    expect([
      await refused(),
      await refused('missing.json'),
      await refused('cut.json'),
      await refused('gate.yml'),
      await refused('bad.json'),
      await refused('imports/vllm-aggregates.json'),
      await refused(vllm, '--format', 'vlm'),
      await refused(vllm, '--format', 'guidellm'),
      await refused(vllm, '--gate', '../x'),
      await refused(vllm, '--run', '3'),
      await refused(vllm, '--config', 'two.yml'),
      await refused(vllm, '--config', 'gate.yml', '--gate', 'no'),
    ]).toMatchInlineSnapshot(`
[
  [
    2,
    "inference-gate: inference-gate import needs result files",
  ],
  [
    2,
    "inference-gate: no file matches missing.json",
  ],
  [
    2,
    "inference-gate: cut.json is not JSON: line 1 or after; it seems to be cut short",
  ],
  [
    2,
    "inference-gate: gate.yml is not JSON: line 1 or after",
  ],
  [
    2,
    "inference-gate: bad.json, read as vllm: run 1: errors is 7, not a list",
  ],
  [
    2,
    "inference-gate: imports/vllm-aggregates.json holds aggregates of vLLM bench serve and no requests, so there is nothing in it to judge",
  ],
  [
    2,
    "inference-gate: --format is "vlm"; the formats are vllm, sglang, aiperf, guidellm, inference-perf, llmperf, k6",
  ],
  [
    2,
    "inference-gate: imports/vllm.json, read as guidellm: benchmarks is nothing, not a list",
  ],
  [
    2,
    "inference-gate: --gate is "../x", which is not a valid gate name",
  ],
  [
    2,
    "inference-gate: --run is 3; imports/vllm.json holds 1",
  ],
  [
    2,
    "inference-gate: the config has several gates: chat, other",
  ],
  [
    2,
    "inference-gate: --gate is "no"; the config has chat",
  ],
]
`)
  })

  it('names the flag of that engine that writes requests', async () => {
    const { err } = await cli('import', 'imports/sglang-aggregates.jsonl')
    expect(err).toContain('--output-details')
  })

  it('of 64 MiB that hold nothing is refused as it comes, in one sentence', async () => {
    writeFileSync(join(folder, 'huge.json'), '{')
    truncateSync(join(folder, 'huge.json'), 64 * 1024 * 1024 + 1)
    expect(await refused('huge.json')).toEqual([
      expect.any(Number),
      expect.stringContaining('huge.json is not JSON: line 1; it seems to be cut short'),
    ])
  })
})
