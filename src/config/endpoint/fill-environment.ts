// Fills in `${{ env.NAME }}`. A file in a pull request could otherwise read any secret of the job,
// so only names that begin with INFERENCE_GATE_ or that the trusted policy lists are read.

import { shown } from '../../model/shown.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'

export const OWN_PREFIX = 'INFERENCE_GATE_'

/** What the program itself reads: keys have inputs of their own and go where those say. */
const OWN_VARIABLES: readonly string[] = [
  'INFERENCE_GATE_API_KEY',
  'INFERENCE_GATE_REFERENCE_API_KEY',
  'INFERENCE_GATE_GIT_TOKEN',
]

/** What opens a reference; spelt so that it is not mistaken for a forgotten template string. */
export const OPENING = '$'.concat('{{')

const EXPRESSION = /\$\{\{(.*?)\}\}/g
const REFERENCE = /^\s*env\.([A-Za-z_][A-Za-z0-9_]*)\s*$/

/** Undefined when something in it was refused; the reason has been reported. */
export function fillEnvironment(
  text: string,
  path: Path,
  reading: ConfigReading,
): string | undefined {
  let refused = text.replace(EXPRESSION, '').includes(OPENING)
  if (refused) reading.report({ path, message: `${OPENING} is not closed by }}` })
  const filled = text.replace(EXPRESSION, (_, expression: string) => {
    const value = lookUp(expression, path, reading)
    refused ||= value === undefined
    return value ?? ''
  })
  return refused ? undefined : filled
}

function lookUp(expression: string, path: Path, reading: ConfigReading): string | undefined {
  const name = REFERENCE.exec(expression)?.[1]
  const message = name === undefined ? notAReference(expression) : problemOf(name, reading)
  if (message === undefined && name !== undefined) return valueOfVariable(name, reading)
  reading.report({ path, message: message ?? notAReference(expression) })
  return undefined
}

function notAReference(expression: string): string {
  return `${shown(expression.trim())} cannot be filled in here; expected \${{ env.NAME }}, with NAME set in the step's \`env\``
}

function problemOf(name: string, reading: ConfigReading): string | undefined {
  const { allowedEnv } = reading.trusted
  if (OWN_VARIABLES.includes(name.toUpperCase())) {
    return `the environment variable ${name} is the program's own and cannot be named by a config; give a header's value another name`
  }
  if (!name.startsWith(OWN_PREFIX) && !allowedEnv.includes(name)) {
    const listed = allowedEnv.length === 0 ? '' : ` (now: ${allowedEnv.join(', ')})`
    return `the environment variable ${name} may not be read; use a name that begins with ${OWN_PREFIX}, or list it in policy.allowed_env${listed}`
  }
  if (valueOfVariable(name, reading) !== '' || reading.unsetEnv === 'blank') return undefined
  return `the environment variable ${name} is not set; set it in the step's \`env\``
}

/** Empty where it is not set. */
function valueOfVariable(name: string, { env }: ConfigReading): string {
  return Object.hasOwn(env, name) ? (env[name] ?? '') : ''
}

/** Names of the variables that a text refers to. */
export function variablesOf(text: string): readonly string[] {
  return [...text.matchAll(EXPRESSION)].flatMap(([, expression = '']) => {
    return REFERENCE.exec(expression)?.[1] ?? []
  })
}

/** Variables of the environment that any config may name: secrets, for all that anybody knows. */
export function nameableVariables(
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.keys(env).filter((name) => name.startsWith(OWN_PREFIX) && env[name] !== '')
}

/** Whether a text refers to a variable that has no value here. */
export function hasUnset(text: string, reading: ConfigReading): boolean {
  return variablesOf(text).some((name) => valueOfVariable(name, reading) === '')
}

/** For texts in which nothing is filled in. */
export function refuseReferences(text: string, path: Path, reading: ConfigReading): void {
  if (!text.includes(OPENING)) return
  const message = `${OPENING} … }} is filled in only in \`url\` and in header values; write the value itself`
  reading.report({ path, message })
}
