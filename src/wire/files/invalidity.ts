// Why a run is void, as its file says it. A kind of a newer version still voids the run: silence would
// make it sound.

import { CLOUDS } from '../../model/cloud.ts'
import type { Invalidity } from '../../model/run.ts'
import { asNumber, asObject, asOneOf, asText, ForeignData, optional } from '../json/json.ts'

/** The numbers each kind must have. What a report leaves out is of no run. */
const NUMBERS: Readonly<Record<Exclude<Invalidity['kind'], 'not-reported'>, readonly string[]>> = {
  'event-loop-delay': ['p99Ms', 'limitMs'],
  'send-lateness': ['p99Ms', 'limitMs'],
  'load-not-reached': ['achieved', 'intended'],
  'fresh-connections': ['share', 'limit'],
  'clock-stepped': ['driftMs'],
  'too-many-in-flight': ['limit'],
  'nothing-completed': ['count'],
  budget: ['allowed', 'needed', 'measured'],
  aborted: ['measured'],
  'not-ready': ['waitedMs', 'looks'],
}

export function invalidityOf(value: unknown, position: number): Invalidity {
  const place = `invalidities[${position}]`
  if (!isInvalidity(value, place)) {
    throw new ForeignData(`${place}.kind is one that this version of Inference Gate does not know`)
  }
  return value
}

function isInvalidity(value: unknown, place: string): value is Invalidity {
  const found = asObject(value, place)
  const kind = asText(found.kind, `${place}.kind`)
  const numbers = Object.entries(NUMBERS).find(([name]) => name === kind)?.[1]
  if (numbers === undefined) return false
  for (const name of numbers) asNumber(found[name], `${place}.${name}`)
  if (kind === 'too-many-in-flight') {
    optional(found.asked, `${place}.asked`, asNumber)
    optional(found.answered, `${place}.answered`, asNumber)
  }
  if (kind === 'budget') asOneOf(found.what, `${place}.what`, ['cost', 'duration', 'requests'])
  if (kind === 'not-ready') asText(found.last, `${place}.last`)
  if (kind === 'nothing-completed') {
    asText(found.outcome, `${place}.outcome`)
    optional(found.status, `${place}.status`, asNumber)
    optional(found.detail, `${place}.detail`, asText)
    optional(found.proxy, `${place}.proxy`, asText)
    optional(found.login, `${place}.login`, (login, at) => asOneOf(login, at, CLOUDS))
  }
  return true
}
