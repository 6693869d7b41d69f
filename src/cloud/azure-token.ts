// Where an Entra token comes from: the job's own identity exchanged for it, a client secret, and the `az`
// command that azure/login leaves logged in, which sets no variable of its own.

import { jsonOrNothing, textAt } from '../wire/json/json.ts'
import { ask } from './ask.ts'
import { identityOf } from './job-identity.ts'
import type { BearerToken, LoginJob, ProofSource } from './proof.ts'
import { MissingLogin } from './proof.ts'
import { runLogin } from './run-login.ts'
import { tokenIn } from './token-answer.ts'

const AUDIENCE = 'api://AzureADTokenExchange'
const AUTHORITIES = {
  com: 'https://login.microsoftonline.com',
  us: 'https://login.microsoftonline.us',
} as const

export function azureToken(scope: string, job: LoginJob): ProofSource<BearerToken> {
  return async () => {
    const { AZURE_CLIENT_ID: client, AZURE_TENANT_ID: tenant } = job.env
    const proof = client && tenant ? await proofOf(job) : undefined
    if (client && tenant && proof !== undefined) {
      return await exchanged({ client, tenant, scope, proof }, job)
    }
    return await tokenOfCommand(scope, job)
  }
}

type Proof = Readonly<Record<string, string>>

async function proofOf(job: LoginJob): Promise<Proof | undefined> {
  const { AZURE_CLIENT_SECRET: secret, AZURE_FEDERATED_TOKEN_FILE: file } = job.env
  if (secret) {
    job.learn([secret])
    return { client_secret: secret }
  }
  const identity = await identityOf({ file, audience: AUDIENCE }, job)
  if (identity === undefined) return undefined
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
  return { client_assertion_type: type, client_assertion: identity }
}

type TokenExchange = {
  readonly client: string
  readonly tenant: string
  readonly scope: string
  readonly proof: Proof
}

async function exchanged(
  { client, tenant, scope, proof }: TokenExchange,
  job: LoginJob,
): Promise<BearerToken> {
  const usual = scope.includes('.azure.us/') ? AUTHORITIES.us : AUTHORITIES.com
  const authority = (job.env.AZURE_AUTHORITY_HOST || usual).replace(/\/+$/, '')
  const url = `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`
  const form = { client_id: client, scope, grant_type: 'client_credentials', ...proof }
  const answer = await ask({ url, form }, job)
  const token = tokenIn(answer, job)
  if (token !== undefined) return token
  throw answer.refused(
    `the application ${client}`,
    'Let its federated credential name this repository, and give it a role on the resource (Cognitive Services OpenAI User).',
  )
}

async function tokenOfCommand(scope: string, job: LoginJob): Promise<BearerToken> {
  const asked = ['account', 'get-access-token', '--scope', scope, '--output', 'json']
  const told = jsonOrNothing((await runLogin('az', asked, job)) ?? '')
  const token = textAt(told, 'accessToken')
  if (token !== undefined) return { token, ...endOf(told) }
  throw new MissingLogin(
    '`auth: azure` finds no login: the `az` command is not logged in, and AZURE_CLIENT_ID with AZURE_TENANT_ID is not set',
    'Run azure/login in a step before (with `permissions: {id-token: write}`), or set AZURE_CLIENT_ID and AZURE_TENANT_ID in the `env` of this step.',
  )
}

/** `expires_on` is in seconds since 1970; older programs have only a local time, which says little. */
function endOf(told: unknown): Pick<BearerToken, 'expiresMs'> {
  const seconds = Number(Object(told).expires_on)
  return Number.isFinite(seconds) ? { expiresMs: seconds * 1000 } : {}
}
