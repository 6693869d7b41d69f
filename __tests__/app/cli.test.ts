// The built command line as people run it: processes, exit codes, signals, and what outlives them.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { decodeReport } from '../../src/wire/files/report-file.ts'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runBuiltCli, startBuiltCli } from './cli-process.ts'
import { configText, QUICK } from './forge.ts'
import { runCliHere } from './in-process.ts'

let simulator: SimulatorProcess
let parent: string

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'gate-cli-'))
  simulator = await startSimulatorProcess({ seed: 9, behaviour: QUICK })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(parent, { recursive: true, force: true })
})

function folderWith(config?: string): string {
  const folder = mkdtempSync(join(parent, 'here-'))
  if (config !== undefined) writeFileSync(join(folder, 'inference-gate.yml'), config)
  return folder
}

/** Whether anything answers there; asked until it does not, for a bounded time. */
async function isGone(url: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer === undefined) return true
    await answer.arrayBuffer()
    await sleep(50)
  }
  return false
}

describe('the built command line', () => {
  it('goes the way of a newcomer: init, validate, plan, record, run', async () => {
    const folder = folderWith()
    const init = ['init', '--url', simulator.url, '--model', 'sim', '--price-input', '$1/M']
    expect((await runBuiltCli([...init, '--price-output', '$2/M'], { folder })).code).toBe(0)
    const path = join(folder, '.github/inference-gate.yml')
    const text = readFileSync(path, 'utf8')
    // As it was written, but for a client that shares its machine with other tests.
    const small = text
      .replace(/requests: 200 .*/, 'requests: 60\n      max_client_delay: 30s')
      .replace(/probes: 120 .*/, 'probes: 240')
      .replace(/error_rate: .*/, 'error_rate: {ceiling: 10%}')
      .replace(/ttft_p50: .*/, 'ttft_p50: {increase: 200%, must_detect: 900%}')
      .replace(/ttft_p95: .*/, 'ttft_p95: {increase: 900%, must_detect: 2000%}')
      .replace(/ttft_p99: .*/, 'ttft_p99: {increase: 900%, must_detect: 2000%}')
    writeFileSync(path, small)
    expect(await runBuiltCli(['validate'], { folder })).toMatchObject({ code: 0, err: '' })
    expect((await runBuiltCli(['plan'], { folder })).code).toBe(0)
    expect(await runBuiltCli(['record', '--times', '2'], { folder })).toMatchObject({ code: 0 })
    const { code, out, err } = await runBuiltCli(['run', '--json', '-'], { folder })
    expect([code, err]).toEqual([0, ''])
    const read = decodeReport(out)
    const isResult = read.ok && read.report.kind === 'result'
    const metrics = isResult ? (read.report.jobResult.gates[0]?.metrics ?? []) : []
    const judged = metrics.filter(({ verdict }) => verdict !== 'not-gated').map(({ id }) => id)
    expect(judged).toEqual(['ttft_p50', 'ttft_p95', 'ttft_p99', 'error_rate', 'cost_per_answer'])
  })

  it('ends with the code of a mistake, and of an endpoint that is down', async () => {
    const folder = folderWith('gates: {chat: {endpoint: {url: x, model: m}}}\n')
    const wrong = await runBuiltCli(['run'], { folder })
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('inference-gate.yml:1:')])
    const down = folderWith(configText({ url: 'http://127.0.0.1:1/v1' }))
    const { code, out, err } = await runBuiltCli(['run'], { folder: down })
    expect([code, out]).toEqual([3, expect.stringContaining('cannot be reached')])
    expect(out + err).not.toMatch(/\n\s+at /)
  })

  it('keeps what there is when it is stopped with Ctrl-C, and ends with 3', async () => {
    await simulator.control({ version: 'crawl', behaviour: { ...QUICK, ttftMedianMs: 1500 } })
    const url = simulator.url.replace('/v1', '/crawl/v1')
    const folder = folderWith(configText({ url }))
    const asked = (await simulator.log()).length
    const running = startBuiltCli(['run'], { folder })
    await simulator.arrived(asked + 1)
    running.kill('SIGINT')
    const { code, out, err } = await running.result
    expect(code).toBe(3)
    expect(out).toContain('the run was stopped')
    expect(out + err).not.toMatch(/\n\s+at /)
    for (const name of ['report.json', 'runs/chat.json']) {
      expect(existsSync(join(folder, 'inference-gate-report', name))).toBe(true)
    }
  })

  it('says nothing more to a reader that went away', async () => {
    const folder = folderWith(configText({ url: simulator.url }))
    const running = startBuiltCli(['run'], { folder })
    running.hangUp()
    const { code, err } = await running.result
    expect(code).toBe(0)
    expect(err).not.toContain('EPIPE')
  })
})

