import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { lookUpPrices } from '../../src/app/price-catalogue.ts'
import type { CatalogueAnswer } from '../../src/model/price-catalogue.ts'

const DAY = '2026-11-24T03:00:00Z'

async function answer(name: string, at = DAY): Promise<CatalogueAnswer | undefined> {
  return (await lookUpPrices([name], at)).get(name)
}

describe('the price catalogue', () => {
  it('gives USD per token, and names the version it is of', async () => {
    const manifest = readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    expect(await answer('openai/gpt-4o-mini')).toEqual({
      kind: 'prices',
      input: expect.closeTo(0.15e-6, 15),
      cachedInput: expect.closeTo(0.075e-6, 15),
      output: expect.closeTo(0.6e-6, 15),
      reasoning: expect.closeTo(0.6e-6, 15),
      request: 0,
      source: `@pydantic/genai-prices ${version}: openai/gpt-4o-mini`,
    })
  })

  it('takes cached input for input where it has no price of its own', async () => {
    const found = await answer('groq/llama-3.3-70b-versatile')
    expect(found).toMatchObject({ input: 0.59e-6, cachedInput: 0.59e-6 })
  })

  it('finds a model by the name of its snapshot, and of a provider with slashes in its names', async () => {
    expect(await answer('openai/gpt-4o-2024-08-06')).toMatchObject({
      source: expect.stringMatching(/: openai\/gpt-4o$/),
    })
    expect(await answer('openrouter/openai/gpt-4o')).toMatchObject({ kind: 'prices' })
  })

  it('gives the price of the day', async () => {
    const before = await answer('openai/o3', '2025-06-01T00:00:00Z')
    expect(before).toMatchObject({ input: 10e-6, output: 40e-6 })
    expect(await answer('openai/o3')).toMatchObject({ input: 2e-6, output: 8e-6 })
  })

  it('gives one price a day where the provider changes it with the hour', async () => {
    const hours = ['00:00', '03:00', '12:00', '23:59']
    const answers = await Promise.all(
      hours.map((hour) => answer('deepseek/deepseek-chat', `2026-11-24T${hour}:00Z`)),
    )
    for (const each of answers) expect(each).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ kind: 'prices', input: 0.27e-6 })
  })

  it('says up to which length of a prompt its price holds', async () => {
    const found = await answer('google/gemini-2.5-pro')
    expect(found).toMatchObject({
      input: 1.25e-6,
      output: 10e-6,
      source: expect.stringMatching(/google\/gemini-2.5-pro, prompts up to 200000 tokens$/),
    })
  })

  it('adds what each request costs', async () => {
    expect(await answer('perplexity/sonar')).toMatchObject({ kind: 'prices', request: 0.012 })
  })

  it('says what it has where it has no such name', async () => {
    const provider = await answer('opnai/gpt-4o')
    expect(provider).toMatchObject({ kind: 'no-provider', provider: 'opnai' })
    expect(provider).toHaveProperty('known', expect.arrayContaining(['openai', 'x-ai', 'aws']))
    expect(await answer('my-openai-proxy/gpt-4o')).toMatchObject({ kind: 'no-provider' })
    const model = await answer('openai/gtp-4o')
    expect(model).toMatchObject({ kind: 'no-model', model: 'gtp-4o' })
    expect(model).toHaveProperty('known', expect.arrayContaining(['gpt-4o']))
    expect(await answer('openai/whisper-1')).toEqual({
      kind: 'no-token-prices',
      model: 'openai/whisper-1',
    })
  })

  it('answers nothing that was not asked', async () => {
    expect(await lookUpPrices([], DAY)).toEqual(new Map())
  })
})
