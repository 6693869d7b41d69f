// A key never leaves the request it is for: not into a log, a report, a run file, a summary, a comment,
// an output or the baseline, also where the server sends it back.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { JOB_TOKEN } from '../github/github-state.ts'
import {
  httpChunk,
  type RawServer,
  STREAM_HEAD,
  startRawServer,
} from '../measure/load/raw-server.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere, runCliHere } from './in-process.ts'
import type { ActionResult } from './runner.ts'

const KEY = 'sk-live-5f2c9a7d1e8b4c3f'
const HEADER = 'team-secret-91827364'
const REFERENCE_KEY = 'sk-reference-77aa88bb99cc'
const SECRETS = [KEY, HEADER, REFERENCE_KEY, JOB_TOKEN]

let forge: Forge
/** Answers 401 with everything it was sent, in its body and in its headers. */
let echoing: RawServer
/** Streams the key as if a model had said it, then an error event with it. */
let talking: RawServer

beforeAll(async () => {
  forge = await startForge()
  echoing = await startRawServer((socket, request) => {
    const sent = /authorization: (.*)\r/i.exec(request)?.[1] ?? ''
    const body = JSON.stringify({
      error: { message: `Incorrect API key provided: ${sent} (${HEADER})`, code: sent },
    })
    socket.write(
      `HTTP/1.1 401 ${sent}\r\ncontent-type: application/json\r\nx-request-id: ${sent}\r\nx-echo: ${HEADER}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
  talking = await startRawServer((socket, request) => {
    const sent = /authorization: (.*)\r/i.exec(request)?.[1] ?? ''
    const events = `data: {"id":"${sent}","model":"${sent}","choices":[{"delta":{"content":"${sent}"}}]}\n\ndata: {"error":{"message":"failed for ${sent}","type":"${sent}","code":"${sent}"}}\n\n`
    socket.write(`${STREAM_HEAD}transfer-encoding: chunked\r\n\r\n${httpChunk(events)}0\r\n\r\n`)
  })
})
afterAll(async () => {
  await Promise.all([echoing.stop(), talking.stop()])
  await forge.stop()
})

const withSecretHeader = (url: string) =>
  configText({ url, rest: 'policy: {allowed_env: [TEAM]}\n' }).replace(
    'model: sim}',
    ['model: sim, headers: {x-team: "$', '{{ env.TEAM }}"}}'].join(''),
  )

function everyFile(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}

/** What the runner shows: it takes masks for itself. */
function visible({ log, outputs, summary }: ActionResult): string {
  const shown = log.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  return [...shown, JSON.stringify(outputs), summary].join('\n')
}

function expectNoSecret(text: string): void {
  for (const secret of SECRETS) expect(text.includes(secret) ? secret : '').toBe('')
}

const inputs = { 'api-key': KEY, 'reference-api-key': REFERENCE_KEY }
const env = { TEAM: HEADER }

describe('a key', () => {
  it('is masked before anything else is said', async () => {
    const path = workspace(forge, { [CONFIG_PATH]: withSecretHeader(forge.simulator.url) })
    const { log } = await runActionHere(
      pullJob(forge, { workspace: path, inputs: { ...inputs, comment: 'never' }, env }),
    )
    const first = log.split('\n').findIndex((line) => !line.startsWith('::add-mask::'))
    for (const secret of [KEY, REFERENCE_KEY, JOB_TOKEN]) {
      const masked = log.split('\n').indexOf(`::add-mask::${secret}`)
      expect(masked).toBeGreaterThanOrEqual(0)
      expect(masked).toBeLessThan(first)
    }
  })

  for (const kind of ['healthy', 'echoing', 'talking'] as const) {
    it(`is nowhere but in the request, at a ${kind} endpoint`, async () => {
      const url = { healthy: forge.simulator, echoing, talking }[kind].url
      const path = workspace(forge, { [CONFIG_PATH]: withSecretHeader(url) })
      forge.github.state.comments.splice(0)
      const file = { path: CONFIG_PATH, ref: BASE_SHA, text: withSecretHeader(url) }
      forge.github.state.files.splice(0, Number.POSITIVE_INFINITY, file)
      const gated = await runActionHere(pullJob(forge, { workspace: path, inputs, env }))
      const recorded = await runActionHere(pushJob(forge, { workspace: path, inputs, env }))
      expect([gated.code, recorded.code]).toEqual(kind === 'healthy' ? [0, 0] : [3, 3])
      expectNoSecret(visible(gated) + visible(recorded))
      expectNoSecret(everyFile(join(path, 'inference-gate-report')))
      expect(forge.github.state.comments).toHaveLength(1)
      expectNoSecret(forge.github.state.comments[0]?.body ?? '')
    })
  }

  it('is not in the baseline branch', () => {
    const text = execFileSync('git', ['-C', forge.gitDir, 'log', '-p', '--all'], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    })
    expect(text).toContain('inference-gate-run')
    expectNoSecret(text)
  })

  it('is not in what the command line prints and writes', async () => {
    for (const { url } of [echoing, talking]) {
      const path = workspace(forge, { 'inference-gate.yml': withSecretHeader(url) })
      const { code, out, err } = await runCliHere(['run'], {
        folder: path,
        env: { INFERENCE_GATE_API_KEY: KEY, TEAM: HEADER },
      })
      expect(code).toBe(3)
      expectNoSecret(out + err + everyFile(join(path, 'inference-gate-report')))
    }
  })

  it('of the endpoint is not sent to a reference at another origin', async () => {
    const seen: string[] = []
    const other = await startRawServer((socket, request) => {
      seen.push(/authorization: (.*)\r/i.exec(request)?.[1] ?? '')
      socket.end('HTTP/1.1 503 no\r\ncontent-length: 0\r\n\r\n')
    })
    const text = configText({ url: forge.simulator.url, rest: '' }).replace(
      '    limits:',
      `    reference: {url: "${other.url}"}\n    limits:`,
    )
    const path = workspace(forge, { 'inference-gate.yml': text })
    await runCliHere(['run', '--baseline', 'none'], {
      folder: path,
      env: { INFERENCE_GATE_API_KEY: KEY },
    })
    await other.stop()
    expect(seen.length).toBeGreaterThan(0)
    expect(new Set(seen)).toEqual(new Set(['']))
  })

  it('goes to no host that the base branch does not allow', async () => {
    const asked = (await forge.simulator.log()).length
    const text = configText({
      url: forge.simulator.url,
      rest: 'policy: {allowed_hosts: [inference.example.com]}\n',
    })
    const path = workspace(forge, { 'inference-gate.yml': text })
    const { code, err } = await runCliHere(['run'], { folder: path })
    expect([code, err]).toEqual([2, expect.stringContaining('policy.allowed_hosts')])
    expect((await forge.simulator.log()).length).toBe(asked)
  })
})

describe('a secret in a header behind words of the config', () => {
  it.each(['Bearer ', 'token='])('%s is masked and taken out without them', async (before) => {
    const secret = 'hunter22-team-91827364'
    const bare = await startRawServer((socket) => {
      const body = JSON.stringify({
        error: { message: `bad ${secret}, ${Buffer.from(secret).toString('base64url')}` },
      })
      socket.end(
        `HTTP/1.1 401 no\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
    })
    const value = [before, '$', '{{ env.INFERENCE_GATE_TEAM }}'].join('')
    const text = configText({ url: bare.url }).replace(
      'model: sim}',
      `model: sim, headers: {x-team: "${value}"}}`,
    )
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const file = { path: CONFIG_PATH, ref: BASE_SHA, text }
    forge.github.state.files.splice(0, Number.POSITIVE_INFINITY, file)
    forge.github.state.comments.splice(0)
    const result = await runActionHere(
      pullJob(forge, { workspace: path, env: { INFERENCE_GATE_TEAM: secret } }),
    )
    await bare.stop()
    expect(result.log).toContain(`::add-mask::${secret}`)
    const everything =
      visible(result) +
      everyFile(join(path, 'inference-gate-report')) +
      (forge.github.state.comments[0]?.body ?? '')
    expect(everything).toContain('401')
    for (const spelt of [secret, Buffer.from(secret).toString('base64url').slice(0, 20)]) {
      expect(everything.includes(spelt) ? spelt : '').toBe('')
    }
  })
})
