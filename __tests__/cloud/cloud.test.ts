import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { authorizeBy, type LoginJob, MissingLogin } from '../../src/cloud/cloud.ts'
import type { CloudLogin } from '../../src/model/cloud.ts'
import { GateError } from '../../src/model/errors.ts'
import {
  GCP_AUDIENCE,
  identityFor,
  type LoginServer,
  REQUEST_TOKEN,
  ROLE,
  startLoginServer,
} from './login-server.ts'

let server: LoginServer
let folder: string
beforeAll(async () => {
  server = await startLoginServer()
  folder = mkdtempSync(join(tmpdir(), 'gate-login-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server.stop()
})
beforeEach(() => {
  server.asked.splice(0)
  server.livesS = 3600
  server.refusal = undefined
  server.speaksXml = false
})

const NOW = Date.UTC(2026, 10, 24, 22)
const GCP: CloudLogin = { cloud: 'gcp' }
const AZURE: CloudLogin = { cloud: 'azure', scope: 'https://cognitiveservices.azure.com/.default' }
const AWS: CloudLogin = { cloud: 'aws', region: 'eu-west-1', service: 'bedrock' }

type Watched = LoginJob & { readonly learnt: string[]; readonly said: string[]; atMs: number }

function job(env: Readonly<Record<string, string>>): Watched {
  const learnt: string[] = []
  const said: string[] = []
  const watched: Watched = {
    env,
    learnt,
    said,
    atMs: NOW,
    now: () => watched.atMs,
    signal: new AbortController().signal,
    learn: (secrets) => void learnt.push(...secrets),
    announce: (step) => void said.push(step),
  }
  return watched
}

const asked = {
  method: 'POST',
  url: 'https://h.example/x',
  headers: { 'x-a': '1' },
  body: '{}',
} as const
const identity = () => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${server.origin}/identity?api-version=2`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
})

function file(name: string, value: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

/** As google-github-actions/auth writes it. */
function federation(change: Readonly<Record<string, unknown>> = {}): string {
  return file('gha-creds.json', {
    type: 'external_account',
    audience: GCP_AUDIENCE,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${server.origin}/google/token`,
    credential_source: {
      url: `${server.origin}/identity?api-version=2&audience=the-provider`,
      headers: { Authorization: `Bearer ${REQUEST_TOKEN}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...change,
  })
}

const whats = () => server.asked.map(({ what }) => what)

describe('a login to Google Cloud', () => {
  it('is the token that a step hands over, which is asked of nobody', async () => {
    for (const name of ['GOOGLE_OAUTH_ACCESS_TOKEN', 'CLOUDSDK_AUTH_ACCESS_TOKEN']) {
      const by = job({ [name]: 'ya29.given-token' })
      const authorize = await authorizeBy(GCP, by)
      expect(authorize(asked)).toEqual({ 'x-a': '1', authorization: 'Bearer ya29.given-token' })
      expect(by.learnt).toEqual(['ya29.given-token'])
    }
    expect(whats()).toEqual([])
  })

  it("exchanges the job's identity for a token", async () => {
    const by = job({ GOOGLE_APPLICATION_CREDENTIALS: federation() })
    const authorize = await authorizeBy(GCP, by)
    const { authorization } = authorize(asked)
    expect(authorization).toMatch(/^Bearer federated-token-\d+$/)
    expect(whats()).toEqual(['GET /identity', 'POST /google/token'])
    const form = new URLSearchParams(server.asked[1]?.body)
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      scope: 'https://www.googleapis.com/auth/cloud-platform',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    })
    for (const secret of [
      `Bearer ${REQUEST_TOKEN}`,
      identityFor('the-provider'),
      authorization?.slice(7),
    ]) {
      expect(by.learnt).toContain(secret)
    }
  })

  it('exchanges that for one of the service account', async () => {
    const impersonate = { service_account_impersonation_url: `${server.origin}/google/impersonate` }
    const path = federation(impersonate)
    const by = job({ CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: path })
    const authorize = await authorizeBy(GCP, by)
    expect(authorize(asked).authorization).toMatch(/^Bearer google-token-\d+$/)
    expect(by.learnt.some((secret) => secret.startsWith('federated-token-'))).toBe(true)
  })

  it("signs with a service account's own key", async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const path = file('key.json', {
      type: 'service_account',
      client_email: 'gate@p.iam.gserviceaccount.com',
      private_key: key,
      token_uri: `${server.origin}/google/person`,
    })
    const authorize = await authorizeBy(GCP, job({ GOOGLE_APPLICATION_CREDENTIALS: path }))
    expect(authorize(asked).authorization).toMatch(/^Bearer google-token-\d+$/)
    const assertion = new URLSearchParams(server.asked[0]?.body).get('assertion') ?? ''
    const claim = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString())
    expect(claim).toMatchObject({ iss: 'gate@p.iam.gserviceaccount.com', iat: NOW / 1000 })
    expect(server.asked[0]?.body).not.toContain('PRIVATE')
  })

  const refused = [
    ['of another kind', { type: 'gdch_service_account' }, /is of the type "gdch_service_account"/],
    [
      'that sends the identity elsewhere',
      { token_url: 'https://sts.evil.example/token' },
      /sts\.evil\.example, which is not Google/,
    ],
    ['without an audience', { audience: undefined }, /no `audience`/],
    ['without an identity', { credential_source: {} }, /names no identity/],
    [
      'that asks over plain http',
      { credential_source: { url: 'http://h.example/identity' } },
      /is no https address/,
    ],
  ] as const

  it.each(refused)('refuses a credentials file %s', async (_what, change, message) => {
    const path = federation(change)
    await expect(authorizeBy(GCP, job({ GOOGLE_APPLICATION_CREDENTIALS: path }))).rejects.toThrow(
      message,
    )
    expect(server.asked.filter(({ what }) => what.startsWith('POST'))).toEqual([])
  })

  it('says what Google says where it refuses', async () => {
    const path = federation({ audience: '//iam.googleapis.com/another' })
    const by = authorizeBy(GCP, job({ GOOGLE_APPLICATION_CREDENTIALS: path }))
    await expect(by).rejects.toThrow(
      /gives no token for Google Cloud: HTTP 400: not this repository/,
    )
  })

  it('is missing where the file is gone, as after a later checkout', async () => {
    const by = authorizeBy(GCP, job({ GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'gone.json') }))
    await expect(by).rejects.toThrow(MissingLogin)
    await expect(by).rejects.toMatchObject({ remedy: expect.stringContaining('checkout') })
  })
})

describe('a login to Azure', () => {
  const client = () => ({
    AZURE_CLIENT_ID: 'the-client',
    AZURE_TENANT_ID: 'the-tenant',
    AZURE_AUTHORITY_HOST: `${server.origin}/`,
  })

  it("exchanges the job's identity for a token of the scope", async () => {
    const by = job({ ...client(), ...identity() })
    const { authorization } = (await authorizeBy(AZURE, by))(asked)
    expect(authorization).toMatch(
      /^Bearer entra-token-\d+ https:\/\/cognitiveservices\.azure\.com\/\.default$/,
    )
    expect(whats()).toEqual(['GET /identity', 'POST /the-tenant/oauth2/v2.0/token'])
    expect(by.learnt).toContain(identityFor('api://AzureADTokenExchange'))
    expect(by.learnt).toContain(authorization?.slice(7))
  })

  it('takes the identity from a file, or a client secret', async () => {
    const path = file('federated', `${identityFor('api://AzureADTokenExchange')}\n`)
    const proofs: readonly Readonly<Record<string, string>>[] = [
      { AZURE_FEDERATED_TOKEN_FILE: path },
      { AZURE_CLIENT_SECRET: 'the-secret' },
    ]
    for (const proof of proofs) {
      const by = job({ ...client(), ...proof })
      expect((await authorizeBy(AZURE, by))(asked).authorization).toMatch(/^Bearer entra-token/)
    }
    expect(whats()).toEqual(Array(2).fill('POST /the-tenant/oauth2/v2.0/token'))
  })

  it('says what Entra says where it refuses, and what to set', async () => {
    const by = authorizeBy(AZURE, job({ ...client(), ...identity(), AZURE_CLIENT_ID: 'another' }))
    await expect(by).rejects.toMatchObject({
      message: expect.stringContaining('HTTP 401: AADSTS700213: No matching identity'),
      remedy: expect.stringContaining('federated credential'),
    })
  })
})

describe('a role of AWS', () => {
  const role = () => ({
    AWS_ROLE_ARN: ROLE,
    AWS_ENDPOINT_URL_STS: `${server.origin}/aws/`,
    ...identity(),
  })

  it.each([false, true])("is taken on with the job's identity (in XML: %s)", async (speaksXml) => {
    server.speaksXml = speaksXml
    const by = job(role())
    const headers = (await authorizeBy(AWS, by))(asked)
    expect(headers.authorization).toMatch(/Credential=ASIAROLE\d+\/20261124\/eu-west-1\/bedrock\//)
    expect(headers['x-amz-security-token']).toMatch(/^role-session-token-\d+$/)
    expect(by.learnt).toEqual(
      expect.arrayContaining([identityFor('sts.amazonaws.com'), headers['x-amz-security-token']]),
    )
  })

  it('is taken on once the keys that were left have run out', async () => {
    const left = {
      AWS_ACCESS_KEY_ID: 'ASIALEFT',
      AWS_SECRET_ACCESS_KEY: 'left-secret-key',
      AWS_CREDENTIAL_EXPIRATION: new Date(NOW + 60_000).toISOString(),
    }
    const by = job({ ...left, ...role() })
    expect((await authorizeBy(AWS, by))(asked).authorization).toContain('Credential=ASIALEFT/')
    by.atMs += 60_000
    expect((await authorizeBy(AWS, by))(asked).authorization).toContain('Credential=ASIAROLE')
  })

  it('says what AWS says where it refuses', async () => {
    const by = authorizeBy(AWS, job({ ...role(), AWS_ROLE_ARN: 'arn:aws:iam::1:role/another' }))
    await expect(by).rejects.toThrow(/HTTP 403: Not authorized to perform sts:AssumeRole/)
  })
})

describe('a token that runs out', () => {
  const opened = async () => {
    const by = job({ GOOGLE_APPLICATION_CREDENTIALS: federation() })
    const authorize = await authorizeBy(GCP, by)
    const token = () => authorize(asked).authorization ?? ''
    return { by, token, first: token() }
  }
  /** Renewal goes on beside whoever asks. */
  const settled = async (done: () => boolean) => {
    for (let i = 0; i < 500 && !done(); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 10))
  }

  it('is renewed some minutes before, and nobody waits for it', async () => {
    const { by, token, first } = await opened()
    by.atMs = NOW + (3600 - 5 * 60) * 1000
    expect(token()).toBe(first)
    expect(server.asked).toHaveLength(2)
    by.atMs = NOW + (3600 - 3 * 60) * 1000
    expect(token()).toBe(first)
    await settled(() => token() !== first)
    expect(token()).not.toBe(first)
    expect(server.asked).toHaveLength(4)
    expect(by.learnt).toContain(token().slice(7))
  })

  it('is used on where renewing fails, which is said once and tried again', async () => {
    const { by, token, first } = await opened()
    server.refusal = { status: 503, body: '{"error":{"message":"come back later"}}' }
    by.atMs = NOW + 3590 * 1000
    for (let i = 0; i < 5; i += 1) expect(token()).toBe(first)
    await settled(() => by.said.length > 0)
    expect(by.said).toEqual([
      expect.stringMatching(
        /could not be renewed: 127\.0\.0\.1:\d+ gives no token .* HTTP 503: come back later/,
      ),
    ])
    expect(token()).toBe(first)
    server.refusal = undefined
    by.atMs += 31_000
    token()
    await settled(() => token() !== first)
    expect(token()).not.toBe(first)
    expect(by.said).toHaveLength(1)
  })

  it('is renewed at three quarters of a short life', async () => {
    server.livesS = 60
    const { by, token, first } = await opened()
    by.atMs = NOW + 44_000
    token()
    expect(server.asked).toHaveLength(2)
    by.atMs = NOW + 46_000
    token()
    await settled(() => token() !== first)
    expect(token()).not.toBe(first)
  })
})

describe('a command line that is logged in', () => {
  let path: string
  afterEach(() => rmSync(path, { recursive: true, force: true }))

  function withCommand(name: string, script: string): Readonly<Record<string, string>> {
    path = mkdtempSync(join(tmpdir(), 'gate-commands-'))
    const file = join(path, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    return { PATH: `${path}:/usr/bin:/bin`, HOME: folder }
  }

  it('is asked for an Entra token, as azure/login leaves it', async () => {
    const end = NOW / 1000 + 3600
    const env = withCommand(
      'az',
      `[ "$*" = "account get-access-token --scope ${AZURE.cloud === 'azure' ? AZURE.scope : ''} --output json" ] && echo '{"accessToken":"entra-of-az","expires_on":${end}}'`,
    )
    const by = job(env)
    expect((await authorizeBy(AZURE, by))(asked).authorization).toBe('Bearer entra-of-az')
    expect(by.learnt).toEqual(['entra-of-az'])
  })

  it('is asked for a Google token', async () => {
    const env = withCommand('gcloud', 'echo ya29.of-gcloud')
    expect((await authorizeBy(GCP, job(env)))(asked).authorization).toBe('Bearer ya29.of-gcloud')
  })

  it("is asked for AWS's keys, whatever profile they are of", async () => {
    const env = withCommand(
      'aws',
      `echo '{"Version":1,"AccessKeyId":"ASIAPROFILE","SecretAccessKey":"profile-secret","SessionToken":"profile-token","Expiration":"2026-11-24T23:00:00Z"}'`,
    )
    const headers = (await authorizeBy(AWS, job(env)))(asked)
    expect(headers.authorization).toContain('Credential=ASIAPROFILE/')
    expect(headers['x-amz-security-token']).toBe('profile-token')
  })

  it('is not repeated where it fails: what it prints may be a secret', async () => {
    for (const [name, login, remedy] of [
      ['az', AZURE, 'azure/login'],
      ['gcloud', GCP, 'google-github-actions/auth'],
      ['aws', AWS, 'configure-aws-credentials'],
    ] as const) {
      const env = withCommand(name, 'echo hunter2; echo hunter2 >&2; exit 1')
      const failed: unknown = await authorizeBy(login, job(env)).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(MissingLogin)
      expect(failed).toMatchObject({ remedy: expect.stringContaining(remedy) })
      expect(String(failed)).not.toContain('hunter2')
      rmSync(path, { recursive: true, force: true })
    }
  })

  it('is missed where it is not installed', async () => {
    path = mkdtempSync(join(tmpdir(), 'gate-commands-'))
    expect(
      execFileSync('/bin/sh', ['-c', 'command -v az || true'], { env: { PATH: path } }).toString(),
    ).toBe('')
    await expect(authorizeBy(AZURE, job({ PATH: path }))).rejects.toThrow(GateError)
  })
})
