// Everybody who hands out tokens, in one place that listens on this machine: GitHub's identities, Google's
// and AWS's token services and Entra. It checks what it is asked as they do, and remembers it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type AskedOfLogin = {
  readonly what: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type LoginServer = {
  readonly origin: string
  readonly asked: AskedOfLogin[]
  /** How long what it hands out from now on holds. */
  livesS: number
  /** Answers everything so from now on. Undefined = as it should be. */
  refusal: { readonly status: number; readonly body: string } | undefined
  /** AWS's old servers speak XML whatever they are asked for. */
  speaksXml: boolean
  stop(): Promise<void>
}

export const REQUEST_TOKEN = 'the-request-token-of-the-job'
export const GCP_AUDIENCE =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/g'
export const ROLE = 'arn:aws:iam::123456789012:role/gate'

/** What GitHub vouches for the job with, to one audience. */
export function identityFor(audience: string): string {
  return `identity-of-the-job-for ${audience}`
}

export async function startLoginServer(): Promise<LoginServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(Buffer.concat(chunks).toString('utf8'), request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  let given = 0
  const state: LoginServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    livesS: 3600,
    refusal: undefined,
    speaksXml: false,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }

  function answer(body: string, request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', state.origin)
    const what = `${request.method} ${url.pathname}`
    state.asked.push({ what, headers: request.headers, body })
    const said =
      state.refusal ?? told(what, { url, request, form: new URLSearchParams(body), body })
    response.writeHead(said.status, { connection: 'close' }).end(said.body)
  }

  type Question = {
    readonly url: URL
    readonly request: IncomingMessage
    readonly form: URLSearchParams
    readonly body: string
  }

  function told(what: string, { url, request, form, body }: Question) {
    const bearer = request.headers.authorization ?? ''
    const number = () => {
      given += 1
      return given
    }
    switch (what) {
      case 'GET /identity':
        return bearer === `Bearer ${REQUEST_TOKEN}`
          ? json({ value: identityFor(url.searchParams.get('audience') ?? '') })
          : json({ message: 'no such job' }, 401)
      case 'POST /google/token':
        return form.get('subject_token') === identityFor('the-provider') &&
          form.get('audience') === GCP_AUDIENCE
          ? json({ access_token: `federated-token-${number()}`, expires_in: state.livesS })
          : json({ error: 'invalid_grant', error_description: 'not this repository' }, 400)
      case 'POST /google/person':
        return form.get('assertion')?.split('.').length === 3
          ? json({ access_token: `google-token-${number()}`, expires_in: state.livesS })
          : json({ error: 'invalid_grant' }, 400)
      case 'POST /google/impersonate':
        return bearer.startsWith('Bearer federated-token-') && JSON.parse(body).scope.length === 1
          ? json({ accessToken: `google-token-${number()}`, expireTime: '2026-11-24T23:00:00Z' })
          : json({ error: { code: 403, message: 'may not act as it' } }, 403)
      case 'POST /the-tenant/oauth2/v2.0/token': {
        const proof = form.get('client_assertion') ?? form.get('client_secret')
        const isKnown =
          proof === identityFor('api://AzureADTokenExchange') || proof === 'the-secret'
        return isKnown && form.get('client_id') === 'the-client'
          ? json({
              access_token: `entra-token-${number()} ${form.get('scope')}`,
              expires_in: state.livesS,
            })
          : json(
              { error: 'invalid_client', error_description: 'AADSTS700213: No matching identity' },
              401,
            )
      }
      case 'POST /aws/':
        return form.get('WebIdentityToken') === identityFor('sts.amazonaws.com') &&
          form.get('RoleArn') === ROLE
          ? keys(number())
          : {
              status: 403,
              body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>',
            }
      default:
        return json({ message: `nothing is at ${what}` }, 404)
    }
  }

  function keys(number: number) {
    const [id, secret, token] = [
      `ASIAROLE${number}`,
      `role-secret-key-${number}`,
      `role-session-token-${number}`,
    ]
    const end = Date.UTC(2026, 10, 24, 22) / 1000 + state.livesS
    if (!state.speaksXml) {
      const Credentials = {
        AccessKeyId: id,
        SecretAccessKey: secret,
        SessionToken: token,
        Expiration: end,
      }
      return json({
        AssumeRoleWithWebIdentityResponse: { AssumeRoleWithWebIdentityResult: { Credentials } },
      })
    }
    const when = new Date(end * 1000).toISOString()
    return {
      status: 200,
      body: `<AssumeRoleWithWebIdentityResponse><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${when}</Expiration></Credentials></AssumeRoleWithWebIdentityResponse>`,
    }
  }
  return state
}

function json(value: unknown, status = 200) {
  return { status, body: JSON.stringify(value) }
}
