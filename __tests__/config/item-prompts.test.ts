import { describe, expect, it } from '@jest/globals'
import { configOf } from './read-config.ts'

function gateOf(api: string, more = '') {
  const [gate] = configOf(
    `gates:\n  search:\n    endpoint: {api: ${api}, url: "https://h/v1", model: m}\n${more}`,
  ).gates
  if (gate === undefined) throw new Error('no gate')
  return gate
}

describe.each(['openai-embeddings', 'rerank'])('a gate of %s', (api) => {
  it('needs no more than a URL and a model: latency, errors, and enough answers for a p99', () => {
    const { workload, limits } = gateOf(api)
    expect(workload).toMatchObject({ requests: 320, probes: 0 })
    expect(limits.map(({ metric }) => metric)).toEqual([
      'latency_p50',
      'latency_p95',
      'latency_p99',
      'error_rate',
    ])
    expect(limits[0]).toMatchObject({ family: 'latency', worsening: 0.1, floor: 5 })
    for (const prompt of workload.prompts) expect(prompt.maxOutputTokens).toBe(0)
  })

  it('leaves out the percentiles that its requests cannot show', () => {
    const { limits } = gateOf(api, '    workload: {requests: 100}\n')
    expect(limits.map(({ metric }) => metric)).not.toContain('latency_p99')
  })

  it('takes a limit on items per second', () => {
    const { limits } = gateOf(api, '    limits: {items_per_second: {decrease: 10%, minimum: 40}}\n')
    expect(limits[0]).toMatchObject({
      metric: 'items_per_second',
      family: 'items_per_second',
      worsening: 0.1,
      ceiling: 40,
    })
  })
})

const contentsOf = (gate: ReturnType<typeof gateOf>) =>
  gate.workload.prompts.map(({ messages }) => messages.map(({ content }) => content))

describe('prompts of items', () => {
  it('are one text, or several', () => {
    const gate = gateOf(
      'openai-embeddings',
      '    workload: {prompts: [one, {texts: [two, three], class: batch, weight: 2}]}\n',
    )
    expect(contentsOf(gate)).toEqual([['one'], ['two', 'three']])
    expect(gate.workload.prompts[1]).toMatchObject({ promptClass: 'batch', weight: 2 })
  })

  it('are a query with its documents', () => {
    const gate = gateOf(
      'rerank',
      '    workload: {prompts: [{query: which, documents: [one, two]}]}\n',
    )
    expect(contentsOf(gate)).toEqual([['which', 'one', 'two']])
  })

  it('are built in for a ranking: four queries with ten documents that differ', () => {
    const contents = contentsOf(gateOf('rerank'))
    expect(contents.map((texts) => texts.length)).toEqual([11, 11, 11, 11])
    for (const texts of contents) {
      expect(new Set(texts).size).toBe(texts.length)
      for (const text of texts) expect(text.length).toBeGreaterThan(25)
    }
  })

  it.each([
    ['openai-embeddings', '{input_tokens: 50, count: 2}', [50]],
    ['openai-embeddings', '{input_tokens: 50, count: 2, items: 3}', [50, 50, 50]],
    ['rerank', '{input_tokens: 40, count: 2, items: 2}', [12, 40, 40]],
  ])('of %s can be made by length: %s', (api, synthetic, lengths) => {
    const more = `    workload: {prompts: {synthetic: ${synthetic}}}\n`
    const contents = contentsOf(gateOf(api, more))
    expect(contents).toHaveLength(2)
    for (const texts of contents) {
      expect(texts.map((text) => text.split(' ').length)).toEqual(lengths)
    }
    expect(new Set(contents.flat()).size).toBe(contents.flat().length)
    expect(contentsOf(gateOf(api, more))).toEqual(contents)
  })
})
