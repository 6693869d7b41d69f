import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  type AwsDoor,
  canonicalRequest,
  refusedByAws,
  type SignedRequest,
} from '../../src/simulator/aws-signature.ts'

type Vector = SignedRequest & {
  readonly name: string
  readonly sessionToken: string | null
  readonly canonicalRequest: string
  readonly signature: string
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL('../fixtures/aws-sigv4/vectors.json', import.meta.url), 'utf8'),
)
const MOMENT = Date.UTC(2015, 7, 30, 12, 36)
const DOOR: AwsDoor = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  service: 'service',
}

function doorOf({ sessionToken }: Vector, change: Partial<AwsDoor> = {}): AwsDoor {
  return { ...DOOR, ...(sessionToken === null ? {} : { sessionToken }), ...change }
}

function signedNames({ headers }: Vector): readonly string[] {
  const said = headers.find(([name]) => name === 'Authorization')?.[1] ?? ''
  return /SignedHeaders=([^,]+)/.exec(said)?.[1]?.split(';') ?? []
}

describe("AWS's published requests", () => {
  it('are all there', () => {
    expect(vectors.length).toBeGreaterThan(25)
  })

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    expect(canonicalRequest(vector, signedNames(vector))).toBe(vector.canonicalRequest)
    expect(refusedByAws(vector, doorOf(vector), MOMENT)).toBeUndefined()
  })
})

describe('a request that AWS would not let in', () => {
  const [vector] = vectors.filter(({ name }) => name === 'post-vanilla-query')
  const token = vectors.find(({ sessionToken }) => sessionToken !== null)
  if (vector === undefined || token === undefined) throw new Error('the vectors are not there')
  const answers = (request: SignedRequest, change: Partial<AwsDoor> = {}, atMs = MOMENT) =>
    refusedByAws(request, { ...DOOR, ...change }, atMs)

  const rows: readonly (readonly [string, ReturnType<typeof answers>, string, RegExp])[] = [
    [
      'is not signed',
      answers({ ...vector, headers: [] }),
      'MissingAuthenticationTokenException',
      /Missing/,
    ],
    [
      'is signed with other keys',
      answers(vector, { secretAccessKey: 'another' }),
      'InvalidSignatureException',
      /does not match the signature/,
    ],
    [
      'is signed by somebody else',
      answers(vector, { accessKeyId: 'AKIDANOTHER' }),
      'UnrecognizedClientException',
      /invalid/,
    ],
    [
      'comes with another body',
      answers({ ...vector, body: '{}' }),
      'InvalidSignatureException',
      /does not match the signature/,
    ],
    [
      'asks another path',
      answers({ ...vector, path: '/other?Param1=value1' }),
      'InvalidSignatureException',
      /does not match the signature/,
    ],
    [
      'is signed for another region',
      answers(vector, { region: 'eu-west-1' }),
      'InvalidSignatureException',
      /valid region, not 'us-east-1'/,
    ],
    [
      'is signed for another service',
      answers(vector, { service: 'bedrock' }),
      'InvalidSignatureException',
      /correct service: 'bedrock'/,
    ],
    [
      'is six minutes old',
      answers(vector, {}, MOMENT + 6 * 60_000),
      'InvalidSignatureException',
      /Signature expired/,
    ],
    [
      'is of keys that ran out',
      answers(vector, { expired: true }),
      'ExpiredTokenException',
      /expired/,
    ],
    [
      'leaves out its session token',
      answers(
        { ...token, headers: token.headers.filter(([name]) => name !== 'X-Amz-Security-Token') },
        { sessionToken: token.sessionToken ?? '' },
      ),
      'UnrecognizedClientException',
      /invalid/,
    ],
  ]

  it.each(rows)('%s', (_what, refused, code, message) => {
    expect(refused).toMatchObject({ status: 403, code, message: expect.stringMatching(message) })
  })
})
