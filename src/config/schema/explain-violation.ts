// Turns one complaint of the schema validator into a sentence with the value found, the legal ones
// and, for a misspelt name, the nearest legal one. The legal values are the schema's own `x-legal`.
// By hand: Ajv's own message names neither the value that was found nor the name that was meant.

import type { ErrorObject } from 'ajv/dist/2020.js'
import { FAMILIES, PERCENTILE_FAMILIES } from '../../model/metric.ts'
import { shown } from '../../model/shown.ts'
import type { Path, PointAt } from '../yaml/yaml.ts'
import { nearestName } from './nearest-name.ts'

/** A complaint of the compiled validators. */
export type Violation = Omit<ErrorObject, 'schemaPath'>

export type ShapeProblem = {
  readonly path: Path
  readonly pointAt: PointAt
  readonly message: string
}

/** Undefined for complaints that only repeat another one. */
export function explainViolation(violation: Violation): ShapeProblem | undefined {
  const path = pathOf(violation.instancePath)
  const { keyword, params } = violation
  // Ajv complains about a bad name twice: inside `propertyNames`, and about it.
  if (violation.propertyName !== undefined) return undefined
  switch (keyword) {
    case 'required':
      return { path, pointAt: 'key', message: missing(path, String(params.missingProperty)) }
    case 'additionalProperties':
      return unknownKey(path, String(params.additionalProperty), violation)
    case 'propertyNames':
      return badName(path, String(params.propertyName), violation)
    default:
      return { path, pointAt: 'value', message: badValue(path, violation) }
  }
}

/** JSON pointer to path (RFC 6901: `~1` is a slash, `~0` a tilde). */
function pathOf(pointer: string): Path {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function missing(path: Path, member: string): string {
  return `\`${member}\` is missing; ${nameOf(path)} needs it`
}

function nameOf(path: Path): string {
  const name = path.at(-1)
  if (name === undefined) return 'the file'
  if (/^\d+$/.test(name) && path.length > 1) return `\`${path.at(-2)}[${name}]\``
  return /^[\w.-]{1,64}$/.test(name) ? `\`${name}\`` : shown(name)
}

function unknownKey(path: Path, key: string, violation: Violation): ShapeProblem {
  const legal = Object.keys(membersOf(violation.parentSchema, 'properties'))
  const isLimits = path.length === 3 && path[2] === 'limits'
  const message = isLimits ? unknownMetric(key, legal) : unknownMember(path, key, legal)
  return { path: [...path, key], pointAt: 'key', message }
}

function unknownMember(path: Path, key: string, legal: readonly string[]): string {
  const meant = meantBy(key, legal)
  return `${shown(key)} is not a key of ${nameOf(path)}${meant} Legal keys: ${legal.join(', ')}`
}

function unknownMetric(key: string, common: readonly string[]): string {
  const percentile = /_?p?(\d+(?:\.\d+)?)$/i.exec(key)?.[1] ?? '95'
  const isPercentile = Number(percentile) > 0 && Number(percentile) < 100
  if (!isPercentile) return `${shown(key)} is not a metric: a percentile is above 0 and below 100`
  const candidates = PERCENTILE_FAMILIES.map((family) => `${family}_p${percentile}`)
  const meant = meantBy(key, [...candidates, ...common])
  const quantiles = PERCENTILE_FAMILIES.map((family) => `${family}_pNN`)
  const others = FAMILIES.filter((family) => !PERCENTILE_FAMILIES.includes(family))
  const legal = [...quantiles, ...others].join(', ')
  return `${shown(key)} is not a metric${meant} Legal metrics: ${legal} (NN: a percentile above 0 and below 100)`
}

function meantBy(written: string, legal: readonly string[]): string {
  const nearest = nearestName(written, legal)
  return nearest === undefined ? '.' : `; did you mean \`${nearest}\`?`
}

function badName(path: Path, name: string, violation: Violation): ShapeProblem {
  const rule = membersOf(violation.parentSchema, 'propertyNames')
  const message = `${shown(name)} is not ${legalText(rule)}`
  return { path: [...path, name], pointAt: 'key', message }
}

function badValue(path: Path, violation: Violation): string {
  const { data, parentSchema, keyword, params } = violation
  const found = isSecret(path) ? 'the value found' : shown(data)
  const unitless = keyword === 'type' && typeof data === 'number' && params.type === 'string'
  const problem = unitless && hasUnit(parentSchema) ? 'has no unit' : 'is not legal here'
  const choices: unknown = parentSchema?.enum
  const names = Array.isArray(choices) ? choices.map(String) : []
  const nearest = typeof data === 'string' ? nearestName(data, names) : undefined
  const meant = nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`
  return `${found} ${problem}${meant}; expected ${legalText(parentSchema)}`
}

function hasUnit(schema: unknown): boolean {
  return legalText(schema).includes('such as')
}

/** A header's value may be a key, whatever is wrong with it. */
function isSecret(path: Path): boolean {
  return path.includes('headers') || path.at(-1) === 'url'
}

function legalText(schema: unknown): string {
  return String(membersOf({ schema }, 'schema')['x-legal'] ?? 'something else')
}

function membersOf(holder: unknown, member: string): Record<string, unknown> {
  if (!isRecord(holder)) return {}
  const value = holder[member]
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
