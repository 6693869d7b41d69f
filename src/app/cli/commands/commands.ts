// The commands of the command line, in the order in which the help shows them.

import type { Command } from '../command.ts'
import { accept } from './accept.ts'
import { calibrate } from './calibrate.ts'
import { compare } from './compare.ts'
import { demo } from './demo.ts'
import { history } from './history.ts'
import { importResults } from './import.ts'
import { init } from './init.ts'
import { merge } from './merge.ts'
import { ping } from './ping.ts'
import { plan } from './plan.ts'
import { record } from './record.ts'
import { run } from './run.ts'
import { simulate } from './simulate.ts'
import { sweep } from './sweep.ts'
import { validate } from './validate.ts'

export const COMMANDS: readonly Command[] = [
  init,
  validate,
  ping,
  calibrate,
  plan,
  run,
  record,
  history,
  accept,
  compare,
  sweep,
  importResults,
  merge,
  demo,
  simulate,
]
