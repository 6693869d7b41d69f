// Where AWS's keys come from: the environment, as aws-actions/configure-aws-credentials leaves them; the
// job's own identity exchanged for a role; and whatever AWS's command line is logged in to.

import { GateError } from '../model/errors.ts'
import { isObject, jsonOrNothing, objectAt, textAt } from '../wire/json/json.ts'
import { ask } from './ask.ts'
import { identityOf } from './job-identity.ts'
import type { AwsKeys, LoginJob, ProofSource } from './proof.ts'
import { MissingLogin } from './proof.ts'
import { runLogin } from './run-login.ts'

const AUDIENCE = 'sts.amazonaws.com'
const LOGIN_STEP =
  'Run aws-actions/configure-aws-credentials in a step before (with `permissions: {id-token: write}`), or set AWS_ROLE_ARN in the `env` of this step.'

export function awsKeys(region: string, job: LoginJob): ProofSource<AwsKeys> {
  return async () => {
    const left = keysLeft(job)
    if (left !== undefined && !isOver(left, job)) return left
    const role = await keysOfRole(region, job)
    if (role !== undefined) return role
    if (left !== undefined) throw expired(left)
    return await keysOfCommand(job)
  }
}

/** The usual variables, with the end that `aws configure export-credentials` writes beside them. */
function keysLeft({ env }: LoginJob): AwsKeys | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!accessKeyId && !secretAccessKey) return undefined
  if (!accessKeyId || !secretAccessKey) {
    const [there, absent] = accessKeyId
      ? ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
      : ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID']
    throw new MissingLogin(`${there} is set without ${absent}`, LOGIN_STEP)
  }
  const expiresMs = Date.parse(env.AWS_CREDENTIAL_EXPIRATION ?? '')
  return {
    accessKeyId,
    secretAccessKey,
    ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    ...(Number.isNaN(expiresMs) ? {} : { expiresMs }),
  }
}

function isOver({ expiresMs }: AwsKeys, { now }: LoginJob): boolean {
  return expiresMs !== undefined && expiresMs <= now()
}

function expired({ expiresMs = 0 }: AwsKeys): GateError {
  const when = new Date(expiresMs).toISOString()
  return new GateError(
    'config',
    `the AWS credentials of this job ran out at ${when} (AWS_CREDENTIAL_EXPIRATION)`,
    'Run the login step again right before this one, or give it a longer `role-duration-seconds`.',
  )
}

/** AssumeRoleWithWebIdentity needs no signature: the identity is the proof. */
async function keysOfRole(region: string, job: LoginJob): Promise<AwsKeys | undefined> {
  const { AWS_ROLE_ARN: role, AWS_ROLE_SESSION_NAME: session = 'inference-gate' } = job.env
  if (!role) return undefined
  const file = job.env.AWS_WEB_IDENTITY_TOKEN_FILE
  const identity = await identityOf({ file, audience: AUDIENCE }, job)
  if (identity === undefined) {
    throw new MissingLogin(
      'AWS_ROLE_ARN names a role, but this job has no identity to take it on with',
      'Give the job `permissions: {id-token: write}`, or set AWS_WEB_IDENTITY_TOKEN_FILE.',
    )
  }
  const url = job.env.AWS_ENDPOINT_URL_STS || `https://sts.${region}.amazonaws.com/`
  const form = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: role,
    RoleSessionName: session,
    WebIdentityToken: identity,
  }
  const answer = await ask({ url, form, headers: { accept: 'application/json' } }, job)
  const remedy = `Let the role’s trust policy name this repository and the audience ${AUDIENCE}.`
  if (answer.status !== 200) throw answer.refused(`the role ${role}`, remedy)
  const keys = keysIn(answer.text)
  if (keys === undefined) throw answer.refused(`the role ${role}`, remedy)
  return keys
}

/** AWS's answer in JSON, or in XML, which is what its older servers send whatever they are asked for. */
function keysIn(text: string): AwsKeys | undefined {
  const told = jsonOrNothing(text)
  const result = objectAt(
    objectAt(told, 'AssumeRoleWithWebIdentityResponse'),
    'AssumeRoleWithWebIdentityResult',
  )
  const credentials = objectAt(result, 'Credentials')
  if (isObject(credentials)) return keysOf(credentials)
  const tag = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1]
  const names = ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration']
  return keysOf(Object.fromEntries(names.map((name) => [name, tag(name)])))
}

function keysOf(told: Readonly<Record<string, unknown>>): AwsKeys | undefined {
  const accessKeyId = textAt(told, 'AccessKeyId')
  const secretAccessKey = textAt(told, 'SecretAccessKey')
  const sessionToken = textAt(told, 'SessionToken')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  const { Expiration: end } = told
  const expiresMs = typeof end === 'number' ? end * 1000 : Date.parse(String(end))
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken,
    ...(Number.isNaN(expiresMs) ? {} : { expiresMs }),
  }
}

/** Profiles, single sign-on, and what machines of AWS are given. */
async function keysOfCommand(job: LoginJob): Promise<AwsKeys> {
  const asked = ['configure', 'export-credentials', '--format', 'process']
  const told = jsonOrNothing((await runLogin('aws', asked, job)) ?? '')
  const keys = isObject(told) ? keysOf(told) : undefined
  if (keys !== undefined) return keys
  throw new MissingLogin(
    '`auth: aws` finds no credentials: AWS_ACCESS_KEY_ID is not set, and the `aws` command is not logged in',
    LOGIN_STEP,
  )
}
