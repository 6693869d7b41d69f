// The built command line with a cloud's login in its environment, and no key anywhere: against the simulator
// that checks AWS's signatures, each in a process of its own.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
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

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-clouds-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function cli(command: string, endpoint: string, env: Readonly<Record<string, string>>) {
  // One in flight is reached however busy the machine is.
  const text = configText({ url: 'https://unused.example' })
    .replace(/endpoint: .*/, endpoint)
    .replace('concurrency: 4', 'concurrency: 1')
  writeFileSync(join(folder, 'inference-gate.yml'), text)
  return runBuiltCli([command, '--config', 'inference-gate.yml'], { folder, env })
}

/** Everything that was written below the folder. */
function written(): string {
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

  it('is measured with what the login step left, of which nothing is written down', async () => {
    const { code, out, err } = await cli('run', endpointAt(simulator.url), LOGGED_IN)
    expect(`${code} ${err}`).toMatch(/^0 /)
    const [gate] = JSON.parse(
      readFileSync(join(folder, 'inference-gate-report/report.json'), 'utf8'),
    ).gates
    expect(gate).toMatchObject({ requests: 60, errors: {} })
    expect(gate.cost.perAnswerUsd).toBeGreaterThan(0)
    const served = await simulator.log()
    expect(
      served.every(
        ({ dialect, model }) => `${dialect} ${model}` === 'bedrock-converse anthropic.claude-v1:0',
      ),
    ).toBe(true)
    for (const secret of Object.values(KEYS)) expect(written() + out + err).not.toContain(secret)
  })

  it('waits for it with a signed question as well', async () => {
    const endpoint = endpointAt(simulator.url).replace('auth:', 'ready: {timeout: 20s}, auth:')
    const { code, err } = await cli('run', endpoint, LOGGED_IN)
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

  it.each(refusals)('is invalid with %s, in the words of AWS', async (_what, env, message) => {
    const { code, out } = await cli('run', endpointAt(simulator.url), env)
    expect(code).toBe(3)
    expect(words(out)).toContain(`HTTP 403 ${message}`)
  })

  it('is invalid with a signature for another region', async () => {
    const env = { ...LOGGED_IN, AWS_REGION: 'us-west-2' }
    const { code, out } = await cli('run', endpointAt(simulator.url, 'us-west-2'), env)
    expect(code).toBe(3)
    expect(words(out)).toContain("scoped to a valid region, not 'us-west-2'")
  })
})

describe('credentials that ran out without anybody having said when', () => {
  it('are told of with what to set, and nothing of a key', async () => {
    const simulator = await startSimulatorProcess({ aws: { ...DOOR, expired: true } })
    const endpoint = `endpoint: {api: bedrock-converse, url: "${simulator.url}", model: m, auth: {cloud: aws, region: eu-west-1, service: bedrock}}`
    const { code, out } = await cli('run', endpoint, LOGGED_IN)
    await simulator.stop()
    expect(code).toBe(3)
    expect(words(out)).toContain('the endpoint refuses the login to aws (HTTP 403)')
    expect(words(out)).toContain(
      'The credentials ran out: run the login step right before this one',
    )
    expect(words(out)).not.toContain('INFERENCE_GATE_API_KEY')
  }, 60_000)
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

  it.each(rows)(
    'is told of %s in one sentence, with what to set',
    async (_what, env, message, remedy) => {
      const { code, err } = await cli('run', endpoint, env)
      expect(code).toBe(2)
      expect(words(err)).toContain(message)
      expect(words(err)).toContain(remedy)
    },
  )
})

describe('a token for an endpoint that checks it', () => {
  let logins: LoginServer
  let simulator: SimulatorProcess
  beforeEach(async () => {
    logins = await startLoginServer()
  })
  afterEach(async () => {
    await simulator.stop()
    await logins.stop()
  })

  const endpoint = (change: string) =>
    `endpoint: {url: "${simulator.url}", model: google/gemini, ${change}}`
  const identity = () => ({
    ACTIONS_ID_TOKEN_REQUEST_URL: `${logins.origin}/identity?api-version=2`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
  })

  async function measured(token: string, change: string, env: Readonly<Record<string, string>>) {
    const { code, out, err } = await cli('run', endpoint(change), env)
    expect(`${code} ${err}`).toMatch(/^0 /)
    // One for the process, however many requests.
    expect(logins.asked.filter(({ what }) => what.startsWith('POST'))).toHaveLength(1)
    expect(written() + out + err).not.toContain(token)
  }

  it.each(['openai-chat', 'gemini'])(
    'is had of Google for %s by the file of the login step',
    async (api) => {
      const token = 'federated-token-1'
      simulator = await startSimulatorProcess({ behaviour: QUICK, apiKey: token })
      const credentials = join(folder, 'gha-creds.json')
      const source = {
        url: `${logins.origin}/identity?audience=the-provider`,
        headers: { Authorization: `Bearer ${REQUEST_TOKEN}` },
        format: { type: 'json', subject_token_field_name: 'value' },
      }
      writeFileSync(
        credentials,
        JSON.stringify({
          type: 'external_account',
          audience: GCP_AUDIENCE,
          subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
          token_url: `${logins.origin}/google/token`,
          credential_source: source,
        }),
      )
      const env = { GOOGLE_APPLICATION_CREDENTIALS: credentials }
      await measured(token, `api: ${api}, auth: gcp`, env)
    },
    60_000,
  )

  it("is had of Entra by the job's identity", async () => {
    const token = 'entra-token-1 https://cognitiveservices.azure.com/.default'
    simulator = await startSimulatorProcess({ behaviour: QUICK, apiKey: token })
    const client = { AZURE_CLIENT_ID: 'the-client', AZURE_TENANT_ID: 'the-tenant' }
    const env = { ...client, AZURE_AUTHORITY_HOST: logins.origin, ...identity() }
    await measured(token, 'auth: azure', env)
  }, 60_000)

  it('is missed in one sentence where whoever hands it out refuses', async () => {
    simulator = await startSimulatorProcess({ behaviour: QUICK })
    const client = { AZURE_CLIENT_ID: 'another', AZURE_TENANT_ID: 'the-tenant' }
    const env = { ...client, AZURE_AUTHORITY_HOST: logins.origin, ...identity() }
    const { code, err } = await cli('run', endpoint('auth: azure'), env)
    expect(code).toBe(3)
    expect(words(err)).toContain(
      'gives no token for the application another: HTTP 401: AADSTS700213',
    )
    expect(words(err)).toContain('federated credential')
    expect(await simulator.log()).toEqual([])
  }, 60_000)

  it.each([
    ['gcp', 'google-github-actions/auth'],
    ['azure', 'azure/login'],
  ])(
    'is missed in one sentence where nobody has logged in to %s',
    async (cloud, step) => {
      simulator = await startSimulatorProcess({ behaviour: QUICK })
      const { code, err } = await cli('run', endpoint(`auth: ${cloud}`), {})
      expect(code).toBe(2)
      expect(words(err)).toContain(`\`auth: ${cloud}\` finds no login`)
      expect(words(err)).toContain(step)
    },
    60_000,
  )
})
