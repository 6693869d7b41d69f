// The built command line with a cloud's login in its environment, and no key anywhere: against the simulator
// that checks AWS's signatures, each in a process of its own.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  GCP_AUDIENCE,
  type LoginServer,
  REQUEST_TOKEN,
  startLoginServer,
} from '../cloud/login-server.ts'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { runBuiltCli } from './cli-process.ts'
import { configText, QUICK } from './forge.ts'

const KEYS = {
  accessKeyId: 'ASIAEXAMPLEOFAKEY',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKENOFASESSION',
}
const DOOR = { ...KEYS, region: 'eu-west-1', service: 'bedrock' }
/** As aws-actions/configure-aws-credentials leaves them. */
const LOGGED_IN = {
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  AWS_SESSION_TOKEN: KEYS.sessionToken,
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
}

const words = (text: string) => text.replaceAll(/\s+/g, ' ')

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'gate-clouds-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Env = Readonly<Record<string, string>>

/**
 * In a folder of its own, so that the cases run side by side. On the path is nothing: a machine has the
 * commands of the clouds, or is logged in with them, and those here are not.
 */
async function run(endpoint: string, env: Env) {
  const folder = mkdtempSync(join(root, 'run-'))
  // One in flight is reached however busy the machine is.
  const text = configText({ url: 'https://unused.example' })
    .replace(/endpoint: .*/, endpoint)
    .replace('requests: 60, concurrency: 4', 'requests: 30, concurrency: 1')
  writeFileSync(join(folder, 'inference-gate.yml'), text)
  const result = await runBuiltCli(['run', '--config', 'inference-gate.yml'], {
    folder,
    env: { PATH: folder, ...env },
  })
  return { ...result, folder }
}

/** Everything that was written below a folder. */
function written(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}

describe('Bedrock, signed', () => {
  let simulator: SimulatorProcess
  beforeAll(async () => {
    simulator = await startSimulatorProcess({ seed: 9, behaviour: QUICK, aws: DOOR })
  })
  afterAll(() => simulator.stop())

  const endpointAt = (url: string, region = 'eu-west-1') =>
    `endpoint: {api: bedrock-converse, url: "${url.replace(/\/v1$/, '')}", model: "anthropic.claude-v1:0", auth: {cloud: aws, region: ${region}, service: bedrock}}`

  it.concurrent('is measured with what the login step left, of which nothing is written down', async () => {
    const { code, out, err, folder } = await run(endpointAt(simulator.url), LOGGED_IN)
    expect(`${code} ${err}`).toMatch(/^0 /)
    const [gate] = JSON.parse(
      readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8'),
    ).gates
    expect(gate).toMatchObject({ requests: 30, errors: {} })
    expect(gate.cost.perAnswerUsd).toBeGreaterThan(0)
    const served = await simulator.log()
    expect(
      served.every(
        ({ dialect, model }) => `${dialect} ${model}` === 'bedrock-converse anthropic.claude-v1:0',
      ),
    ).toBe(true)
    for (const secret of Object.values(KEYS))
      expect(written(folder) + out + err).not.toContain(secret)
  })

  it.concurrent('waits for it with a signed question as well', async () => {
    const endpoint = endpointAt(simulator.url).replace('auth:', 'ready: {timeout: 20s}, auth:')
    const { code, err } = await run(endpoint, LOGGED_IN)
    expect(`${code} ${err}`).toMatch(/^0 /)
    expect(err).toMatch(/chat: ready after \d/)
  })

  const refusals = [
    [
      'another secret',
      { ...LOGGED_IN, AWS_SECRET_ACCESS_KEY: 'x'.repeat(40) },
      'InvalidSignatureException: The request signature we calculated does not match',
    ],
    [
      'no session token',
      { ...LOGGED_IN, AWS_SESSION_TOKEN: '' },
      'UnrecognizedClientException: The security token included in the request is invalid',
    ],
  ] as const

  it.concurrent.each(refusals)(
    'is invalid with %s, in the words of AWS',
    async (_what, env, message) => {
      const { code, out } = await run(endpointAt(simulator.url), env)
      expect(code).toBe(3)
      expect(words(out)).toContain(`HTTP 403 ${message}`)
    },
  )

  it.concurrent('is invalid with a signature for another region', async () => {
    const env = { ...LOGGED_IN, AWS_REGION: 'us-west-2' }
    const { code, out } = await run(endpointAt(simulator.url, 'us-west-2'), env)
    expect(code).toBe(3)
    expect(words(out)).toContain("scoped to a valid region, not 'us-west-2'")
  })
})

describe('credentials that ran out without anybody having said when', () => {
  it.concurrent('are told of with what to set, and nothing of a key', async () => {
    const simulator = await startSimulatorProcess({ aws: { ...DOOR, expired: true } })
    const endpoint = `endpoint: {api: bedrock-converse, url: "${simulator.url}", model: m, auth: {cloud: aws, region: eu-west-1, service: bedrock}}`
    const { code, out } = await run(endpoint, LOGGED_IN)
    await simulator.stop()
    expect(code).toBe(3)
    expect(words(out)).toContain('the endpoint refuses the login to aws (HTTP 403)')
    expect(words(out)).toContain(
      'The credentials ran out: run the login step right before this one',
    )
    expect(words(out)).not.toContain('INFERENCE_GATE_API_KEY')
  })
})

