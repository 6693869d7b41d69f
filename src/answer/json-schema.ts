// A JSON Schema of the config, compiled by Ajv with patterns that cannot hang. `format` is a note, as
// the standard has it: it is not checked.

import { Ajv, type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonValue } from '../model/json-value.ts'
import { PatternProblem, safeRegex } from './safe-regex.ts'

/** What refuses a schema, and where in it. */
export type SchemaProblem = { readonly at: readonly string[]; readonly message: string }

export type CompiledSchema =
  /** The problem of a document; undefined where it fits. */
  | { readonly ok: true; readonly problemOf: (document: unknown) => string | undefined }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] }

const OPTIONS: Options = {
  strict: false,
  logger: false,
  validateFormats: false,
  code: { regExp: Object.assign(safeRegex, { code: 'safeRegex' }) },
}

/** As JSON. A larger one is generated, and takes long to compile. */
const LARGEST_SCHEMA = 64 * 1024
const MOST_PROBLEMS = 10

export function compileSchema(schema: JsonValue): CompiledSchema {
  const size = JSON.stringify(schema).length
  if (size > LARGEST_SCHEMA) {
    const message = `the schema has ${size} characters; expected at most ${LARGEST_SCHEMA}`
    return { ok: false, problems: [{ at: [], message }] }
  }
  const ajv = ajvOf(schema)
  if (ajv === undefined) {
    const message = 'this `$schema` is not known; expected draft-06, draft-07, 2019-09 or 2020-12'
    return { ok: false, problems: [{ at: ['$schema'], message }] }
  }
  const own = withoutDialect(schema)
  if (ajv.validateSchema(own) !== true) {
    const problems = (ajv.errors ?? []).slice(0, MOST_PROBLEMS).map(problemOfSchema)
    return { ok: false, problems: onePerPlace(problems) }
  }
  try {
    const validate = ajv.compile(own)
    return { ok: true, problemOf: (document) => problemOf(validate, document) }
  } catch (error) {
    return { ok: false, problems: [problemOfCompiling(schema, error)] }
  }
}

/** The dialect that `$schema` names; by default the newest. */
function ajvOf(schema: JsonValue): Ajv | undefined {
  const named = memberOf(schema, '$schema')
  if (named === undefined) return new Ajv2020(OPTIONS)
  const match = /^https?:\/\/json-schema\.org\/(draft-0[67]|draft\/(2019-09|2020-12))\/schema#?$/
  const [, dialect = ''] = match.exec(String(named)) ?? []
  if (dialect === '') return undefined
  return dialect.startsWith('draft-0') ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS)
}

/** Which dialect it is has been found: Ajv knows each by one spelling alone. */
function withoutDialect(schema: JsonValue): AnySchema {
  if (typeof schema !== 'object') return Boolean(schema)
  return Object.fromEntries(Object.entries(schema ?? {}).filter(([name]) => name !== '$schema'))
}

function memberOf(value: JsonValue, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([member]) => member === name)?.[1]
}

function problemOfSchema({ instancePath, message, params }: ErrorObject): SchemaProblem {
  const legal: unknown = params.allowedValues
  const values = Array.isArray(legal) ? `: ${legal.join(', ')}` : ''
  return {
    at: segmentsOf(instancePath),
    message: `Ajv refuses the schema: it ${message ?? 'is none'}${values}`,
  }
}

/** Alternatives of one place each complain. */
function onePerPlace(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  const byPlace = Map.groupBy(problems, ({ at }) => at.join('/'))
  return [...byPlace.values()].flatMap(([first]) => first ?? [])
}

function segmentsOf(pointer: string): readonly string[] {
  const segments = pointer.split('/').slice(1)
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function problemOfCompiling(schema: JsonValue, error: unknown): SchemaProblem {
  if (error instanceof PatternProblem) {
    const at = placeOf(schema, ([name, value]) => value === error.pattern || name === error.pattern)
    return { at: at ?? [], message: `the pattern ${error.message}` }
  }
  const said = error instanceof Error ? error.message : String(error)
  const missing = /^can't resolve reference (\S+)/.exec(said)?.[1]
  const at = placeOf(schema, ([name, value]) => name === '$ref' && value === missing)
  return { at: at ?? [], message: `Ajv refuses the schema: ${said}` }
}

type Member = readonly [name: string, value: JsonValue]

function placeOf(
  value: JsonValue,
  isIt: (member: Member) => boolean,
): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const member of Object.entries(value) as readonly Member[]) {
    if (isIt(member)) return [member[0]]
    const below = placeOf(member[1], isIt)
    if (below !== undefined) return [member[0], ...below]
  }
  return undefined
}

function problemOf(validate: ValidateFunction, document: unknown): string | undefined {
  try {
    if (validate(document)) return undefined
  } catch (error) {
    // A schema that refers to itself goes as deep as the document.
    if (error instanceof RangeError) return 'is nested too deeply'
    throw error
  }
  const [first] = validate.errors ?? []
  return `${first?.instancePath ?? ''} ${first?.message ?? 'does not fit'}`.trim()
}
