import { describe, expect, it } from '@jest/globals'
import type { Endpoint } from '../../src/model/config.ts'
import { configOf, issuesOf } from './read-config.ts'

const BEDROCK = 'https://bedrock-runtime.eu-west-1.amazonaws.com'

type Arms = { readonly endpoint: Endpoint; readonly reference: Endpoint | undefined }

function armsOf(endpoint: string, reference?: string, env = {}): Arms {
  const arm = reference === undefined ? '' : `    reference: {${reference}}\n`
  const text = `gates:\n  chat:\n    endpoint: {model: m, ${endpoint}}\n${arm}`
  const [gate] = configOf(text, { env }).gates
  if (gate === undefined) throw new Error('there is no gate')
  const named = gate.reference.kind === 'endpoint' ? gate.reference.endpoint : undefined
  return { endpoint: gate.endpoint, reference: named }
}

describe('auth', () => {
  it('is none unless it is said', () => {
    expect(armsOf('url: https://h.example').endpoint.auth).toBeUndefined()
    expect(armsOf('url: https://h.example, auth: none').endpoint.auth).toBeUndefined()
    expect(armsOf('url: https://h.example, auth: {cloud: none}').endpoint.auth).toBeUndefined()
  })

  it("signs for what AWS's address says", () => {
    expect(armsOf(`url: "${BEDROCK}", auth: aws`).endpoint.auth).toEqual({
      cloud: 'aws',
      region: 'eu-west-1',
      service: 'bedrock',
    })
  })

  it('signs for what is said of another address', () => {
    const auth = 'auth: {cloud: aws, region: us-west-2, service: bedrock}'
    expect(armsOf(`url: https://proxy.example, ${auth}`).endpoint.auth).toEqual({
      cloud: 'aws',
      region: 'us-west-2',
      service: 'bedrock',
    })
  })

  it("takes a region that is said for meant, whatever the job's is", () => {
    const env = { AWS_REGION: 'us-east-1' }
    const auth = 'auth: {cloud: aws, region: eu-west-1}'
    expect(armsOf(`url: "${BEDROCK}", ${auth}`, undefined, env).endpoint.auth).toMatchObject({
      region: 'eu-west-1',
    })
  })

  it("is refused where the job's default region is another one", () => {
    const text = `gates:\n  chat:\n    endpoint: {model: m, url: "${BEDROCK}", auth: aws}\n`
    const told = (env: Readonly<Record<string, string>>) =>
      issuesOf(text, { env }).map(({ message }) => message)
    expect(told({ AWS_DEFAULT_REGION: 'us-east-1' })).toEqual([
      expect.stringContaining('is logged in to us-east-1'),
    ])
    expect(told({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' })).toEqual([])
    expect(told({})).toEqual([])
  })

  it('is not refused for it in a file that is only looked at', () => {
    const text = `gates:\n  chat:\n    endpoint: {model: m, url: "${BEDROCK}", auth: aws}\n`
    const env = { AWS_REGION: 'us-east-1' }
    expect(configOf(text, { env, unsetEnv: 'blank' }).gates).toHaveLength(1)
  })

  it("asks for Azure OpenAI's scope, or another", () => {
    const url = 'url: https://r.openai.azure.com/openai/v1'
    expect(armsOf(`${url}, auth: azure`).endpoint.auth).toEqual({
      cloud: 'azure',
      scope: 'https://cognitiveservices.azure.com/.default',
    })
    const scope = 'https://ml.azure.com/.default'
    expect(armsOf(`${url}, auth: {cloud: azure, scope: "${scope}"}`).endpoint.auth).toEqual({
      cloud: 'azure',
      scope,
    })
  })
})

describe("a reference's auth", () => {
  const endpoint = `url: "${BEDROCK}", auth: aws`

  it("is the endpoint's at its own address", () => {
    const { reference } = armsOf(endpoint, 'model: other')
    expect(reference?.auth).toEqual({ cloud: 'aws', region: 'eu-west-1', service: 'bedrock' })
  })

  it("is the endpoint's at another address of the same cloud, for its own region", () => {
    const other = 'url: "https://bedrock-runtime.us-west-2.amazonaws.com"'
    const stated = `url: "${BEDROCK}", auth: {cloud: aws, region: eu-west-1, service: bedrock}`
    for (const one of [endpoint, stated]) {
      expect(armsOf(one, other).reference?.auth).toMatchObject({ region: 'us-west-2' })
    }
  })

  it('is none at an address that is not the cloud’s, unless it says so itself', () => {
    const google = 'url: https://aiplatform.googleapis.com/v1, auth: gcp'
    expect(armsOf(google, 'url: https://gateway.example').reference?.auth).toBeUndefined()
    expect(armsOf(endpoint, 'url: https://gateway.example').reference?.auth).toBeUndefined()
    expect(armsOf(google, 'url: https://gateway.example, auth: gcp').reference?.auth).toEqual({
      cloud: 'gcp',
    })
    expect(armsOf(google, 'auth: none, model: other').reference?.auth).toBeUndefined()
  })
})
