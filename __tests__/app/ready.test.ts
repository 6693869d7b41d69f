// The built command line and an endpoint that is not there yet, or cold: it is waited for, timed alone, and
// measured once it is there.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { type CliResult, runBuiltCli } from './cli-process.ts'
import { configText, QUICK } from './forge.ts'

let parent: string
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'gate-ready-'))
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const PLANNED = 64
const AWAY = { fault: 'http-503' } as const

type Metric = {
  readonly id: string
  readonly verdict: string
  readonly unit: string
  readonly requests: number
  readonly candidate: number
}

/** An endpoint and a checkout of its own, so that the cases wait side by side. */
type Place = {
  readonly simulator: SimulatorProcess
  readonly folder: string
  /** The config of the other tests with something of its endpoint, and of its limits, added. */
  readonly cli: (command: string, endpoint: string, limits?: string) => Promise<CliResult>
  readonly gate: () => Record<string, unknown> & {
    readonly conditions: { readonly warmupRequests: number }
  }
  readonly metric: (id: string) => Metric
}

async function inPlace(act: (place: Place) => Promise<void>): Promise<void> {
  const simulator = await startSimulatorProcess({ seed: 9, behaviour: QUICK })
  const folder = mkdtempSync(join(parent, 'here-'))
  const gate = () =>
    JSON.parse(readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8')).gates[0]
  try {
    await act({
      simulator,
      folder,
      cli: (command, endpoint, limits = '') => {
        const text = configText({ url: simulator.url })
          .replace('model: sim', `model: sim, ${endpoint}`)
          .replace('    limits:', `    limits:${limits === '' ? '' : `\n      ${limits}`}`)
        writeFileSync(join(folder, 'inference-gate.yml'), text)
        return runBuiltCli([command, '--config', 'inference-gate.yml'], { folder })
      },
      gate,
      metric: (wanted) => gate().metrics.find(({ id }: Metric) => id === wanted),
    })
  } finally {
    await simulator.stop()
  }
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ')

describe('an endpoint that is not there yet', () => {
  it.concurrent('is waited for, and measured without what was refused meanwhile', () =>
    inPlace(async ({ simulator, cli, gate }) => {
      await simulator.control({ script: [AWAY, AWAY, { firstTokenMs: 300 }] })
      const { code, out, err } = await cli('run', 'ready: {timeout: 30s}')
      expect(`${code} ${err}`).toMatch(/^0 /)
      expect(err).toContain('chat: not ready after 0')
      expect(err).toContain('HTTP 503')
      expect(err).toMatch(/chat: ready after \d/)
      expect(words(out)).toMatch(/Before the warm-up: ready after \d/)
      expect(await simulator.log()).toHaveLength(PLANNED + 4 + 3)
      expect(gate()).toMatchObject({ requests: 60, errors: {} })
      expect(gate().conditions.warmupRequests).toBe(9)
    }))

  it.concurrent('is invalid where it never comes, with the last answer seen', () =>
    inPlace(async ({ simulator, cli }) => {
      await simulator.control({ script: Array(9).fill(AWAY) })
      const { code, out } = await cli('run', 'ready: {timeout: 3s}')
      expect(code).toBe(3)
      expect(words(out)).toContain('chat: the endpoint never became ready')
      expect(words(out)).toContain('the last answer was: HTTP 503')
      expect((await simulator.log()).length).toBeLessThan(4)
    }))

  it.concurrent('is not waited for with a path that answers something else', () =>
    inPlace(async ({ simulator, cli }) => {
      const { code, out } = await cli('run', 'ready: {url: /health, timeout: 1s}')
      expect(code).toBe(3)
      expect(words(out)).toContain('the last answer was: HTTP 404 at /health')
      expect(await simulator.log()).toEqual([])
    }))

  it.concurrent('is one request more in the plan and in the budget, where an answer is asked for', () =>
    inPlace(async ({ cli }) => {
      expect((await cli('plan', 'ready: {timeout: 30s}')).out).toContain(`${PLANNED + 1} requests`)
      expect((await cli('plan', 'ready: {url: /health}')).out).toContain(`${PLANNED} requests`)
    }))
})

describe('a cold start', () => {
  it.concurrent.each([
    ['5s', 0, 'passed'],
    ['250ms', 1, 'failed'],
  ])(
    'is judged by its ceiling of %s, with the first answer after readiness',
    (ceiling, code, verdict) =>
      inPlace(async ({ simulator, cli, metric }) => {
        await simulator.control({ script: [{ firstTokenMs: 400 }] })
        const result = await cli('run', 'ready: {}', `cold_start: {ceiling: ${ceiling}}`)
        expect(result.code).toBe(code)
        const coldStart = metric('cold_start')
        expect(coldStart).toMatchObject({ id: 'cold_start', unit: 'ms', requests: 1 })
        expect(coldStart.verdict).toBe(verdict === 'failed' ? 'fail' : 'pass')
        expect(coldStart.candidate).toBeGreaterThan(395)
        expect(words(result.out)).toContain('Cold start')
        // A cold start is not in what is measured of the warm endpoint.
        expect(metric('ttft_p50').candidate).toBeLessThan(300)
      }),
  )

  it.concurrent('after an idle time counts from the first try on, while the endpoint wakes', () =>
    inPlace(async ({ simulator, cli, metric }) => {
      await simulator.control({ script: [AWAY, { firstTokenMs: 100 }] })
      const { err } = await cli('run', 'cold_start: {idle: 100ms}', 'cold_start: {ceiling: 1s}')
      expect(err).toContain('chat: left alone for 0.1 s, for a cold start')
      const coldStart = metric('cold_start')
      expect(coldStart.candidate).toBeGreaterThan(2000)
      expect(coldStart.verdict).toBe('fail')
    }))

  it.concurrent('is compared with the cold starts of the baseline', () =>
    inPlace(async ({ simulator, cli, metric }) => {
      const limit = 'cold_start: {increase: 200%}'
      const record = async (ms: number) => {
        await simulator.control({ forget: ['script'], script: [{ firstTokenMs: ms }] })
        return await cli('record', 'ready: {}', limit)
      }
      for (const ms of [200, 210, 190, 205]) expect((await record(ms)).code).toBe(0)
      await simulator.control({ forget: ['script'], script: [{ firstTokenMs: 2500 }] })
      const { code } = await cli('run', 'ready: {}', limit)
      const coldStart = metric('cold_start')
      expect([code, coldStart.verdict]).toEqual([1, 'fail'])
      await simulator.control({ forget: ['script'], script: [{ firstTokenMs: 200 }] })
      expect((await cli('run', 'ready: {}', limit)).code).toBe(0)
    }))
})

describe('an endpoint that is away, then cold for thirty requests', () => {
  const COLD = Array(31).fill({ firstTokenMs: 600 })

  it.concurrent('is warmed up until it is as fast as it was, and passes', () =>
    inPlace(async ({ simulator, cli, metric }) => {
      for (let run = 0; run < 3; run++) expect((await cli('record', 'ready: {}')).code).toBe(0)
      await simulator.control({ forget: ['script', 'log'], script: [AWAY, AWAY, ...COLD] })
      const { code, out, err } = await cli('run', 'ready: {}')
      expect(`${code} ${err}`).toMatch(/^0 /)
      const [, requests] =
        /warm after (\d+) requests: first token \d+ ms → \d+ ms/.exec(words(out)) ?? []
      expect(Number(requests)).toBeGreaterThan(31)
      expect(Number(requests)).toBeLessThanOrEqual(53)
      expect(await simulator.log()).toHaveLength(2 + Number(requests) + 60)
      expect(metric('ttft_p95').candidate).toBeLessThan(500)
    }))

  it.concurrent('is warmed up by as many requests as the config says, where it says so', () =>
    inPlace(async ({ simulator, folder, cli }) => {
      await simulator.control({ script: COLD })
      await cli('validate', 'ready: {}')
      const text = readFileSync(join(folder, 'inference-gate.yml'), 'utf8')
      writeFileSync(
        join(folder, 'inference-gate.yml'),
        text.replace('requests: 60', 'requests: 60, warmup: 4'),
      )
      await simulator.control({ forget: ['script', 'log'], script: COLD })
      await runBuiltCli(['run', '--config', 'inference-gate.yml'], { folder })
      expect(await simulator.log()).toHaveLength(1 + 4 + 60)
    }))

  it.concurrent('takes nothing for it from what is to be measured', () =>
    inPlace(async ({ simulator, folder }) => {
      await simulator.control({ script: COLD })
      const text = configText({ url: simulator.url, rest: 'budget: {requests: 65}\n' })
      const config = text.replace('model: sim', 'model: sim, ready: {}')
      writeFileSync(join(folder, 'inference-gate.yml'), config)
      await runBuiltCli(['run', '--config', 'inference-gate.yml'], { folder })
      expect(await simulator.log()).toHaveLength(1 + 4 + 60)
    }))
})

describe('what makes no sense', () => {
  it.concurrent.each([
    ['model: sim', 'cold_start: {ceiling: 1s}', 'and the endpoint has neither; add one of them'],
    ['ready: {timeout: 2h}', '', '2h is no time to wait in a job; expected 1ms to 1h'],
    ['ready: {urls: /health}', '', '"urls" is not a key of `ready`; did you mean `url`?'],
    ['cold_start: {}', '', '`idle`'],
    ['ready: {url: "ftp://x/health"}', '', 'ftp: URLs cannot be measured'],
  ])('%s %s is refused', (endpoint, limits, message) =>
    inPlace(async ({ cli }) => {
      const text = endpoint === 'model: sim' ? 'body: {}' : endpoint
      const { code, err } = await cli('validate', text, limits)
      expect(code).toBe(2)
      expect(err).toContain(message)
    }),
  )
})
