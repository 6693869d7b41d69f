import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AwsKeys } from '../../src/cloud/proof.ts'
import { signer } from '../../src/cloud/sign-aws.ts'
import { refusedByAws } from '../../src/simulator/aws-signature.ts'

const KEYS: AwsKeys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE',
}
const MOMENT = Date.UTC(2026, 10, 24, 22, 15)
const login = { cloud: 'aws', region: 'eu-west-1', service: 'bedrock' } as const
const HOST = 'bedrock-runtime.eu-west-1.amazonaws.com'

type Unsigned = {
  readonly path: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What the door says of a request that is signed by us, as it would come over the wire. */
async function heard({ path, body, headers = {} }: Unsigned, keys = KEYS) {
  const authorize = await signer(
    login,
    () => keys,
    () => MOMENT,
  )
  const url = new URL(`https://${HOST}${path}`)
  const sent = authorize({ method: 'POST', url: url.href, headers, body })
  const came = Object.entries({ ...sent, host: url.host, 'content-length': '1', via: 'a proxy' })
  return refusedByAws(
    { method: 'POST', path: url.pathname + url.search, headers: came, body },
    { ...KEYS, region: login.region, service: login.service },
    MOMENT,
  )
}

describe('a request that is signed', () => {
  const paths = [
    '/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse-stream',
    '/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.x/converse-stream',
    '/openai/v1/chat/completions',
    '/openai/v1/chat/completions?api-version=2026-01-01&a=b%20c&A=1',
  ]

  it.each(paths)('is let in at %s', async (path) => {
    const headers = { 'content-type': 'application/json', 'x-team': ' search   team ' }
    expect(await heard({ path, body: '{"a":"ö"}', headers })).toBeUndefined()
  })

  it('is let in whatever its body and its model are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        async (model, text) => {
          const path = `/model/${encodeURIComponent(model)}/converse-stream`
          // No address has them: they are steps in a path.
          fc.pre(model !== '.' && model !== '..')
          expect(await heard({ path, body: JSON.stringify({ text }) })).toBeUndefined()
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is let in without a session token where the keys have none', async () => {
    const { sessionToken: _, ...lasting } = KEYS
    const authorize = await signer(
      login,
      () => lasting,
      () => MOMENT,
    )
    const sent = authorize({ method: 'GET', url: `https://${HOST}/ping`, headers: {}, body: '' })
    expect(sent).not.toHaveProperty('x-amz-security-token')
    const refused = refusedByAws(
      {
        method: 'GET',
        path: '/ping',
        headers: Object.entries({ ...sent, host: HOST }),
        body: '',
      },
      { ...lasting, region: login.region, service: login.service },
      MOMENT,
    )
    expect(refused).toBeUndefined()
  })

  it('signs nothing that the client or a proxy sets itself, and sends no secret key', async () => {
    const authorize = await signer(
      login,
      () => KEYS,
      () => MOMENT,
    )
    const headers = { accept: 'a', 'accept-encoding': 'identity', 'content-type': 'b' }
    const sent = authorize({ method: 'POST', url: `https://${HOST}/x`, headers, body: '{}' })
    expect(Object.keys(sent).sort()).toEqual([
      'accept',
      'accept-encoding',
      'authorization',
      'content-type',
      'x-amz-date',
      'x-amz-security-token',
    ])
    expect(sent.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,',
    )
    expect(JSON.stringify(sent)).not.toContain(KEYS.secretAccessKey)
  })

  it('takes the keys as they are when it is sent', async () => {
    let keys = KEYS
    const authorize = await signer(
      login,
      () => keys,
      () => MOMENT,
    )
    const ask = () => authorize({ method: 'GET', url: `https://${HOST}/`, headers: {}, body: '' })
    const before = ask()
    keys = { ...KEYS, accessKeyId: 'AKIDRENEWED' }
    expect(before.authorization).toContain('AKIDEXAMPLE')
    expect(ask().authorization).toContain('AKIDRENEWED')
  })
})
