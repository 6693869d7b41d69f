// What AWS's front door checks of a signed request (Signature Version 4), worked out again from what came:
// nothing of it is shared with the code that signs, so that the two can only agree by both being right.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHash, createHmac } from 'node:crypto'

export type AwsDoor = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Asked for where it is given. */
  readonly sessionToken?: string
  readonly region: string
  readonly service: string
  /** The keys have run out. */
  readonly expired?: boolean
}

export type SignedRequest = {
  readonly method: string
  /** With the query, as it stood in the request line. */
  readonly path: string
  /** In the order in which they came; a name may come twice. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** In AWS's words; `code` is the header `x-amzn-errortype`. */
export type AwsRefusal = {
  readonly status: number
  readonly code: string
  readonly message: string
}

const ALLOWED_SKEW_MS = 5 * 60_000
const CREDENTIAL = /Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request/

/** Undefined: let in. */
export function refusedByAws(
  request: SignedRequest,
  door: AwsDoor,
  nowMs: number,
): AwsRefusal | undefined {
  const said = valuesOf(request, 'authorization')[0] ?? ''
  if (!said.startsWith('AWS4-HMAC-SHA256 ')) {
    return refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
  }
  const [, key, day, region, service] = CREDENTIAL.exec(said) ?? []
  const names = /SignedHeaders=([^,\s]+)/.exec(said)?.[1]?.split(';') ?? []
  const signature = /Signature=([0-9a-f]+)/.exec(said)?.[1]
  const date = valuesOf(request, 'x-amz-date')[0] ?? ''
  if (key === undefined || signature === undefined || !names.includes('host')) {
    return refuse('IncompleteSignatureException', 'Authorization header is incomplete.')
  }
  if (key !== door.accessKeyId || !isToken(request, door)) {
    const message = 'The security token included in the request is invalid.'
    return refuse('UnrecognizedClientException', message)
  }
  if (door.expired === true) {
    const message = 'The security token included in the request is expired'
    return refuse('ExpiredTokenException', message)
  }
  if (region !== door.region)
    return invalid(`Credential should be scoped to a valid region, not '${region}'. `)
  if (service !== door.service)
    return invalid(`Credential should be scoped to correct service: '${door.service}'. `)
  const skewMs = Math.abs(nowMs - momentOf(date))
  if (!(skewMs <= ALLOWED_SKEW_MS) || !date.startsWith(day ?? ' ')) {
    return invalid(`Signature expired: ${date} is now earlier than the present (- 5 min.)`)
  }
  if (signature === signatureOf(request, { names, date, door })) return undefined
  return invalid(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  )
}

function refuse(code: string, message: string): AwsRefusal {
  return { status: 403, code, message }
}

function invalid(message: string): AwsRefusal {
  return refuse('InvalidSignatureException', message)
}

function isToken(request: SignedRequest, { sessionToken }: AwsDoor): boolean {
  return (valuesOf(request, 'x-amz-security-token')[0] ?? '') === (sessionToken ?? '')
}

/** `20261124T221500Z`. NaN where it is none. */
function momentOf(date: string): number {
  return Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

type Signing = {
  readonly names: readonly string[]
  readonly date: string
  readonly door: Pick<AwsDoor, 'secretAccessKey' | 'region' | 'service'>
}

export function signatureOf(request: SignedRequest, { names, date, door }: Signing): string {
  const scope = [date.slice(0, 8), door.region, door.service, 'aws4_request']
  const hashed = sha256(canonicalRequest(request, names))
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hashed].join('\n')
  const key = scope.reduce<string | Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    `AWS4${door.secretAccessKey}`,
  )
  return createHmac('sha256', key).update(toSign).digest('hex')
}

export function canonicalRequest(request: SignedRequest, names: readonly string[]): string {
  const [path = '/', query = ''] = request.path.split(/\?(.*)/s)
  const headers = names.map((name) => {
    const values = valuesOf(request, name).map((value) => value.trim().replaceAll(/ +/g, ' '))
    return `${name}:${values.join(',')}\n`
  })
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers.join(''),
    names.join(';'),
    sha256(request.body),
  ].join('\n')
}

/** Every segment is encoded once more than it came, but nothing that needs no encoding. */
function canonicalPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(encoded(segment))
  }
  const end = kept.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : ''
  return `/${kept.join('/')}${end}`
}

function canonicalQuery(query: string): string {
  if (query === '') return ''
  return query
    .split('&')
    .map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [encoded(decodeURIComponent(name)), encoded(decodeURIComponent(value))] as const
    })
    .toSorted(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&')
}

/** RFC 3986: everything but letters, digits and `-._~`. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function valuesOf({ headers }: SignedRequest, name: string): readonly string[] {
  return headers.flatMap(([one, value]) => (one.toLowerCase() === name ? [value] : []))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