describe('a job that is not logged in to AWS', () => {
  const endpoint =
    'endpoint: {api: bedrock-converse, url: "https://bedrock-runtime.eu-west-1.amazonaws.com", model: m, auth: aws}'
  const rows = [
    [
      'no credentials',
      {},
      'finds no credentials: AWS_ACCESS_KEY_ID is not set',
      'configure-aws-credentials',
    ],
    [
      'half of them',
      { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE' },
      'AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY',
      'configure-aws-credentials',
    ],
    [
      'credentials that ran out',
      { ...LOGGED_IN, AWS_CREDENTIAL_EXPIRATION: '2026-01-02T03:04:05Z' },
      'ran out at 2026-01-02T03:04:05.000Z',
      'role-duration-seconds',
    ],
    [
      'credentials of another region',
      { ...LOGGED_IN, AWS_REGION: 'us-east-1' },
      'the url is in the region eu-west-1, but the job is logged in to us-east-1',
      'set `aws-region: eu-west-1`',
    ],
    [
      'a key beside them',
      { ...LOGGED_IN, INFERENCE_GATE_API_KEY: 'sk-of-somebody' },
      'INFERENCE_GATE_API_KEY is given, and `auth: aws` says',
      'Leave INFERENCE_GATE_API_KEY away',
    ],
    [
      'a role and no identity',
      { AWS_ROLE_ARN: 'arn:aws:iam::1:role/gate' },
      'AWS_ROLE_ARN names a role, but this job has no identity',
      'id-token: write',
    ],
  ] as const

  it.concurrent.each(rows)(
    'is told of %s in one sentence, with what to set',
    async (_what, env, message, remedy) => {
      const { code, err } = await run(endpoint, env)
      expect(code).toBe(2)
      expect(words(err)).toContain(message)
      expect(words(err)).toContain(remedy)
    },
  )
})

describe('a token for an endpoint that checks it', () => {
  type World = { readonly logins: LoginServer; readonly simulator: SimulatorProcess }

  /** An endpoint with that key and whoever hands it out, for one case. */
  async function world(apiKey: string | undefined, act: (world: World) => Promise<void>) {
    const options = { behaviour: QUICK, ...(apiKey === undefined ? {} : { apiKey }) }
    const [logins, simulator] = await Promise.all([
      startLoginServer(),
      startSimulatorProcess(options),
    ])
    try {
      await act({ logins, simulator })
    } finally {
      await Promise.all([simulator.stop(), logins.stop()])
    }
  }

  const endpoint = ({ simulator }: World, change: string) =>
    `endpoint: {url: "${simulator.url}", model: google/gemini, ${change}}`
  const identity = ({ logins }: World) => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${logins.origin}/identity?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
  })
  const azure = (one: World, client: string) => ({
    AZURE_CLIENT_ID: client,
    AZURE_TENANT_ID: 'the-tenant',
    AZURE_AUTHORITY_HOST: one.logins.origin,
    ...identity(one),
  })

  async function measured(
    one: World,
    token: string,
    { change, env }: { change: string; env: Env },
  ) {
    const { code, out, err, folder } = await run(endpoint(one, change), env)
    expect(`${code} ${err}`).toMatch(/^0 /)
    // One for the process, however many requests.
    expect(one.logins.asked.filter(({ what }) => what.startsWith('POST'))).toHaveLength(1)
    expect(written(folder) + out + err).not.toContain(token)
  }

  it.concurrent.each(['openai-chat', 'gemini'])(
    'is had of Google for %s by the file of the login step',
    (api) =>
      world('federated-token-1', async (one) => {
        const credentials = join(mkdtempSync(join(root, 'login-')), 'gha-creds.json')
        const source = {
          url: `${one.logins.origin}/identity?audience=the-provider`,
          headers: { Authorization: `Bearer ${REQUEST_TOKEN}` },
          format: { type: 'json', subject_token_field_name: 'value' },
        }
        writeFileSync(
          credentials,
          JSON.stringify({
            type: 'external_account',
            audience: GCP_AUDIENCE,
            subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
            token_url: `${one.logins.origin}/google/token`,
            credential_source: source,
          }),
        )
        const env = { GOOGLE_APPLICATION_CREDENTIALS: credentials }
        await measured(one, 'federated-token-1', { change: `api: ${api}, auth: gcp`, env })
      }),
  )

  const ENTRA = 'entra-token-1 https://cognitiveservices.azure.com/.default'

  it.concurrent("is had of Entra by the job's identity", () =>
    world(ENTRA, async (one) => {
      await measured(one, ENTRA, { change: 'auth: azure', env: azure(one, 'the-client') })
    }))

  it.concurrent('is missed in one sentence where whoever hands it out refuses', () =>
    world(undefined, async (one) => {
      const { code, err } = await run(endpoint(one, 'auth: azure'), azure(one, 'another'))
      expect(code).toBe(3)
      expect(words(err)).toContain(
        'gives no token for the application another: HTTP 401: AADSTS700213',
      )
      expect(words(err)).toContain('federated credential')
      expect(await one.simulator.log()).toEqual([])
    }))

  it.concurrent.each([
    ['gcp', 'google-github-actions/auth'],
    ['azure', 'azure/login'],
  ])('is missed in one sentence where nobody has logged in to %s', async (cloud, step) => {
    const nobody = `endpoint: {url: "http://127.0.0.1:9/v1", model: m, auth: ${cloud}}`
    const { code, err } = await run(nobody, {})
    expect(code).toBe(2)
    expect(words(err)).toContain(`\`auth: ${cloud}\` finds no login`)
    expect(words(err)).toContain(step)
  })
})
