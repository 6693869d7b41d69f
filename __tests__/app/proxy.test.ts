// The built action and command line in a network whose only way out is a proxy, with an authority of its
// own: the endpoint, GitHub and git are reached through it, and what it could read holds no key.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { JOB_TOKEN } from '../github/github-state.ts'
import { type ProxyServer, startProxy } from '../measure/load/proxy-server.ts'
import { AUTHORITY, startTlsFront, type TlsFront } from '../measure/load/tls-front.ts'
import { runAction } from './action-process.ts'
import { runBuiltCli } from './cli-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  configText,
  type Forge,
  HEAD_SHA,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'
import { runCliHere } from './in-process.ts'

const KEY = 'sk-live-4f9c2e7a11d84b6f'
const USER = 'runner:pass-7c1e5b2f9d'
const ENDPOINT = 'https://inference.internal.example/v1'

let forge: Forge
let fronts: readonly TlsFront[]
let hosts: Record<string, number>

beforeAll(async () => {
  forge = await startForge()
  const behind = [forge.simulator.url, forge.github.apiUrl, forge.gitServer.url]
  fronts = await Promise.all(behind.map(startTlsFront))
  const names = ['inference', 'api', 'git']
  hosts = Object.fromEntries(
    names.map((name, at) => [`${name}.internal.example:443`, fronts[at]?.port ?? 0]),
  )
  hosts['plain.internal.example:80'] = forge.simulator.port
})
afterAll(async () => {
  expect(forge.github.state.violations).toEqual([])
  await Promise.all(fronts.map((front) => front.close()))
  await forge.stop()
})

let proxy: ProxyServer
let folder: string
beforeEach(async () => {
  proxy = await startProxy({ hosts, credentials: USER })
  folder = mkdtempSync(join(tmpdir(), 'gate-proxy-'))
})
afterEach(async () => {
  await proxy.close()
  rmSync(folder, { recursive: true, force: true })
})

const proxied = (at = proxy) => `http://${USER}@127.0.0.1:${at.port}`

function jobEnvironment(): Record<string, string> {
  return {
    HTTPS_PROXY: proxied(),
    NODE_EXTRA_CA_CERTS: AUTHORITY,
    GIT_SSL_CAINFO: AUTHORITY,
    GITHUB_SERVER_URL: 'https://git.internal.example',
    GITHUB_API_URL: 'https://api.internal.example',
  }
}

function publish(text: string): void {
  const { files } = forge.github.state
  files.splice(0, files.length, { path: CONFIG_PATH, ref: BASE_SHA, text })
  files.push({ path: CONFIG_PATH, ref: HEAD_SHA, text })
}

describe('the built action behind a proxy', () => {
  it('records and gates through it, says so, and shows it no key', async () => {
    const text = configText({ url: ENDPOINT })
    publish(text)
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const parts = { workspace: path, inputs: { 'api-key': KEY }, env: jobEnvironment() }
    const three = { ...parts, inputs: { ...parts.inputs, times: '3' } }
    expect(await runAction(pushJob(forge, three))).toMatchObject({ code: 0 })
    const { code, log, outputs } = await runAction(pullJob(forge, parts))
    expect(`${code} ${outputs.verdict} ${log}`).toMatch(/^0 passed/)
    const body = forge.github.state.comments[0]?.body ?? ''
    expect(body).toContain(`the requests went through \`${proxy.url}\``)
    expect(new Set(proxy.asked)).toEqual(
      new Set(
        Object.keys(hosts)
          .slice(0, 3)
          .map((host) => `CONNECT ${host}`),
      ),
    )
    for (const secret of [KEY, JOB_TOKEN]) expect(proxy.seen()).not.toContain(secret)
    const report = readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8')
    const told = [body, log.replaceAll(/^::add-mask::.*$/gm, ''), report]
    for (const said of told) expect(said).not.toContain('pass-7c1e5b2f9d')
  })

  it("blocks with the proxy's own refusal where it lets nothing through", async () => {
    const text = configText({ url: ENDPOINT })
    publish(text)
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const closed = await startProxy({ hosts: withoutEndpoint(), credentials: USER })
    try {
      const env = { ...jobEnvironment(), HTTPS_PROXY: proxied(closed) }
      const { code, outputs } = await runAction(
        pullJob(forge, { workspace: path, inputs: { 'api-key': KEY }, env }),
      )
      expect(code).toBe(3)
      expect(outputs.headline).toContain('the proxy refuses or cannot be reached')
      const markdown = readFileSync(join(path, 'inference-gate-report/comment.md'), 'utf8')
      expect(markdown).toContain(`127.0.0.1:${closed.port} answered CONNECT with HTTP 502`)
      expect(markdown).toContain('The endpoint was not asked.')
    } finally {
      await closed.close()
    }
  })

  it('asks no host that the pull request alone names, since the proxy would look it up', async () => {
    publish(configText({ url: ENDPOINT }))
    const text = configText({ url: 'https://other.internal.example/v1' })
    forge.github.state.files[1] = { path: CONFIG_PATH, ref: HEAD_SHA, text }
    const path = workspace(forge, { [CONFIG_PATH]: text })
    const { code, log } = await runAction(
      pullJob(forge, { workspace: path, env: jobEnvironment() }),
    )
    expect(code).toBe(2)
    expect(log).toContain('so where it leads cannot be seen')
    expect(proxy.asked.join()).not.toContain('other.internal.example')
  })

  it('sends no token to GitHub over plain http through a proxy', async () => {
    const env = {
      ...jobEnvironment(),
      GITHUB_API_URL: 'http://api.internal.example',
      HTTP_PROXY: proxied(),
    }
    const { code, log } = await runAction(pullJob(forge, { workspace: folder, env }))
    expect(code).toBe(2)
    expect(log).toContain('which could read the token: nothing was sent')
    expect(proxy.asked).toEqual([])
  })
})

