// Every example is a file somebody will copy: configs parse without a warning, and workflows ask
// the action only for inputs it has, with permissions that suffice and no more.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { parseConfig, promptFilesOf } from '../src/config/parse-config.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const listed = (folder: string, end: string) =>
  readdirSync(join(root, folder)).filter((name) => name.endsWith(end))

type Step = { readonly uses?: string; readonly with?: Readonly<Record<string, string>> }
type Job = {
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}
type Workflow = { readonly permissions: object; readonly jobs: Readonly<Record<string, Job>> }

const LOGINS = [
  'aws-actions/configure-aws-credentials',
  'google-github-actions/auth',
  'azure/login',
]
const action: { inputs: object; outputs: object } = parse(read('action.yml'))
const env = {
  INFERENCE_GATE_GATEWAY_TOKEN: 'x',
  INFERENCE_GATE_AZURE_KEY: 'x',
  INFERENCE_GATE_OTHER_KEY: 'x',
}

/** Issues and warnings alike. */
function problemsOf(file: string, text: string): readonly string[] {
  const files = new Map(promptFilesOf(text).map((path) => [path, read(path)]))
  const parsed = parseConfig({ file, text, files, env })
  return (parsed.ok ? parsed.warnings : parsed.issues).map(
    ({ line, message }) => `${line}: ${message}`,
  )
}

function gateSteps(workflow: Workflow): readonly (Step & { readonly job: string })[] {
  return Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
    steps
      .filter(({ uses }) => uses?.startsWith('OWNER/inference-gate'))
      .map((step) => ({ ...step, job })),
  )
}

function yamlBlocks(path: string): readonly string[] {
  return [...read(path).matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
}

describe('example configs', () => {
  it.each(listed('examples/configs', '.yml'))('%s parses without an issue or a warning', (name) => {
    expect(problemsOf(name, read(`examples/configs/${name}`))).toEqual([])
  })

  it.each(listed('examples/configs', '.yml'))('%s gives editors the schema', (name) => {
    const [first] = read(`examples/configs/${name}`).split('\n')
    expect(first).toBe('# yaml-language-server: $schema=../../schema/config.schema.json')
  })
})

describe("the project's own config", () => {
  it('parses without an issue or a warning', () => {
    const path = '.github/inference-gate.yml'
    expect(problemsOf(path, read(path))).toEqual([])
  })
})

describe('example workflows', () => {
  const names = listed('examples/workflows', '.yml')
  const workflowOf = (name: string): Workflow => parse(read(`examples/workflows/${name}`))

  it.each(names)('%s uses the action with inputs that it has', (name) => {
    const steps = gateSteps(workflowOf(name))
    expect(steps.length).toBeGreaterThan(0)
    const used = steps.flatMap((step) => Object.keys(step.with ?? {}))
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(used))
  })

  it.each(names)('%s gives each job its own least permissions', (name) => {
    const workflow = workflowOf(name)
    expect(workflow.permissions).toEqual({})
    for (const { permissions } of Object.values(workflow.jobs)) {
      const { contents = 'none', ...others } = permissions ?? {}
      expect(['none', 'read', 'write']).toContain(contents)
      // Only a job that records may write contents, and it needs nothing else but perhaps a login.
      const more = Object.keys(others).filter((name) => name !== 'id-token')
      expect(contents === 'write' ? more : []).toEqual([])
    }
  })

  it.each(names)(
    '%s gives an identity to the jobs that log in with it, before the gate',
    (name) => {
      for (const { permissions = {}, steps } of Object.values(workflowOf(name).jobs)) {
        const uses = steps.map((step) => step.uses?.split('@')[0] ?? '')
        const login = uses.findIndex((used) => LOGINS.includes(used))
        const isNeeded = login !== -1 || uses.includes('actions/deploy-pages')
        expect(permissions['id-token']).toBe(isNeeded ? 'write' : undefined)
        if (login === -1) continue
        expect(login).toBeGreaterThan(uses.indexOf('actions/checkout'))
        expect(login).toBeLessThan(uses.indexOf('OWNER/inference-gate'))
      }
    },
  )

  it.each([
    ['bedrock', 'aws', 'aws-actions/configure-aws-credentials'],
    ['vertex', 'gcp', 'google-github-actions/auth'],
    ['azure-openai', 'azure', 'azure/login'],
  ])('%s.yml logs in to the cloud that its config names, and has no key', (name, cloud, login) => {
    const text = read(`examples/configs/${name}.yml`)
    const parsed = parseConfig({ file: name, text, files: new Map(), env: {} })
    expect(parsed).toMatchObject({ config: { gates: [{ endpoint: { auth: { cloud } } }] } })
    const workflow = read(`examples/workflows/${name}.yml`)
    expect(workflow).toContain(`uses: ${login}@`)
    expect(workflow).toContain(`examples/configs/${name}.yml`)
    expect(workflow).not.toContain('secrets.')
    const region = /aws-region: (\S+)/.exec(workflow)?.[1]
    if (region !== undefined) expect(text).toContain(`.${region}.`)
  })

  it('reads with the fork-safe pair the artifact that the first one leaves', () => {
    const upload = workflowOf('forks-measure.yml').jobs.gate?.steps.at(-1)
    const steps = workflowOf('forks-publish.yml').jobs.publish?.steps ?? []
    expect(steps[0]?.with?.name).toBe(upload?.with?.name)
    expect(steps[1]?.with).toMatchObject({ mode: 'publish', 'report-dir': steps[0]?.with?.path })
    expect(steps.map(({ uses }) => uses?.split('@')[0])).not.toContain('actions/checkout')
  })

  it('lists every example in the table of contents', () => {
    const contents = read('examples/README.md')
    for (const name of names) expect(contents).toContain(`(workflows/${name})`)
    for (const name of listed('examples/configs', '.yml'))
      expect(contents).toContain(`(configs/${name})`)
  })
})

describe('configs in the documentation', () => {
  const pages = ['README.md', ...listed('docs', '.md').map((name) => `docs/${name}`)]
  const blocks = pages.flatMap((path) =>
    yamlBlocks(path)
      .filter((text) => /^gates:/m.test(text) && /endpoint:/.test(text))
      .map((text, i) => ({ name: `${path} #${i + 1}`, text })),
  )

  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(1)
  })

  it.each(blocks)('parse: $name', ({ name, text }) => {
    expect(problemsOf(name, text)).toEqual([])
  })
})
