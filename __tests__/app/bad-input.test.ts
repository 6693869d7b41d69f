// What can be wrong around a job: each ends with one message that says what to do, its own exit code, no
// stack trace, and whatever was measured in the report folder. Silence is never a pass.

import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { startGitServer } from '../baseline/branch/git-http-server.ts'
import { JOB_TOKEN, jobToken, openPull } from '../github/github-state.ts'
import { httpChunk, STREAM_HEAD, startRawServer, tokenEvent } from '../measure/load/raw-server.ts'
import {
  CONFIG_PATH,
  type ConfigParts,
  configText,
  type Forge,
  HEAD_SHA,
  publishBase,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere, runCliHere } from './in-process.ts'
import type { ActionResult } from './runner.ts'

let forge: Forge

beforeAll(async () => {
  forge = await startForge()
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await forge.stop()
})
beforeEach(() => {
  const { state } = forge.github
  state.comments.splice(0)
  state.pulls.splice(0, state.pulls.length, openPull({ number: 7, headSha: HEAD_SHA }))
  state.tokens[JOB_TOKEN] = jobToken()
  publishBase(forge)
})

/** As few requests as can show that its limits hold: no percentile that needs more of them. */
const small = (parts: ConfigParts) =>
  configText(parts)
    .replace('requests: 60', 'requests: 30')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')
const checkout = (text: string) => workspace(forge, { [CONFIG_PATH]: text })
const reportOf = (path: string) =>
  JSON.parse(readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8'))
const hasRun = (path: string) => existsSync(join(path, 'inference-gate-report/runs/chat.json'))
/** Comments wait for a moment that these tests do not need. */
const quiet = { comment: 'never' }

function expectClear(result: ActionResult, code: number, ...words: readonly string[]): void {
  for (const some of words) expect(result.log).toContain(some)
  expect(result.log).not.toMatch(/\n\s+at /)
  expect(result.code).toBe(code)
}

/** One gate of the command line at this URL. */
async function runAt(
  url: string,
  more = '',
  config = small,
): Promise<{ code: number; out: string; path: string }> {
  const path = workspace(forge, { 'inference-gate.yml': config({ url, rest: more }) })
  const { code, out, err } = await runCliHere(['run'], { folder: path })
  expect(err + out).not.toMatch(/\n\s+at /)
  return { code, out, path }
}

describe('a config', () => {
  it('that is missing is said with the way to write one, in both entrypoints', async () => {
    const path = workspace(forge, {})
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs: quiet }))
    expectClear(result, 2, `there is no config ${CONFIG_PATH}`, 'inference-gate init', '::error')
    expect(result.outputs.verdict).toBe('invalid')
    expect(reportOf(path)).toMatchObject({ verdict: 'invalid', gates: [] })
    const cli = await runCliHere(['run', '--config', 'gate.yml'], { folder: path })
    expect([cli.code, cli.err]).toEqual([2, expect.stringContaining('there is no config gate.yml')])
  })

  it('with mistakes is annotated on its own lines, all at once, and in the comment', async () => {
    const path = checkout(
      'gates:\n  chat:\n    endpoint: {url: "https://a.example/v1", model: m}\n    limits:\n      ttft_p5O: {increase: 10%}\n      error_rate: {celing: 2%}\n',
    )
    const result = await runActionHere(pullJob(forge, { workspace: path }))
    expectClear(
      result,
      2,
      `::error title=Inference Gate config,file=${CONFIG_PATH},line=5,`,
      `::error title=Inference Gate config,file=${CONFIG_PATH},line=6,`,
      `${CONFIG_PATH}:5:`,
    )
    expect(result.log).toContain('ceiling')
    expect(result.outputs.headline).toContain('Config error: 2 problems')
    expect(forge.github.state.comments[0]?.body).toContain('ttft_p5O')
    const cli = await runCliHere(['validate', '--config', CONFIG_PATH], { folder: path })
    expect([cli.code, cli.err]).toEqual([2, expect.stringContaining(`${CONFIG_PATH}:5:`)])
  })

  it('counts what it only warns of apart from what refuses it', async () => {
    const gate = (name: string) =>
      `  ${name}:\n    endpoint: {url: "https://a.example/v1", model: m}\n    workload: {requests: 20}\n    limits: {ttft_p95: {ceiling: 2s}}\n`
    const path = checkout(`gates:\n${gate('chat')}${gate('Chat')}`)
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs: quiet }))
    expectClear(result, 2, 'warning: gates.chat.limits.ttft_p95')
    const cli = await runCliHere(['run', '--config', CONFIG_PATH], { folder: path })
    expect([cli.code, cli.err]).toEqual([2, expect.stringContaining('a problem and 2 warnings')])
    expect(result.outputs.headline).toContain('Config error: 1 problem in')
    expect(result.log.match(/^::error title=Inference Gate config/gm)).toHaveLength(1)
    expect(result.log.match(/^::warning title=Inference Gate config/gm)).toHaveLength(2)
  })

  it('that is no YAML is said with its line', async () => {
    const path = checkout('gates:\n  chat: {endpoint: [\n')
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs: quiet }))
    expectClear(result, 2, `file=${CONFIG_PATH},line=`)
  })

  it('with a hostile name is refused without being obeyed', async () => {
    const path = checkout(
      'gates:\n  "::error::x\\n::set-output name=verdict::passed":\n    endpoint: {url: "https://a.example/v1", model: m}\n',
    )
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs: quiet }))
    expectClear(result, 2, '::error title=Inference Gate config')
    expect(result.log).not.toMatch(/^::set-output/m)
    expect(result.log).not.toMatch(/^::error::x/m)
    expect(result.outputs.verdict).toBe('invalid')
  })

  it('with a hostile prompt name is refused, and with a hostile prompt measured', async () => {
    const hostile = '"::error::x\\n@everyone <!-- inference-gate:v1 -->"'
    const withPrompt = (prompt: string) =>
      checkout(
        small({ url: forge.simulator.url }).replace(
          'workload: {',
          `workload: {prompts: [${prompt}], `,
        ),
      )
    const named = withPrompt(`{name: ${hostile}, prompt: Hello}`)
    const refused = await runActionHere(pullJob(forge, { workspace: named, inputs: quiet }))
    expectClear(refused, 2, 'gates.chat.workload.prompts[0].name')
    expect(refused.log).not.toMatch(/^::error::x/m)
    const asked = withPrompt(`{name: odd, prompt: ${hostile}}`)
    const measured = await runActionHere(pullJob(forge, { workspace: asked }))
    expectClear(measured, 0)
    expect(measured.log).not.toMatch(/^::error::x/m)
    expect(forge.github.state.comments[0]?.body).not.toContain('@everyone')
  })
})