function withoutEndpoint(): Record<string, number> {
  return Object.fromEntries(Object.entries(hosts).filter(([host]) => !host.startsWith('inference')))
}

/** Another name of this machine, which is not the one that is never asked through a proxy. */
const here = () => `http://0.0.0.0:${forge.simulator.port}/v1`

type Env = Readonly<Record<string, string>>

function cli(args: readonly string[], url: string, env: Env, run: typeof runCliHere = runBuiltCli) {
  writeFileSync(join(folder, 'inference-gate.yml'), configText({ url }))
  return run([...args, '--config', 'inference-gate.yml'], { folder, env })
}

/** The same program as a function: for what is read of an environment, and sends no key. */
const ping = (url: string, env: Env) => cli(['ping'], url, env, runCliHere)

describe('the built command line behind a proxy', () => {
  it('asks plain http with the whole address, and says of a comparison that a proxy came between', async () => {
    const open = await startProxy({
      hosts: { [`0.0.0.0:${forge.simulator.port}`]: forge.simulator.port },
    })
    try {
      expect((await cli(['record', '--times', '3'], here(), {})).code).toBe(0)
      expect(open.asked).toEqual([])
      const { code, out, err } = await cli(['run'], here(), { http_proxy: open.url })
      expect(`${code} ${err}`).toMatch(/^0 /)
      expect(new Set(open.asked)).toEqual(new Set([`POST ${here()}/chat/completions`]))
      expect(out.replaceAll(/\s+/g, ' ')).toContain(`proxy added (${open.url})`)
      const asked = open.asked.length
      expect(
        (await cli(['run'], here(), { HTTP_PROXY: open.url, NO_PROXY: 'x.example, 0.0.0.0' })).code,
      ).toBe(0)
      expect(open.asked).toHaveLength(asked)
    } finally {
      await open.close()
    }
  })

  it.each([
    ['this machine itself', () => forge.simulator.url, {}],
    ['a host of NO_PROXY', here, { NO_PROXY: `0.0.0.0:${'PORT'}` }],
    ['a network of NO_PROXY', here, { no_proxy: '10.0.0.0/8,0.0.0.0/8' }],
    ['every host where NO_PROXY is a star', here, { NO_PROXY: '*' }],
  ])('asks %s straight', async (_, url, { ...env }: Record<string, string>) => {
    const exceptions = Object.entries(env).map(([name, value]) => [
      name,
      value.replace('PORT', String(forge.simulator.port)),
    ])
    const { code, out } = await ping(url(), {
      HTTP_PROXY: proxied(),
      ...Object.fromEntries(exceptions),
    })
    expect(`${code} ${out}`).toMatch(/^0 /)
    expect(proxy.asked).toEqual([])
  })

  it.each([
    [
      'a proxy that wants another password',
      { HTTPS_PROXY: 'http://runner:wrong-password@PROXY' },
      'answered CONNECT with HTTP 407 (it does not take the user and the password of its address)',
    ],
    [
      'a proxy that wants a password',
      { HTTPS_PROXY: 'http://PROXY' },
      'answered CONNECT with HTTP 407 (it requires a user and a password)',
    ],
    [
      'a proxy that is not there',
      { HTTPS_PROXY: 'http://127.0.0.1:9' },
      'http://127.0.0.1:9 cannot be reached',
    ],
  ])('names %s', async (_, env: Record<string, string>, words) => {
    const at = { HTTPS_PROXY: (env.HTTPS_PROXY ?? '').replace('PROXY', `127.0.0.1:${proxy.port}`) }
    const { code, out } = await ping(ENDPOINT, at)
    expect(code).toBe(3)
    expect(out).toContain('ended      proxy')
    expect(out).toContain(words)
    expect(out).not.toContain('wrong-password')
  })

  it('calls the 407 of a proxy that plain http goes through what it is', async () => {
    const { code, out } = await ping('http://plain.internal.example/v1', {
      HTTP_PROXY: proxy.url,
    })
    expect(code).toBe(3)
    expect(out).toContain('ended      proxy (HTTP 407)')
  })

  it('sends no key over plain http through a proxy', async () => {
    const { code, err } = await cli(['ping'], 'http://plain.internal.example/v1', {
      HTTP_PROXY: proxied(),
      INFERENCE_GATE_API_KEY: KEY,
    })
    expect(code).toBe(2)
    expect(err).toContain(
      `through the proxy ${proxy.url}, which could read the key: nothing was sent`,
    )
    expect(err).toContain('NO_PROXY')
    expect(proxy.asked).toEqual([])
  })

  it('refuses a variable that no proxy can be read from', async () => {
    const { code, err } = await ping(ENDPOINT, { HTTPS_PROXY: 'socks5://127.0.0.1:1080' })
    expect(code).toBe(2)
    expect(err).toContain('HTTPS_PROXY of the environment has the scheme socks5://')
  })
})
