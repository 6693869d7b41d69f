// The commands of the command line, in the order in which the help shows them.

import type { Command } from './command.ts'
import { record } from './commands/record.ts'
import { run } from './commands/run.ts'
import { simulate } from './commands/simulate.ts'
import { validate } from './commands/validate.ts'

export const COMMANDS: readonly Command[] = [validate, run, record, simulate]