describe('inputs', () => {
  it('with illegal values are all named, with the legal ones', async () => {
    const inputs = { mode: 'judge', comment: 'loudly' }
    const job = pullJob(forge, { workspace: workspace(forge, {}), inputs })
    const result = await runActionHere(job)
    expectClear(
      result,
      2,
      'input mode is "judge"; legal values: auto, gate, record, measure, publish',
      'input comment is "loudly"; legal values: always, on-change, on-failure, never',
    )
  })

  it('outside of a job are refused', async () => {
    const job = pullJob(forge, { workspace: workspace(forge, {}), env: { GITHUB_REPOSITORY: '' } })
    expectClear(await runActionHere(job), 2, 'this is not a GitHub Actions job', 'command line')
  })

  it('that name a report folder which cannot be one leave the message', async () => {
    const path = workspace(forge, { 'a-file': 'x' })
    const job = pullJob(forge, { workspace: path, inputs: { ...quiet, 'report-dir': 'a-file' } })
    expectClear(await runActionHere(job), 2, 'there is no config', 'a-file')
  })

  it('with a broken event file are refused', async () => {
    const path = workspace(forge, { 'event.json': '{"pull_request":' })
    const env = { GITHUB_EVENT_PATH: join(path, 'event.json') }
    const result = await runActionHere(pullJob(forge, { workspace: path, env }))
    expectClear(result, 2, 'is not JSON')
  })
})

