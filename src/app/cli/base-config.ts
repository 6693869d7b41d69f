// `--base-config`: the config as it is without the change. Its limits, policy and budget judge, and its
// question is asked of the changed endpoint too, as the base branch's is on a pull request.

import { basename, dirname, resolve } from 'node:path'
import { combineTrusted } from '../../config/config.ts'
import { droppedOf } from '../../model/blocking.ts'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { ReportContext } from '../../model/verdict.ts'
import { filesOf, readConfigIfThere } from '../config-source.ts'
import { configsOf, droppedGates, type Question, questionsOf } from '../questions.ts'
import { prefixOf } from './checkout.ts'
import type { Arguments, Invocation, Option } from './command.ts'
import { configOf, overridesOf } from './run-options.ts'

export const BASE_CONFIG_OPTION: Option = {
  name: 'base-config',
  value: 'FILE',
  help: 'the config without the change: its limits judge, its question is asked too',
}

export type AskedHere = {
  readonly config: Config
  readonly base?: Config
  /** Absent where there is no base config: every gate is asked as the config says. */
  readonly questions?: readonly Question[]
  /** What a report says of whose rules these are. */
  readonly rules: Partial<Pick<ReportContext, 'limitsFrom' | 'proposedChanges' | 'dropped'>>
}

export async function askedOf(args: Arguments, invocation: Invocation): Promise<AskedHere> {
  const head = await configOf(args, invocation)
  const file = args.text(BASE_CONFIG_OPTION.name)
  if (file === undefined) return { config: head, rules: {} }
  const base = await readBase(file, args, invocation)
  const { config, limitsFrom, proposedChanges } = combineTrusted(base, head)
  const questions = chosen(questionsOf(base, config), args)
  const dropped = droppedOf(droppedGates(base, head), base.policy)
  return {
    ...configsOf(questions, { config, base }),
    questions,
    rules: { limitsFrom, proposedChanges, dropped },
  }
}

/**
 * From the checkout that the file is in, so that its prompts are those of before as well: a file of the
 * change's own checkout would be read with the change's prompts.
 */
async function readBase(file: string, args: Arguments, invocation: Invocation): Promise<Config> {
  const path = resolve(invocation.folder, file)
  const folder = dirname(path)
  const prefix = prefixOf(folder, invocation.env)
  const root = resolve(folder, ...prefix.split('/').flatMap((part) => (part === '' ? [] : '..')))
  const { referenceUrl } = overridesOf(args)
  const read = await readConfigIfThere({
    entrypoint: 'command-line',
    file: `${prefix}${basename(path)}`,
    read: filesOf(root),
    env: invocation.env,
    overrides: { referenceUrl },
    unsetEnv: 'blank',
  })
  if (read !== undefined) return read.config
  throw new GateError(
    'config',
    `there is no base config ${file}`,
    `Bring it to the base branch first, or leave --${BASE_CONFIG_OPTION.name} away.`,
  )
}

/** `--gate NAME`: what is asked of that gate, by its name here or before. */
function chosen(questions: readonly Question[], args: Arguments): readonly Question[] {
  const name = args.text('gate')
  if (name === undefined) return questions
  const found = questions.filter(
    ({ gate, base, asked }) =>
      [gate.name, base?.name].includes(name) || (asked?.as === 'base' && asked.head === name),
  )
  if (found.length > 0) return found
  const names = questions.map(({ gate }) => gate.name).join(', ')
  throw new GateError(
    'usage',
    `--gate is "${name}"; the configs have ${names}`,
    'Name one of these.',
  )
}
