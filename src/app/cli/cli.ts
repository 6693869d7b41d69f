// The command line as a function: arguments and an invocation in, an exit code out. It alone turns trouble
// into words; nothing below it prints an error.

import { GateError } from '../../model/errors.ts'
import { EXIT, exitCodeOfError } from '../../model/exit-codes.ts'
import { proxySecrets } from '../../model/proxy.ts'
import { TOOL } from '../../model/tool.ts'
import { leaving } from '../../redact/redact.ts'
import { escapeLog } from '../../report/report.ts'
import { ConfigProblems } from '../config-problems.ts'
import { issueLine } from '../issue-lines.ts'
import {
  type Command,
  commandHelp,
  didYouMean,
  type Invocation,
  overviewHelp,
  parseArguments,
} from './command.ts'
import { COMMANDS } from './commands/commands.ts'

export async function runCli(argv: readonly string[], given: Invocation): Promise<number> {
  const invocation = withoutSecrets(given)
  try {
    return await dispatch(argv, invocation)
  } catch (error) {
    return explain(error, invocation)
  }
}

/** Nothing is printed with a key in it; in a workflow no line of a name's making is a command. */
function withoutSecrets(invocation: Invocation): Invocation {
  const { env } = invocation
  const own = [
    'INFERENCE_GATE_API_KEY',
    'INFERENCE_GATE_REFERENCE_API_KEY',
    'INFERENCE_GATE_GIT_TOKEN',
  ]
  leaving.add([...own.flatMap((name) => env[name] || []), ...proxySecrets(env)])
  const safe = (text: string) => {
    const plain = leaving.text(text)
    return env.GITHUB_ACTIONS === 'true' ? escapeLog(plain) : plain
  }
  return {
    ...invocation,
    out: (text) => invocation.out(safe(text)),
    err: (text) => invocation.err(safe(text)),
  }
}

async function dispatch(argv: readonly string[], invocation: Invocation): Promise<number> {
  const [name, ...rest] = argv
  if (name === '--version' || name === '-V') {
    invocation.out(`${TOOL}\n`)
    return EXIT.passed
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = COMMANDS.find((command) => command.name === rest[0])
    invocation.out(topic === undefined ? overviewHelp(COMMANDS) : commandHelp(topic))
    return name === undefined ? EXIT.badInput : EXIT.passed
  }
  const command = findCommand(name)
  if (rest.includes('--help') || rest.includes('-h')) {
    invocation.out(commandHelp(command))
    return EXIT.passed
  }
  return command.run(parseArguments(command, rest), invocation)
}

function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name)
  if (found !== undefined) return found
  const names = COMMANDS.map((command) => command.name)
  throw new GateError(
    'usage',
    `there is no command "${name}"${didYouMean(name, names)}; the commands are ${names.join(', ')}`,
    'See inference-gate --help.',
  )
}

const OVERRIDES: readonly string[] = ['endpoint-url', 'reference-url']

/** A fault of the user or the world in two lines; a bug of ours with its trace, to be reported. */
function explain(error: unknown, invocation: Invocation): number {
  if (error instanceof ConfigProblems) {
    for (const issue of error.issues) invocation.err(`${issueLine(issue)}\n`)
    if (error.issues.every(({ file }) => OVERRIDES.includes(file))) {
      const options = [...new Set(error.issues.map(({ file }) => `--${file}`))].join(', ')
      invocation.err(`inference-gate: ${options} cannot be used\nCorrect the option.\n`)
      return EXIT.badInput
    }
  }
  if (error instanceof GateError) {
    invocation.err(`inference-gate: ${error.message}\n${error.remedy}\n`)
    return exitCodeOfError(error.kind)
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error)
  invocation.err(`inference-gate: this is a bug of ours, please report it\n${trace}\n`)
  return EXIT.bug
}
