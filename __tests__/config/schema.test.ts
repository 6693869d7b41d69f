// The published schema: every member explains itself, its defaults are those of the code, and the
// compiled validators say what Ajv says at run time.

import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import schema from '../../schema/config.schema.json' with { type: 'json' }
import { configAjv } from '../../scripts/derived/config-validators.ts'
import { limitText } from '../../src/config/describe-settings.ts'
import { defaultLimits, defaultMustDetect } from '../../src/config/limits/default-limits.ts'
import { validateConfig } from '../../src/config/schema/schema-validators.ts'
import { metricRow, parseMetricId } from '../../src/model/metric.ts'
import { configOf, gateWith, issuesOf } from './read-config.ts'

type Member = {
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly 'x-default'?: string
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Member>>
  readonly patternProperties?: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
}

const definitions: Readonly<Record<string, Member>> = schema.$defs
const holders: readonly Member[] = [schema, ...Object.values(definitions)]

const members = holders.flatMap((holder) =>
  [
    ...Object.entries(holder.properties ?? {}),
    ...Object.entries(holder.patternProperties ?? {}),
  ].map(([name, member]) => ({ name: `${holder.title}: ${name}`, key: name, member, holder })),
)

/** What counts vectors needs an endpoint of them. */
function ofItems(example: object, name: string): string {
  return `gates: {search: {endpoint: {api: openai-embeddings, url: "https://h", model: m}, limits: ${JSON.stringify({ [name]: example })}}}`
}

describe('the published schema', () => {
  it.each(members)('explains $name', ({ member }) => {
    expect(member.title).toMatch(/\S/)
    expect(member.description).toMatch(/\.$/)
    expect(member.examples?.length).toBeGreaterThan(0)
  })

  it.each(members)('says what is taken without $name', ({ key, member, holder }) => {
    const isNeeded = holder.required?.includes(key) ?? false
    const isOneOfTwo = ['prompt', 'messages', 'texts', 'query', 'documents'].includes(key)
    const hasDefault = member.default !== undefined || member['x-default'] !== undefined
    expect(hasDefault).toBe(!isNeeded && !isOneOfTwo)
  })

  it('states the default limits that the code applies', () => {
    const stated: Readonly<Record<string, Member>> = schema.$defs.limits.properties
    const prices = { input: '$1/M', output: '$1/M' }
    for (const limit of defaultLimits({ waits: 'ttft', samples: 299, prices })) {
      expect(stated[limit.metric]?.['x-default']).toContain(`{${limitText(limit)}}`)
    }
    const [gpuCost] = defaultLimits({
      waits: 'ttft',
      samples: 1,
      prices: { gpu_hour: '$1' },
    }).slice(-1)
    expect(stated.cost_per_answer?.['x-default']).toContain(
      gpuCost === undefined ? 'a limit' : `{${limitText(gpuCost)}} with \`gpu_hour\``,
    )
  })

  it.each([
    ['errorRateLimit', 'error_rate', /^2pp, or 4\/n/],
    ['goodputLimit', 'goodput', /^5pp, or 4\/n/],
    ['costLimit', 'cost_per_answer', /^10%,/],
    ['tokensLimit', 'output_tokens', /^10%,/],
    ['speedLimit', 'output_tokens_per_second', /^20%,/],
  ])('states in %s what a pass of %s rules out', (definition, metric, pattern) => {
    const text = definitions[definition]?.properties?.must_detect?.['x-default']
    const parsed = parseMetricId(metric)
    expect(text).toMatch(pattern)
    const usual = parsed && defaultMustDetect(parsed, 1000)
    expect(Number.parseFloat(text ?? '') / 100).toBe(usual)
  })

  it('accepts each of its own examples in its place', () => {
    for (const [name, { examples }] of Object.entries(schema.$defs.workload.properties)) {
      for (const example of examples) {
        // What names a file needs that file.
        if (JSON.stringify(example).includes('.jsonl')) continue
        const text = gateWith(`workload: {${name}: ${JSON.stringify(example)}}`)
        expect(issuesOf(text)).toEqual([])
      }
    }
    for (const [name, { examples }] of Object.entries(schema.$defs.limits.properties)) {
      for (const example of examples) {
        const limits = { ttft_p90: { ceiling: '1s' }, [name]: example }
        const workload = 'workload: {prompts: [{prompt: a, expect: {contains: b}}]}'
        const text = gateWith(`limits: ${JSON.stringify(limits)}\n${workload}`)
        // A cold start is measured only of an endpoint that is waited for, a server's numbers of one that
        // says where they are.
        const more = 'ready: {}, metrics: {url: "http://host.example:8000/metrics"}'
        const ready = text.replace('model: m}', `model: m, ${more}}`)
        const isOfItems = metricRow(parseMetricId(name)?.family ?? 'ttft').of === 'items'
        expect(issuesOf(isOfItems ? ofItems(example, name) : ready)).toEqual([])
      }
    }
  })

  it('takes what it says are defaults for the same as nothing', () => {
    const defaults = Object.entries(schema.$defs.workload.properties).flatMap(([name, member]) =>
      'default' in member ? [`${name}: ${JSON.stringify(member.default)}`] : [],
    )
    expect(defaults.length).toBeGreaterThan(4)
    const stated = configOf(gateWith(`workload: {${defaults.join(', ')}}`))
    expect(stated).toEqual(configOf(gateWith('')))
  })
})

describe('the compiled validator', () => {
  const atRunTime = configAjv(schema).getSchema(schema.$id)
  const documents = [
    'gates: {chat: {endpoint: {url: a, model: b}}}',
    'gates: {}',
    '5',
    'gates: {chat: {endpoint: {url: 5}, limits: {ttft_p95: {increase: 5}, x: y}}}',
    'gates: {a b: {workload: {prompts: {synthetic: {count: 0}}}}}\npolicy: {invalid: maybe}',
  ]

  it.each(documents)('says of %p what Ajv says at run time', (text) => {
    const [ours, theirs]: [unknown, unknown] = [parse(text), parse(text)]
    if (atRunTime === undefined) throw new Error('the schema did not compile')
    const accepts = atRunTime(theirs)
    expect(validateConfig(ours)).toBe(accepts)
    const outline = (errors: typeof validateConfig.errors) =>
      (errors ?? []).map(({ instancePath, keyword, params }) => ({ instancePath, keyword, params }))
    expect(outline(validateConfig.errors)).toEqual(outline(atRunTime.errors))
    expect(ours).toEqual(theirs)
  })
})
