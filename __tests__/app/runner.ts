// The runner around a job of the action: inputs with the defaults of action.yml, an environment made
// from nothing, and the files that the job writes its results to.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { COMPILED } from '../compiled.ts'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

type ActionYaml = { readonly inputs: Record<string, { readonly default: string }> }

export type ActionJob = {
  readonly workspace: string
  readonly inputs: Readonly<Record<string, string>>
  readonly eventName: string
  readonly event: unknown
  /** Laid over the runner's own variables. */
  readonly env: Readonly<Record<string, string>>
}

export type ActionResult = {
  readonly code: number
  readonly log: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

export type Runner = {
  readonly env: Readonly<Record<string, string>>
  /** Reads what the job wrote and removes the files. */
  readonly finish: (code: number, log: string) => ActionResult
}

/** Inputs as INPUT_ variables, upper case, hyphens kept, defaults as the runner fills them in. */
function inputVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  const { inputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as ActionYaml
  const unknown = Object.keys(given).filter((name) => inputs[name] === undefined)
  if (unknown.length > 0) throw new Error(`not an input of action.yml: ${unknown.join(', ')}`)
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      `INPUT_${name.toUpperCase()}`,
      // An expression's value comes from the workflow; the tests give it.
      given[name] ?? (input.default.includes('${{') ? '' : input.default),
    ]),
  )
}

export function startRunner(job: ActionJob): Runner {
  const files = mkdtempSync(join(tmpdir(), 'gate-runner-'))
  const path = (name: string) => join(files, name)
  for (const name of ['output', 'summary', 'env', 'path', 'state']) writeFileSync(path(name), '')
  writeFileSync(path('event.json'), JSON.stringify(job.event))
  return {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: files,
      ...COMPILED,
      ...inputVariables(job.inputs),
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: job.workspace,
      GITHUB_EVENT_NAME: job.eventName,
      GITHUB_EVENT_PATH: path('event.json'),
      GITHUB_RUN_ID: '1001',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKFLOW: 'gate',
      GITHUB_JOB: 'gate',
      GITHUB_ACTOR: 'octocat',
      GITHUB_OUTPUT: path('output'),
      GITHUB_STEP_SUMMARY: path('summary'),
      GITHUB_ENV: path('env'),
      GITHUB_PATH: path('path'),
      GITHUB_STATE: path('state'),
      RUNNER_TEMP: files,
      RUNNER_OS: 'Linux',
      ...job.env,
    },
    finish: (code, log) => {
      const result = {
        code,
        log,
        outputs: readOutputs(readFileSync(path('output'), 'utf8')),
        summary: readFileSync(path('summary'), 'utf8'),
      }
      rmSync(files, { recursive: true, force: true })
      return result
    },
  }
}

/** `name<<delimiter`, the value, the delimiter: how the toolkit writes outputs. */
function readOutputs(text: string): Record<string, string> {
  const blocks = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n?\2$/gm)
  return Object.fromEntries([...blocks].map(([, name = '', , value = '']) => [name, value]))
}
