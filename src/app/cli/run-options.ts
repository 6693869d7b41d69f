// The options that several commands share, and what they mean.

import { join } from 'node:path'
import { parseDuration } from '../../config/config.ts'
import { readTextIfThere } from '../../disk/disk.ts'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import { FILE_FORMATS } from '../../report/report.ts'
import { configPath } from '../config-owner.ts'
import { type ConfigOverrides, filesOf, readConfig } from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import { refuseTwoProofs } from '../logins.ts'
import { prefixOf } from './checkout.ts'
import type { Arguments, Invocation, Option } from './command.ts'

export const DEFAULT_CONFIG = '.github/inference-gate.yml'
export const DEFAULT_BASELINE = '.inference-gate'
export const DEFAULT_REPORT_DIR = 'inference-gate-report'

export const CONFIG_OPTION: Option = {
  name: 'config',
  value: 'FILE',
  help: `the config (default ${DEFAULT_CONFIG}, or inference-gate.yml here)`,
}
export const BASELINE_OPTION: Option = {
  name: 'baseline',
  value: 'DIR',
  help: `the folder the baseline is kept in (default ${DEFAULT_BASELINE})`,
}
export const STORE_OPTIONS: readonly Option[] = [
  BASELINE_OPTION,
  {
    name: 'remote',
    value: 'URL',
    help: 'keep the baseline on a git branch of this repository instead (path or address)',
  },
  { name: 'branch', value: 'NAME', help: "that branch (default: the config's, inference-gate)" },
]
export const GATE_OPTION: Option = {
  name: 'gate',
  value: 'NAME',
  help: 'only this gate of the config',
}
function formatWords({ name, files }: (typeof FILE_FORMATS)[number]): string {
  return `${name}: ${Object.keys(files).join(' and ')}`
}

export const REPORT_OPTIONS: readonly Option[] = [
  {
    name: 'json',
    value: 'FILE',
    help: 'also write report.json here; - prints it in place of the report',
  },
  {
    name: 'report-dir',
    value: 'DIR',
    help: `the folder for report files (default ${DEFAULT_REPORT_DIR})`,
  },
  {
    name: 'format',
    value: 'NAME',
    legal: FILE_FORMATS.map(({ name }) => name),
    help: `also ${FILE_FORMATS.map(formatWords).join('; ')}; in that folder; may be repeated`,
  },
  { name: 'comment-file', value: 'FILE', help: 'also write the comment, in Markdown, here' },
]
export const EARLIER_OPTION: Option = {
  name: 'reference-results',
  value: 'GLOB',
  several: true,
  help: 'run files measured within the hour, judged as the second arm; may be repeated',
}
export const URL_OPTIONS: readonly Option[] = [
  { name: 'endpoint-url', value: 'URL', help: "measure this in place of the config's endpoint" },
  { name: 'reference-url', value: 'URL', help: 'measure this as the second arm' },
]

/** The file given, or the first of the two usual places that is there. */
export async function configFileOf(args: Arguments, invocation: Invocation): Promise<string> {
  const given = args.text('config')
  if (given !== undefined) return given
  const inFolder = await readTextIfThere(join(invocation.folder, DEFAULT_CONFIG))
  if (inFolder !== undefined) return DEFAULT_CONFIG
  const here = await readTextIfThere(join(invocation.folder, 'inference-gate.yml'))
  return here === undefined ? DEFAULT_CONFIG : 'inference-gate.yml'
}

/** The same file by its path in the repository: whose baseline it is. */
export async function configHere(args: Arguments, invocation: Invocation): Promise<string> {
  const prefix = prefixOf(invocation.folder, invocation.env)
  return configPath(await configFileOf(args, invocation), { folder: invocation.folder, prefix })
}

export function overridesOf(args: Arguments): ConfigOverrides {
  const endpointUrl = args.text('endpoint-url')
  const referenceUrl = args.text('reference-url')
  return {
    endpointUrl,
    referenceUrl,
  }
}

/** The config with its overrides; warnings go to the error stream. */
export async function configOf(args: Arguments, invocation: Invocation): Promise<Config> {
  const onlyGate = args.text('gate')
  const { config, warnings } = await readConfig({
    entrypoint: 'command-line',
    onlyGate,
    file: await configFileOf(args, invocation),
    read: filesOf(invocation.folder),
    env: invocation.env,
    overrides: overridesOf(args),
  })
  for (const warning of warnings) invocation.err(`${issueLine(warning)}\n`)
  const given = (name: string) => (invocation.env[name] ? name : undefined)
  refuseTwoProofs(config, {
    key: given('INFERENCE_GATE_API_KEY'),
    referenceKey: given('INFERENCE_GATE_REFERENCE_API_KEY'),
  })
  return config
}

export function chosenGate(args: Arguments, config: Config): string | undefined {
  const name = args.text('gate')
  if (name === undefined || config.gates.some((gate) => gate.name === name)) return name
  const names = config.gates.map((gate) => gate.name).join(', ')
  throw new GateError('usage', `--gate is "${name}"; the config has ${names}`, 'Name one of these.')
}

export function durationOf(args: Arguments, name: string): number | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)? ?(ms|s|m|h|d)$/.test(text)) return parseDuration(text)
  throw new GateError(
    'usage',
    `--${name} is "${text}"; it takes a duration with its unit, as 30s or 5m`,
    'Correct the option.',
  )
}
