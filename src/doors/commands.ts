// The commands of the command line, in the order in which the help shows them.

import type { Command } from './command.ts'
import { accept } from './commands/accept.ts'
import { compare } from './commands/compare.ts'
import { demo } from './commands/demo.ts'
import { history } from './commands/history.ts'
import { importResults } from './commands/import.ts'
import { init } from './commands/init.ts'
import { merge } from './commands/merge.ts'
import { plan } from './commands/plan.ts'
import { record } from './commands/record.ts'
import { run } from './commands/run.ts'
import { simulate } from './commands/simulate.ts'
import { validate } from './commands/validate.ts'

export const COMMANDS: readonly Command[] = [
  init,
  validate,
  plan,
  run,
  record,
  history,
  accept,
  compare,
  importResults,
  merge,
  demo,
  simulate,
]
