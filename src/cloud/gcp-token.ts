// Where a Google access token comes from: one that a step hands over, the credentials file that
// google-github-actions/auth leaves (an identity to exchange, or a service account's key), what a person is
// logged in with, and the `gcloud` command.

import { createSign } from 'node:crypto'
import { readTextIfThere } from '../disk/disk.ts'
import { GateError } from '../model/errors.ts'
import { isObject, type JsonObject, jsonOrNothing, objectAt, textAt } from '../wire/json/json.ts'
import { type AskedForToken, ask } from './ask.ts'
import type { BearerToken, LoginJob, ProofSource } from './proof.ts'
import { MissingLogin } from './proof.ts'
import { runLogin } from './run-login.ts'
import { tokenIn } from './token-answer.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const LOGIN_STEP =
  'Run google-github-actions/auth in a step before (with `permissions: {id-token: write}`), or hand its output over as GOOGLE_OAUTH_ACCESS_TOKEN.'
/** `gcloud` does not say how long its token holds: it is asked again. */
const ASKED_AGAIN_MS = 15 * 60_000

export function gcpToken(job: LoginJob): ProofSource<BearerToken> {
  return async () => {
    const { env } = job
    const given = env.GOOGLE_OAUTH_ACCESS_TOKEN || env.CLOUDSDK_AUTH_ACCESS_TOKEN
    if (given) return { token: given }
    const file = env.GOOGLE_APPLICATION_CREDENTIALS || env.CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE
    return file ? await tokenOfFile(file, job) : await tokenOfCommand(job)
  }
}

async function tokenOfCommand(job: LoginJob): Promise<BearerToken> {
  const token = await runLogin('gcloud', ['auth', 'print-access-token'], job)
  if (token) return { token, expiresMs: job.now() + ASKED_AGAIN_MS }
  throw new MissingLogin(
    '`auth: gcp` finds no login: GOOGLE_APPLICATION_CREDENTIALS is not set, and the `gcloud` command is not logged in',
    LOGIN_STEP,
  )
}

async function tokenOfFile(file: string, job: LoginJob): Promise<BearerToken> {
  const text = await readTextIfThere(file)
  if (text === undefined) {
    const what = `the credentials file ${file} (GOOGLE_APPLICATION_CREDENTIALS) is not there`
    throw new MissingLogin(what, 'Let actions/checkout run before the login step, not after it.')
  }
  const held = jsonOrNothing(text)
  const kind = textAt(held, 'type')
  if (isObject(held) && kind === 'external_account') return await tokenOfIdentity(held, job)
  if (isObject(held) && kind === 'service_account') return await tokenOfKey(held, job)
  if (isObject(held) && kind === 'authorized_user') return await tokenOfPerson(held, job)
  throw new GateError(
    'config',
    `the credentials file ${file} is of the type ${JSON.stringify(kind ?? 'unknown').slice(0, 60)}; external_account, service_account and authorized_user are read`,
    LOGIN_STEP,
  )
}

/** Workload identity federation: the job's identity for a token, and that for a service account's. */
async function tokenOfIdentity(held: JsonObject, job: LoginJob): Promise<BearerToken> {
  const subject = await subjectOf(held, job)
  job.learn([subject])
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    audience: needed(held, 'audience'),
    scope: SCOPE,
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    subject_token_type: needed(held, 'subject_token_type'),
    subject_token: subject,
  }
  const federated = await tokenOf({ url: ofGoogle(needed(held, 'token_url')), form }, job)
  const impersonate = textAt(held, 'service_account_impersonation_url')
  if (impersonate === undefined) return federated
  job.learn([federated.token])
  const headers = { authorization: `Bearer ${federated.token}` }
  const json = { scope: [SCOPE], lifetime: '3600s' }
  const answer = await ask({ url: ofGoogle(impersonate), headers, json }, job)
  const told = jsonOrNothing(answer.text)
  const token = textAt(told, 'accessToken')
  const expiresMs = Date.parse(textAt(told, 'expireTime') ?? '')
  if (answer.status === 200 && token !== undefined) {
    return { token, ...(Number.isNaN(expiresMs) ? {} : { expiresMs }) }
  }
  throw answer.refused(
    'the service account',
    'Let the workload identity act as it (roles/iam.workloadIdentityUser).',
  )
}

async function subjectOf(held: JsonObject, job: LoginJob): Promise<string> {
  const source = objectAt(held, 'credential_source')
  const format = objectAt(source, 'format')
  const file = textAt(source, 'file')
  const url = textAt(source, 'url')
  const text =
    file === undefined
      ? url && (await subjectAt(url, objectAt(source, 'headers') ?? {}, job))
      : await readTextIfThere(file)
  const member = textAt(format, 'subject_token_field_name')
  const subject =
    textAt(format, 'type') === 'json' && member !== undefined
      ? textAt(jsonOrNothing(text ?? ''), member)
      : text?.trim()
  if (subject) return subject
  throw new GateError(
    'config',
    'the credentials file names no identity that can be read: a `file` or a `url` in `credential_source`',
    LOGIN_STEP,
  )
}

async function subjectAt(url: string, headers: JsonObject, job: LoginJob): Promise<string> {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  job.learn(texts.map(([, value]) => value))
  const answer = await ask({ url, headers: Object.fromEntries(texts) }, job)
  if (answer.status === 200) return answer.text
  throw answer.refused('this job’s identity', 'Give the job `permissions: {id-token: write}`.')
}

/** A key of its own: a claim that it signs is the proof. */
async function tokenOfKey(held: JsonObject, job: LoginJob): Promise<BearerToken> {
  const key = needed(held, 'private_key')
  job.learn([key])
  const url = ofGoogle(textAt(held, 'token_uri') ?? 'https://oauth2.googleapis.com/token')
  const iat = Math.floor(job.now() / 1000)
  const claim = { iss: needed(held, 'client_email'), scope: SCOPE, aud: url, iat, exp: iat + 3600 }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claim)}`
  const signature = createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')
  const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
  return await tokenOf(
    { url, form: { grant_type: grant, assertion: `${unsigned}.${signature}` } },
    job,
  )
}

async function tokenOfPerson(held: JsonObject, job: LoginJob): Promise<BearerToken> {
  const [client_id, client_secret, refresh_token] = [
    needed(held, 'client_id'),
    needed(held, 'client_secret'),
    needed(held, 'refresh_token'),
  ]
  job.learn([client_secret, refresh_token])
  const form = { grant_type: 'refresh_token', client_id, client_secret, refresh_token }
  return await tokenOf({ url: 'https://oauth2.googleapis.com/token', form }, job)
}

async function tokenOf(asked: AskedForToken, job: LoginJob): Promise<BearerToken> {
  const answer = await ask(asked, job)
  const token = tokenIn(answer, job)
  if (token !== undefined) return token
  throw answer.refused(
    'Google Cloud',
    'Let the workload identity provider name this repository, or renew the key.',
  )
}

function needed(held: JsonObject, member: string): string {
  const text = textAt(held, member)
  if (text !== undefined && text !== '') return text
  throw new GateError('config', `the credentials file has no \`${member}\``, LOGIN_STEP)
}

/** An identity is shown to Google alone, whoever wrote the file. */
function ofGoogle(url: string): string {
  const { hostname = '' } = URL.canParse(url) ? new URL(url) : {}
  if (/^([\w-]+\.)*googleapis\.com$/.test(hostname) || /^(127\.0\.0\.1|localhost)$/.test(hostname))
    return url
  throw new GateError(
    'config',
    `the credentials file sends the identity to ${hostname || 'no address'}, which is not Google’s`,
    LOGIN_STEP,
  )
}
