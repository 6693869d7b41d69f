import { describe, expect, it } from '@jest/globals'
import { awsPlaceOf, azureScopeOf, isOfCloud } from '../../src/model/cloud.ts'

describe("a cloud's own addresses", () => {
  const own = [
    ['aws', 'https://bedrock-runtime.eu-west-1.amazonaws.com/openai/v1'],
    ['aws', 'https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com'],
    ['aws', 'https://vpce-0a1-b2c.bedrock-runtime.eu-west-1.vpce.amazonaws.com'],
    ['aws', 'https://bedrock-runtime.cn-north-1.amazonaws.com.cn'],
    ['aws', 'https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/e/invocations'],
    ['aws', 'https://bedrock-mantle.us-east-1.api.aws/v1'],
    ['gcp', 'https://europe-west1-aiplatform.googleapis.com/v1/projects/p'],
    ['gcp', 'https://aiplatform.googleapis.com/v1'],
    ['gcp', 'https://aiplatform.eu.rep.googleapis.com/v1'],
    ['gcp', 'https://generativelanguage.googleapis.com/v1beta'],
    ['azure', 'https://resource.openai.azure.com/openai/v1'],
    ['azure', 'https://resource.cognitiveservices.azure.com'],
    ['azure', 'https://resource.services.ai.azure.com/models'],
    ['azure', 'https://resource.openai.azure.us/openai/v1'],
  ] as const

  it.each(own)('of %s: %s', (cloud, url) => {
    expect(isOfCloud(url, cloud)).toBe(true)
  })

  /** Anybody may have a machine, a bucket or a gateway below the names of a cloud. */
  const strange = [
    ['aws', 'http://bedrock-runtime.eu-west-1.amazonaws.com'],
    ['aws', 'https://bedrock-runtime.eu-west-1.amazonaws.com:8443'],
    ['aws', 'https://bedrock-runtime.eu-west-1.amazonaws.com.evil.example'],
    ['aws', 'https://bedrock-runtime.evil.example'],
    ['aws', 'https://x.execute-api.eu-west-1.amazonaws.com'],
    ['aws', 'https://bedrock-runtime.execute-api.eu-west-1.amazonaws.com'],
    ['aws', 'https://bedrock-runtime.eu-west-1.elb.amazonaws.com'],
    ['aws', 'https://bucket.s3.eu-west-1.amazonaws.com'],
    ['aws', 'https://ec2-1-2-3-4.compute-1.amazonaws.com'],
    ['gcp', 'https://storage.googleapis.com/bucket'],
    ['gcp', 'https://evil-aiplatform.googleapis.com.evil.example'],
    ['gcp', 'https://service-abc.a.run.app'],
    ['gcp', 'https://resource.openai.azure.com'],
    ['azure', 'https://evil.azure-api.net'],
    ['azure', 'https://evil.azurewebsites.net'],
    ['azure', 'https://openai.azure.com'],
    ['azure', 'https://a.b.openai.azure.com'],
    ['azure', 'no url'],
  ] as const

  it.each(strange)('not of %s: %s', (cloud, url) => {
    expect(isOfCloud(url, cloud)).toBe(false)
  })
})

describe('an address of AWS', () => {
  it.each([
    ['https://bedrock-runtime.eu-west-1.amazonaws.com', 'eu-west-1', 'bedrock'],
    ['https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com/x', 'us-gov-west-1', 'bedrock'],
    ['https://vpce-0a1-b2c.bedrock-runtime.eu-west-1.vpce.amazonaws.com', 'eu-west-1', 'bedrock'],
    ['https://runtime.sagemaker.us-east-1.amazonaws.com', 'us-east-1', 'sagemaker'],
  ])('%s says region and service', (url, region, service) => {
    expect(awsPlaceOf(url)).toEqual({ region, service })
  })

  it.each(['https://h.example', 'https://bedrock-mantle.us-east-1.api.aws/v1', 'no url'])(
    'is not %s, or says neither',
    (url) => {
      expect(awsPlaceOf(url)).toBeUndefined()
    },
  )
})

it("asks for a token of Azure's models, in the cloud that they are in", () => {
  const scope = 'https://cognitiveservices.azure.com/.default'
  expect(azureScopeOf('https://r.openai.azure.com/openai/v1')).toBe(scope)
  expect(azureScopeOf('https://gateway.example/v1')).toBe(scope)
  expect(azureScopeOf('no url')).toBe(scope)
  expect(azureScopeOf('https://r.openai.azure.us')).toBe(scope.replace('.com', '.us'))
})
