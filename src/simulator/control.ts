// Checks what the simulator is told before it is believed: a misspelt member of a script would
// otherwise be a test that tests nothing. Every refusal names the value found and the legal ones.

import { GateError } from '../model/errors.ts'
import { isObject, jsonOrNothing } from '../wire/json/json.ts'
import type { Behaviour, ScriptedAnswer } from './behaviour.ts'
import { FAULTS } from './faults.ts'
import type { SimulatorChange } from './options.ts'
import { HEALTHY, PROFILES } from './profiles.ts'
import { FINISH_WORDS } from './speech/speech.ts'

/** Refuses a value that is not what it should be; `at` is its place. */
type Check = (value: unknown, at: string) => void

/** Reads the body of a control request. Throws a GateError for anything that is not known. */
export function readControl(body: string): SimulatorChange {
  const change = jsonOrNothing(body)
  checkChange(change, 'the body')
  return change as SimulatorChange
}

/** The same for what a simulator is started with. */
export function checkTold(told: Pick<SimulatorChange, 'profile' | 'behaviour' | 'script'>): void {
  const { profile, behaviour, script } = told
  if (profile !== undefined) oneOf(Object.keys(PROFILES))(profile, 'profile')
  if (behaviour !== undefined) checkBehaviour(behaviour, 'behaviour')
  if (script !== undefined) checkScript(script, 'script')
}

const amount: Check = (value, at) => {
  if (typeof value !== 'number' || !(value >= 0)) refuse(at, value, 'a number of at least 0')
}
const text: Check = (value, at) => {
  if (typeof value !== 'string') refuse(at, value, 'a text')
}
const word: Check = (value, at) => {
  if (typeof value !== 'string' || !/^[a-z][a-z0-9-]*$/.test(value)) {
    refuse(at, value, 'a word of small letters, digits and hyphens')
  }
}
const yesOrNo: Check = (value, at) => {
  if (typeof value !== 'boolean') refuse(at, value, 'true or false')
}

function oneOf(legal: readonly string[]): Check {
  return (value, at) => {
    if (!legal.some((one) => one === value)) refuse(at, value, anyOf(legal))
  }
}

function listOf(each: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value)) refuse(at, value, 'a list')
    for (const [i, item] of value.entries()) each(item, `${at}[${i}]`)
  }
}

/** An object with any names, or only with the names of the table. */
function tableOf(each: Check | Readonly<Record<string, Check>>): Check {
  return (value, at) => {
    if (!isObject(value)) refuse(at, value, 'an object')
    for (const [name, member] of Object.entries(value)) {
      const check = typeof each === 'function' ? each : each[name]
      if (check === undefined) refuse(`a member of ${at}`, name, anyOf(Object.keys(each)))
      check(member, `${at}.${name}`)
    }
  }
}

const share: Check = (value, at) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
    refuse(at, value, 'a number from 0 to 1')
  }
}

const BEHAVIOUR: Readonly<Record<keyof Behaviour, Check>> = {
  ...amounts(HEALTHY),
  ttftMedianByTextMs: tableOf(amount),
  usage: oneOf(['on', 'off', 'wrong']),
  ignoresOutputLimit: yesOrNo,
  says: oneOf(['words', 'json']),
  callsTools: yesOrNo,
  wrongShare: share,
  lineEnd: oneOf(['\n', '\r\n', '\r']),
  splitUtf8: yesOrNo,
  faults: tableOf(Object.fromEntries(FAULTS.map((fault) => [fault, share]))),
}
const checkBehaviour = tableOf(BEHAVIOUR)

/** Every member is a number, unless the table says something else after it. */
function amounts<T extends object>(members: T): Record<keyof T, Check> {
  const checks = Object.keys(members).map((name) => [name, amount])
  return Object.fromEntries(checks) as Record<keyof T, Check>
}

const SCRIPTED: Readonly<Record<keyof Required<ScriptedAnswer>, Check>> = {
  roleDelayMs: amount,
  firstTokenMs: amount,
  gapsMs: listOf(amount),
  tokens: amount,
  reasoningTokens: amount,
  tool: yesOrNo,
  wrong: yesOrNo,
  finish: oneOf(Object.keys(FINISH_WORDS)),
  cachedTokens: amount,
  fault: oneOf(FAULTS),
  afterTokens: amount,
  retryAfterS: amount,
  redirectTo: text,
  when: text,
}
const checkScript = listOf(tableOf(SCRIPTED))

const CHANGE: Readonly<Record<keyof Required<SimulatorChange>, Check>> = {
  version: word,
  profile: oneOf(Object.keys(PROFILES)),
  behaviour: checkBehaviour,
  run: amount,
  script: checkScript,
  forget: listOf(oneOf(['script', 'cache', 'log'])),
}
const checkChange = tableOf(CHANGE)

function anyOf(legal: readonly string[]): string {
  return `one of ${legal.map((word) => JSON.stringify(word)).join(', ')}`
}

function refuse(at: string, value: unknown, legal: string): never {
  const found = JSON.stringify(value) ?? 'nothing'
  throw new GateError('usage', `simulator: ${at} cannot be ${found}.`, `It must be ${legal}.`)
}