describe('an endpoint', () => {
  it('that cannot be reached is invalid, with 3', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    for (const url of [`http://127.0.0.1:${port}/v1`, 'http://no-such-host.invalid/v1']) {
      const { code, out, path } = await runAt(url)
      expect(code).toBe(3)
      expect(out).toContain('the endpoint is down or cannot be reached')
      expect(out.replace(/\s+/g, ' ')).toMatch(/Check .*endpoint\.url/)
      expect(reportOf(path).verdict).toBe('invalid')
    }
  })

  it('that refuses the key or does not know the model says which to check', async () => {
    const key = await runAt(forge.simulator.faultUrl('http-401'))
    expect([key.code, key.out]).toEqual([3, expect.stringContaining('refuses the key (HTTP 401)')])
    expect(key.out).toContain('INFERENCE_GATE_API_KEY')
    expect(hasRun(key.path)).toBe(true)
    const model = await runAt(forge.simulator.faultUrl('http-404'))
    expect([model.code, model.out]).toEqual([
      3,
      expect.stringContaining('does not know the path or the model (HTTP 404)'),
    ])
    expect(model.out).toContain('endpoint.model')
  })

  it('that is down passes only where the policy says so, and is still told', async () => {
    const url = forge.simulator.faultUrl('http-500')
    const { code, out, path } = await runAt(url, 'policy: {invalid: pass}\n')
    expect(code).toBe(0)
    expect(out).toContain('No request completed')
    expect(reportOf(path).verdict).toBe('invalid')
  })

  it('that dies half-way fails by its error rate and keeps every record', async () => {
    let answered = 0
    const server = await startRawServer(async (socket) => {
      answered += 1
      // A busy client cannot keep up a load of answers that come at once.
      await sleep(40)
      if (answered > 30) {
        socket.destroy()
        return
      }
      const body = `${tokenEvent('a')}data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`
      socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n${httpChunk(body)}0\r\n\r\n`)
    })
    const { code, path } = await runAt(server.url, '', configText)
    await server.stop()
    expect(code).toBe(1)
    expect(hasRun(path)).toBe(true)
    expect(reportOf(path).gates[0].metrics).toContainEqual(
      expect.objectContaining({ id: 'error_rate', verdict: 'fail' }),
    )
  })

  it('whose test the budget does not pay for is not asked', async () => {
    const { code, out, path } = await runAt(
      forge.simulator.url,
      'budget: {requests: 90, cost: $0.000001}\n',
    )
    expect(code).toBe(3)
    expect(out).toContain('the budget is too small')
    expect(out).toContain('budget.cost')
    expect(reportOf(path).gates[0].requests).toBeLessThan(30)
  })

  it('is not asked further once the run is stopped: 3, and what there is is kept', async () => {
    const stop = new AbortController()
    await forge.simulator.control({
      version: 'crawl',
      behaviour: { ttftMedianMs: 3000, tailShare: 0 },
    })
    const url = forge.simulator.url.replace('/v1', '/crawl/v1')
    const one = small({ url }).replace('concurrency: 4', 'concurrency: 8, warmup: 0')
    const gates = one.replace('confirm: none\n', '')
    const path = checkout(`${gates}${one.replace('gates:\n', '').replace('chat:', 'summary:')}`)
    const asked = (await forge.simulator.log()).length
    const running = runActionHere(pullJob(forge, { workspace: path, inputs: quiet }), stop.signal)
    await forge.simulator.arrived(asked + 1)
    stop.abort(new Error('stopped'))
    const result = await running
    expectClear(result, 3, 'the run was stopped')
    expect(reportOf(path).gates).toEqual([
      expect.objectContaining({ name: 'chat', verdict: 'invalid', requests: 0 }),
    ])
    expect(hasRun(path)).toBe(true)
  })

  it('of which a fork has no key is neutral: a notice, no red, unless the policy says so', async () => {
    const text = small({ url: forge.simulator.faultUrl('http-401') })
    const path = checkout(text)
    for (const [job, words] of [
      [pullJob(forge, { workspace: path, inputs: quiet, fork: true }), 'a fork'],
      [
        pullJob(forge, {
          workspace: path,
          inputs: quiet,
          env: { GITHUB_ACTOR: 'dependabot[bot]' },
        }),
        'Dependabot',
      ],
    ] as const) {
      const result = await runActionHere(job)
      expectClear(result, 0, '::notice title=Not measured')
      expect(result.outputs.headline).toBe(`Not measured: a run from ${words} is given no secrets`)
      expect(reportOf(path).verdict).toBe('invalid')
    }
    const strict = checkout(text)
    const [base] = forge.github.state.files
    if (base !== undefined) base.text = `${text}policy: {no_secrets: fail, invalid: pass}\n`
    const result = await runActionHere(
      pullJob(forge, { workspace: strict, inputs: quiet, fork: true }),
    )
    expectClear(result, 3, '::notice title=Not measured')
  })
})

describe('a token', () => {
  it('that may not write contents loses no run: 3, and the command that stores it', async () => {
    const readOnly = await startGitServer({ root: forge.folder, token: JOB_TOKEN, readOnly: true })
    const path = checkout(small({ url: forge.simulator.url }))
    const env = { GITHUB_SERVER_URL: new URL(readOnly.url).origin }
    const result = await runActionHere(pushJob(forge, { workspace: path, env }))
    await readOnly.close()
    expectClear(
      result,
      3,
      'could not be stored',
      'contents: write',
      "inference-gate record --results 'inference-gate-report/runs/*.json' --remote",
    )
    expect(hasRun(path)).toBe(true)
    expect(result.summary).toContain("inference-gate record --results 'inference-gate-report/")
  })

  it('that may not write pull requests leaves the verdict its exit code', async () => {
    forge.github.state.tokens[JOB_TOKEN] = jobToken({ pullRequests: 'read' })
    const path = checkout(small({ url: forge.simulator.url }))
    const result = await runActionHere(pullJob(forge, { workspace: path }))
    expectClear(result, 0, '::warning title=No comment was written', 'pull-requests: write')
    expect(result.outputs['comment-url']).toBe('')
    expect(result.summary).toContain('TTFT p50')
  })

  it('that may not read pull requests still gates and records', async () => {
    forge.github.state.tokens[JOB_TOKEN] = jobToken({ pullRequests: 'none' })
    const path = checkout(small({ url: forge.simulator.url }))
    const gated = await runActionHere(pullJob(forge, { workspace: path, inputs: quiet }))
    expectClear(gated, 0, '::warning title=Labels are not known')
    const recorded = await runActionHere(pushJob(forge, { workspace: path }))
    expectClear(recorded, 0, 'chat: recorded')
  })

  it('that git does not take is said before anything is measured', async () => {
    const asked = (await forge.simulator.log()).length
    const path = checkout(small({ url: forge.simulator.url }))
    const inputs = { ...quiet, 'github-token': 'ghs_wrong' }
    forge.github.state.tokens.ghs_wrong = jobToken()
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs }))
    delete forge.github.state.tokens.ghs_wrong
    expectClear(result, 3, 'Check the token')
    expect((await forge.simulator.log()).length).toBe(asked)
    expect(reportOf(path).verdict).toBe('invalid')
  })
})

describe('a report folder that cannot be written to', () => {
  it('is said before anything is sent: nothing is measured that could not be kept', async () => {
    const files = { 'inference-gate.yml': small({ url: forge.simulator.url }), 'a-file': 'x' }
    const path = workspace(forge, { ...files, [CONFIG_PATH]: files['inference-gate.yml'] })
    const asked = (await forge.simulator.log()).length
    for (const command of ['run', 'record']) {
      const argv = [command, '--report-dir', 'a-file', '--config', 'inference-gate.yml']
      const { code, err } = await runCliHere(argv, { folder: path })
      expect([code, err]).toEqual([2, expect.stringContaining('a-file cannot be written to')])
    }
    const inputs = { ...quiet, 'report-dir': 'a-file' }
    const result = await runActionHere(pullJob(forge, { workspace: path, inputs }))
    expectClear(result, 2, '::error', 'a-file cannot be written to')
    expect((await forge.simulator.log()).length).toBe(asked)
  })
})

describe('a command', () => {
  it('that is stopped keeps what it measured and ends with 3', async () => {
    const stop = new AbortController()
    const path = workspace(forge, {
      'inference-gate.yml': small({
        url: forge.simulator.faultUrl('silence-after-role'),
      }),
    })
    const asked = (await forge.simulator.log()).length
    const running = runCliHere(['run'], { folder: path, signal: stop.signal })
    await forge.simulator.arrived(asked + 1)
    stop.abort(new Error('stopped'))
    const { code, out } = await running
    expect(code).toBe(3)
    expect(out).toContain('the run was stopped')
    expect(existsSync(join(path, 'inference-gate-report/report.json'))).toBe(true)
  })

  it('that meets a stored file it cannot read names it and uses the others', async () => {
    const path = workspace(forge, {
      'inference-gate.yml': small({ url: forge.simulator.url }),
    })
    for (let run = 0; run < 2; run++) await runCliHere(['record'], { folder: path })
    const [first = ''] = globSync('.inference-gate/v1/*/runs/**/*.json', { cwd: path })
    writeFileSync(join(path, first), '{"format": "something else"}')
    const { code, out } = await runCliHere(['run'], { folder: path })
    expect(code).toBe(0)
    expect(out.replace(/\s+/g, ' ')).toContain('is not an inference-gate-run file')
    const history = await runCliHere(['history'], { folder: path })
    expect(history.err).toContain('was left out: is not an inference-gate-run file')
  })
})
