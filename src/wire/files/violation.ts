// The first complaint of a compiled schema as a clause: the place, what is there, what is expected.

import type { ErrorObject } from 'ajv/dist/2020.js'
import { shown } from '../../model/shown.ts'
import { shownJson } from '../json/json.ts'

export type FileViolation = Omit<ErrorObject, 'schemaPath'>

/**
 * `document` is what was checked, `legal` has words for the patterns of its schema. The first complaint says
 * enough: we did not write such a file.
 */
export function violationText(
  violations: readonly FileViolation[],
  document: unknown,
  legal: Readonly<Record<string, string>> = {},
): string {
  const [violation] = violations
  if (violation === undefined) return 'the file is not as its schema says'
  const { instancePath, keyword, params, propertyName } = violation
  const { place, value } = found(document, instancePath)
  // Of a bad name Ajv says first what is wrong with it, and where it is.
  if (propertyName !== undefined) {
    const name = expected(keyword, params, legal)
    return `${place} has a member ${shown(propertyName)}; expected ${name}`
  }
  switch (keyword) {
    case 'required':
      return `${inside(place, params.missingProperty)} is missing`
    case 'discriminator':
      return unknownKind(place, params)
    case 'maxItems':
    case 'minItems':
      return `${place} has ${lengthOf(value)} values; expected ${boundText(keyword, params)}`
    case 'maxProperties':
      return `${place} has over ${params.limit} members`
    default:
      return `${place} is ${shownJson(value)}; expected ${expected(keyword, params, legal)}`
  }
}

type Params = ErrorObject['params']

function unknownKind(place: string, { tag, tagValue }: Params): string {
  if (tagValue === undefined) return `${inside(place, tag)} is missing`
  return `${inside(place, tag)} is ${shownJson(tagValue)}, which this version of Inference Gate does not know`
}

function expected(keyword: string, params: Params, legal: Readonly<Record<string, string>>) {
  switch (keyword) {
    case 'type':
      return [params.type].flat().map(typeText).filter(Boolean).join(' or ')
    case 'enum':
      return listed(params.allowedValues)
    case 'const':
      return shown(params.allowedValue)
    case 'pattern':
      return legal[params.pattern] ?? 'another text'
    case 'maxLength':
    case 'minLength':
      return `text of ${boundText(keyword, params)} characters`
    case 'minimum':
    case 'maximum':
      return boundText(keyword, params)
    default:
      return 'something else'
  }
}

function boundText(keyword: string, { limit }: Params): string {
  return `at ${keyword.startsWith('max') ? 'most' : 'least'} ${limit}`
}

/** Nothing for null: what may be absent need not be said. */
function typeText(type: string): string {
  const texts: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a finite number',
    integer: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
  }
  return texts[type] ?? ''
}

function listed(values: readonly unknown[]): string {
  const legal = values.filter((value) => value !== null)
  return legal.length === 1 ? shown(legal[0]) : `one of ${legal.join(', ')}`
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

/** What a JSON pointer (RFC 6901) leads to, and its way in words: `records.columns.endMs[3]`. */
function found(document: unknown, pointer: string): { place: string; value: unknown } {
  let [place, value] = ['', document]
  for (const segment of pointer.split('/').slice(1)) {
    const member = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    place = Array.isArray(value) ? `${place}[${member}]` : inside(place, member)
    value = memberOf(value, member)
  }
  return { place: place === '' ? 'the file' : place, value }
}

function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, member)?.value
}

function inside(place: string, member: string): string {
  const isPlain = /^[\w-]{1,64}$/.test(member)
  if (place === '' || place === 'the file') return isPlain ? member : shown(member)
  return isPlain ? `${place}.${member}` : `${place}[${shown(member)}]`
}
