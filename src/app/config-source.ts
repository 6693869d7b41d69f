// Where a config comes from: the working tree when there is one, the repository's API when there is
// none; and the trusted one from the base branch. Reading happens here, understanding in the stages.

import { dirname, isAbsolute, join, normalize } from 'node:path'
import {
  catalogueNamesOf,
  parseConfig,
  promptFilesOf,
  secretVariablesOf,
} from '../config/config.ts'
import { readTextBelow, readTextIfThere } from '../disk/disk.ts'
import type { Config, ConfigIssue, Policy } from '../model/config.ts'
import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'
import type { Entrypoint } from '../model/verdict.ts'
import { leaving } from '../redact/redact.ts'
import { ConfigProblems } from './config-problems.ts'
import { lookUpPrices } from './price-catalogue.ts'
import { nowIso } from './run-identity.ts'

export { ConfigProblems } from './config-problems.ts'

/** Reads one file of the repository by its path from the root; undefined where there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>

export type ConfigOverrides = { readonly endpointUrl?: string; readonly referenceUrl?: string }

/** Reads below a folder. */
export function filesOf(folder: string): ReadFile {
  return (path) => (isAbsolute(path) ? readTextIfThere(path) : readTextBelow(folder, path))
}

/** The first of two sources that has the file: a checkout, then the API. */
export function firstOf(...sources: readonly ReadFile[]): ReadFile {
  return async (path) => {
    for (const source of sources) {
      const text = await source(path)
      if (text !== undefined) return text
    }
    return undefined
  }
}

/**
 * Prompt files are named relative to the config's folder or, as in a workflow, to the repository's
 * root; the root wins, since that is where the action runs.
 */
async function readPromptFile(path: string, configFile: string, read: ReadFile) {
  const beside = normalize(join(dirname(configFile), path))
  return (await read(path)) ?? (await read(beside))
}

async function promptFiles(text: string, configFile: string, read: ReadFile) {
  const files = new Map<string, string>()
  for (const path of promptFilesOf(text)) {
    const content = await readPromptFile(path, configFile, read)
    if (content !== undefined) files.set(path, content)
  }
  return files
}

export type ConfigRequest = {
  readonly file: string
  readonly read: ReadFile
  readonly env: Environment
  readonly overrides: ConfigOverrides
  /** The only gate that is measured: overrides speak of it alone. */
  readonly onlyGate?: string
  /** The base branch's policy, which binds whatever the file allows itself. */
  readonly trusted?: Pick<Policy, 'allowedHosts' | 'allowedEnv'>
  /** Requests at once that the base branch allows. Absent = whatever the file says. */
  readonly mostInFlight?: number
  /** `blank` for a file that is only looked at: nothing is sent, so no variable has to be set. */
  readonly unsetEnv?: 'refuse' | 'blank'
  /** Who asks, to be answered in the words of that entrypoint. Absent = a job of the action. */
  readonly entrypoint?: Entrypoint
  /** `elsewhere` for a shard, whose requests are judged together with those of others. */
  readonly judged?: 'here' | 'elsewhere'
}

export type ReadConfig = {
  readonly text: string
  readonly config: Config
  readonly warnings: readonly ConfigIssue[]
  /** What the environment filled into headers and URL parameters. */
  readonly secrets: readonly string[]
}

/** The config, or undefined where there is no such file. Throws ConfigProblems. */
export async function readConfigIfThere(request: ConfigRequest): Promise<ReadConfig | undefined> {
  const { file, read, overrides, ...rest } = request
  const text = await read(file)
  if (text === undefined) return undefined
  const files = await promptFiles(text, file, read)
  const catalogue = await lookUpPrices(catalogueNamesOf(text), nowIso())
  const secrets = secretVariablesOf(text).flatMap((name) => rest.env[name] || [])
  leaving.add(secrets)
  const parsed = parseConfig({ ...rest, ...overrides, file, text, files, catalogue })
  if (!parsed.ok) throw new ConfigProblems(file, parsed.issues)
  return { ...parsed, text, secrets }
}

/** The config. Throws ConfigProblems, or GateError('config') where there is no such file. */
export async function readConfig(request: ConfigRequest): Promise<ReadConfig> {
  const read = await readConfigIfThere(request)
  if (read !== undefined) return read
  throw new GateError(
    'config',
    `there is no config ${request.file}`,
    `Write one with \`inference-gate init --url URL --model NAME\`, or name another with ${
      request.entrypoint === 'command-line' ? '--config' : 'the input `config`'
    }.`,
  )
}