describe('simulate', () => {
  it('serves every dialect’s address until it is told to stop', async () => {
    const running = startBuiltCli(['simulate', '--port', '0', '--api-key', 'k', '--json'], {
      folder: parent,
    })
    await running.says('}')
    const { url } = JSON.parse(running.out()) as { url: string }
    const body = JSON.stringify({ model: 'm', stream: true, messages: [] })
    const refused = await fetch(`${url}/chat/completions`, { method: 'POST', body })
    expect(refused.status).toBe(401)
    await refused.arrayBuffer()
    running.kill('SIGTERM')
    expect((await running.result).code).toBe(0)
    expect(await isGone(url)).toBe(true)
  })
})

describe('the demonstration', () => {
  it('records, gates twice, shows each verdict on one screen and leaves both reports', async () => {
    const folder = folderWith()
    const argv = ['demo', '--runs', '2', '--report-dir', 'shown/here']
    const { code, out, err } = await runBuiltCli(argv, { folder })
    expect([code, err]).toEqual([0, ''])
    expect(out.match(/^ {2}run \d: TTFT p50 .+ ms/gm)).toHaveLength(2)
    const [, ...screens] = out.split(/^\w+ pull request: /m)
    expect(screens).toHaveLength(2)
    for (const screen of screens) expect(screen.split('\n').length).toBeLessThanOrEqual(45)
    expect(screens[0]).toContain('temperature to 0.2')
    expect(screens[0]).toContain('charts: shown/here/harmless/report.html')
    expect(screens[1]).toContain('charts: shown/here/report.html')
    expect(out).not.toContain('<details>')
    for (const name of ['report.html', 'comment.md', 'runs/chat.json', 'harmless/report.html']) {
      expect(existsSync(join(folder, 'shown/here', name))).toBe(true)
    }
    expect(await isGone(/endpoint at (http\S+)/.exec(out)?.[1] ?? '')).toBe(true)
  })

  it('begins anew in a folder that has one, and no success when it is stopped', async () => {
    const folder = folderWith()
    const stored = join(folder, 'shown/baseline/v1/old.json')
    mkdirSync(dirname(stored), { recursive: true })
    writeFileSync(stored, '{}')
    const stop = new AbortController()
    const argv = ['demo', '--report-dir', join(folder, 'shown')]
    const said = (out: string) => {
      if (!out.endsWith('/v1\n')) return
      setTimeout(() => stop.abort(new Error('stopped')), 500)
    }
    const { code, out, err } = await runCliHere(argv, { folder, signal: stop.signal, said })
    expect([code, err]).toEqual([3, expect.stringContaining('the demonstration was stopped')])
    expect(out).toContain('Recording 10 runs')
    expect(existsSync(stored)).toBe(false)
    expect(await isGone(/endpoint at (http\S+)/.exec(out)?.[1] ?? '')).toBe(true)
  })

  it('that is killed takes its endpoint along as well', async () => {
    const running = startBuiltCli(['demo'], { folder: folderWith() })
    await running.says('endpoint at http')
    const url = /endpoint at (http\S+)/.exec(running.out())?.[1] ?? ''
    running.kill('SIGKILL')
    await running.result
    expect(await isGone(url)).toBe(true)
  })

  it('whose endpoint cannot be started says so', async () => {
    const script = join(parent, 'broken.js')
    writeFileSync(script, 'process.exit(1)\n')
    const { code, err } = await runCliHere(['demo'], { folder: folderWith(), script })
    expect([code, err]).toEqual([3, expect.stringContaining('the simulator did not start')])
  })
})
