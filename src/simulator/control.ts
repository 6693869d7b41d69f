// Reads a change sent to `POST /__control`: a JSON object with the members of SimulatorChange.

import { GateError } from '../model/errors.ts'
import { isObject, parseJson } from '../wire/untyped-json.ts'
import type { SimulatorChange } from './options.ts'

const MEMBERS = ['version', 'profile', 'behaviour', 'run', 'script', 'forget']

/** Throws a GateError that names the unknown member and the known ones. */
export function readControl(body: string): SimulatorChange {
  const change = parseJson(body)
  if (!isObject(change)) throw refused('the body is not a JSON object')
  const unknown = Object.keys(change).find((member) => !MEMBERS.includes(member))
  if (unknown !== undefined) throw refused(`the member ${JSON.stringify(unknown)} is not known`)
  return change as SimulatorChange
}

function refused(why: string): GateError {
  return new GateError('usage', `simulator: ${why};`, `Known members: ${MEMBERS.join(', ')}.`)
}
