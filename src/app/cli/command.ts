// What a command of the command line is: its options as one table, from which both the parser and the
// help are made, so that neither can say what the other does not know.

import { parseArgs } from 'node:util'
import { nearestName } from '../../config/config.ts'
import type { Environment } from '../../model/environment.ts'
import { GateError } from '../../model/errors.ts'

/** What one invocation is given of its process. Tests pass their own. */
export type Invocation = {
  readonly env: Environment
  readonly folder: string
  /** The script that runs, to start another process of the same program. */
  readonly script: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** True where `out` is a terminal that can redraw a line and show colour. */
  readonly terminal: boolean
  readonly width: number
  readonly signal: AbortSignal
}

export type Option = {
  readonly name: string
  /** Present when the option takes a value: how the help calls it. */
  readonly value?: string
  /** The only values it takes. Absent = any. */
  readonly legal?: readonly string[]
  /** Takes every argument up to the next option. */
  readonly several?: true
  readonly help: string
}

export type Arguments = {
  /** The last value given for an option, or undefined. */
  readonly text: (name: string) => string | undefined
  readonly texts: (name: string) => readonly string[]
  readonly given: (name: string) => boolean
  readonly operands: readonly string[]
}

export type Command = {
  readonly name: string
  readonly summary: string
  /** Operands as the usage line shows them: `RUN.json…`; absent when there are none. */
  readonly operands?: string
  readonly options: readonly Option[]
  /** A paragraph or an example below the options. */
  readonly notes?: string
  readonly run: (args: Arguments, invocation: Invocation) => Promise<number>
}

/** Parses what stands after the command's name. Throws GateError('usage') naming the argument. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const args = readArguments(command, argv)
  for (const option of command.options) refuseIllegal(option, args)
  return args
}

/** Before anything is measured: a report that cannot be made is no reason to have spent money. */
function refuseIllegal({ name, legal }: Option, args: Arguments): void {
  const wrong = args.texts(name).find((value) => legal?.includes(value) === false)
  if (legal === undefined || wrong === undefined) return
  throw new GateError(
    'usage',
    `--${name} is "${wrong}"; legal values: ${legal.join(', ')}`,
    'Correct the option.',
  )
}

function readArguments(command: Command, argv: readonly string[]): Arguments {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...spreadOut(command, argv)],
      options,
      allowPositionals: command.operands !== undefined,
      strict: true,
    })
    const of = (name: string) => (values[name] ?? []) as readonly (string | boolean)[]
    const texts = (name: string) => of(name).filter((value) => typeof value === 'string')
    return {
      text: (name) => texts(name).at(-1),
      texts,
      given: (name) => of(name).length > 0,
      operands: positionals,
    }
  } catch (cause) {
    throw wrongArguments(command, argv, cause)
  }
}

/** `--with A B` and `--with=A B` say the same as `--with A --with B`, for options that take several. */
function spreadOut(command: Command, argv: readonly string[]): readonly string[] {
  let open: string | undefined
  let isFirst = false
  return argv.flatMap((argument) => {
    if (argument.startsWith('-')) {
      const [flag = '', value] = argument.split('=', 2)
      open = command.options.some(({ several, name }) => several && `--${name}` === flag)
        ? flag
        : undefined
      isFirst = value === undefined
      return [argument]
    }
    if (open === undefined || isFirst) {
      isFirst = false
      return [argument]
    }
    return [open, argument]
  })
}

function wrongArguments(command: Command, argv: readonly string[], cause: unknown): GateError {
  const known = command.options.map(({ name }) => `--${name}`)
  const unknown = argv.find(
    (argument) => argument.startsWith('-') && !known.includes(argument.split('=')[0] ?? ''),
  )
  const what =
    unknown === undefined
      ? String((cause as Error).message).split('\n')[0]
      : `unknown option ${unknown}${didYouMean(unknown.split('=')[0] ?? '', known)}`
  return new GateError(
    'usage',
    `inference-gate ${command.name}: ${what}; its options are ${known.join(', ') || 'none'}`,
    `See inference-gate ${command.name} --help.`,
    { cause },
  )
}

/** `, did you mean "run"?`, or nothing where no legal name is near. */
export function didYouMean(written: string, legal: readonly string[]): string {
  const bare = (name: string) => name.replace(/^--?/, '').replace(/-/g, '_')
  const nearest = nearestName(bare(written), legal.map(bare))
  const meant = legal.find((name) => bare(name) === nearest)
  return meant === undefined ? '' : `, did you mean "${meant}"?`
}

/** A whole number from an option. Throws GateError('usage') naming the option and the value. */
export function wholeNumber(args: Arguments, name: string): number | undefined {
  const text = args.text(name)
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new GateError(
    'usage',
    `--${name} is "${text}"; it takes a whole number`,
    'Correct the option.',
  )
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(24)} ${right}`
}

export function commandHelp(command: Command): string {
  const operands = command.operands === undefined ? '' : ` ${command.operands}`
  const options = command.options.map(({ name, value, help }) =>
    row(`--${name}${value === undefined ? '' : ` ${value}`}`, help),
  )
  const lines = [
    command.summary,
    '',
    `Usage: inference-gate ${command.name}${options.length > 0 ? ' [options]' : ''}${operands}`,
    ...(options.length > 0 ? ['', 'Options:', ...options] : []),
    ...(command.notes === undefined ? [] : ['', command.notes]),
  ]
  return `${lines.join('\n')}\n`
}

export function overviewHelp(commands: readonly Command[]): string {
  return `Inference Gate stops a change from making an LLM endpoint slower, flakier or more expensive.

Usage: inference-gate <command> [options]

Commands:
${commands.map(({ name, summary }) => row(name, summary)).join('\n')}

Start with:
  inference-gate demo                 see it work on a simulated endpoint, no key needed
  inference-gate init --url URL --model NAME
                                      write a config and a workflow for your endpoint
  inference-gate record               measure the endpoint as it is now, as the baseline
  inference-gate run                  measure again and compare

The key is read from INFERENCE_GATE_API_KEY (and INFERENCE_GATE_REFERENCE_API_KEY).

Exit codes:
  0   passed, or nothing that blocks
  1   a regression, or a ceiling breached
  2   a mistake in the config or the command line
  3   could not measure: the endpoint is down, the key is wrong, the client was too slow
  4   inconclusive, no baseline or a dropped gate, where the policy blocks on it
  70  a bug of ours

inference-gate <command> --help says more of each.
`
}
