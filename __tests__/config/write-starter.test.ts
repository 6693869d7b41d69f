import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { writeStarterConfig, writeStarterWorkflow } from '../../src/config/write-starter.ts'
import { DIALECTS } from '../../src/model/config.ts'
import { configOf, warningsOf } from './read-config.ts'

const options = {
  url: 'https://inference.example.com/v1',
  model: 'llama-3.3-70b',
  action: 'OWNER/inference-gate@v1',
}

describe('writeStarterConfig', () => {
  it('writes a config without an issue or a warning', () => {
    const text = writeStarterConfig(options)
    expect(warningsOf(text)).toEqual([])
    const [gate] = configOf(text).gates
    expect(gate?.endpoint).toMatchObject({
      api: 'openai-chat',
      url: options.url,
      model: options.model,
    })
    expect(gate?.prices).toEqual({ kind: 'none' })
  })

  it.each(DIALECTS)('writes one for %s', (api) => {
    expect(configOf(writeStarterConfig({ ...options, api })).gates[0]?.endpoint.api).toBe(api)
  })

  it('says what affects the endpoint when it is told, and how to say it otherwise', () => {
    const affectedBy = ['config', 'src/llm/**']
    const text = writeStarterConfig({ ...options, affectedBy })
    expect(warningsOf(text)).toEqual([])
    expect(configOf(text).gates[0]?.affectedBy).toEqual(['src/llm/**'])
    const without = writeStarterConfig(options)
    expect(configOf(without).gates[0]?.affectedBy).toBeUndefined()
    expect(configOf(without.replace('# affected_by', 'affected_by')).gates[0]?.affectedBy).toEqual(
      [],
    )
  })

  it('gates cost when it is told the prices', () => {
    const text = writeStarterConfig({ ...options, prices: { input: '$0.60/M', output: '$2.40/M' } })
    expect(warningsOf(text)).toEqual([])
    const [gate] = configOf(text).gates
    expect(gate?.prices).toMatchObject({ kind: 'tokens', input: 0.6e-6, output: 2.4e-6 })
    expect(gate?.limits.map(({ metric }) => metric)).toContain('cost_per_answer')
  })

  it.each([
    'qwen2.5:7b',
    'org/model-name',
    '@cf/meta/llama',
    '1.5',
    'true',
    'on',
    'a: b',
    'a #b',
    '"quoted"',
    '{x}',
    "it's",
    '*a',
    'model, model',
  ])('keeps the model name %s as it is', (model) => {
    expect(configOf(writeStarterConfig({ ...options, model })).gates[0]?.endpoint.model).toBe(model)
  })

  it('keeps any model name as it is', () => {
    const model = fc
      .string({ minLength: 1, maxLength: 80 })
      .filter((text) => text.trim() !== '' && !text.includes('$'.concat('{{')))
    fc.assert(
      fc.property(model, (name) => {
        const { gates } = configOf(writeStarterConfig({ ...options, model: name }))
        expect(gates[0]?.endpoint.model).toBe(name)
      }),
    )
  })

  it('keeps a URL with a port, a path or a query as it is', () => {
    for (const url of [
      'http://localhost:8000/v1',
      'https://a.example.com/openai?api-version=2026-01-01',
      'http://[::1]:8000/v1',
    ]) {
      expect(configOf(writeStarterConfig({ ...options, url })).gates[0]?.endpoint.url).toBe(url)
    }
  })

  it('names the schema of the very version for editors', () => {
    expect(writeStarterConfig(options).split('\n')[0]).toBe(
      '# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/inference-gate/v1/schema/config.schema.json',
    )
  })
})

type Job = {
  readonly permissions: Readonly<Record<string, string>>
  readonly steps: readonly { readonly uses: string; readonly with?: Record<string, string> }[]
}

describe('writeStarterWorkflow', () => {
  const text = writeStarterWorkflow({ ...options, defaultBranch: 'trunk', secret: 'MY_KEY' })
  const workflow: {
    on: { push: { branches: string[] } }
    permissions: object
    jobs: Record<string, Job>
  } = parse(text)

  it('lets only the job that records write to the repository', () => {
    expect(workflow.permissions).toEqual({})
    expect(workflow.jobs.gate?.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
    expect(workflow.jobs.record?.permissions).toEqual({ contents: 'write' })
  })

  it('records pushes to the branch it is told, with the secret it is told', () => {
    expect(workflow.on.push.branches).toEqual(['trunk'])
    const input = (name: string) => '$'.concat(`{{ inputs.${name} }}`)
    for (const [name, { steps }] of Object.entries(workflow.jobs)) {
      const series = { times: input('times'), every: input('every') }
      expect(steps.at(-1)).toEqual({
        uses: options.action,
        with: {
          'api-key': '$'.concat('{{ secrets.MY_KEY }}'),
          ...(name === 'record' ? series : {}),
        },
      })
    }
  })

  it('lets a level be accepted by hand', () => {
    const { on } = parse(text) as { on: { workflow_dispatch: { inputs: object } } }
    expect(on.workflow_dispatch.inputs).toMatchObject({
      accept: { type: 'boolean', default: false },
      reason: { type: 'string' },
    })
  })

  it('uses only inputs that the action has', () => {
    const action: { inputs: object } = parse(
      readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8'),
    )
    const used = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps
        .filter(({ uses }) => uses === options.action)
        .flatMap((step) => Object.keys(step.with ?? {})),
    )
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(used))
  })
})
