// What is wrong with a YAML document as such: its syntax, keys written twice, aliases and merges
// that lead nowhere. Linear in the document's length, and at most so many problems.

import {
  type Document,
  isMap,
  isSeq,
  type LineCounter,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import { isMerge, keyName, type Place, placeAt, resolve, startOf } from './yaml-nodes.ts'

export type YamlProblem = { readonly message: string; readonly place?: Place }

export type DocumentCheck = {
  readonly problems: readonly YamlProblem[]
  /** Whether the document can be turned into data all the same. */
  readonly isReadable: boolean
}

const MAX_PROBLEMS = 20
/** Each is looked up in the whole document. */
const MAX_ALIASES = 500

export function checkDocument(document: Document.Parsed, lines: LineCounter): DocumentCheck {
  const syntax = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS)
  const problems = syntax.map((error) => syntaxProblem(error, lines))
  if (document.errors.length > 0) return { problems, isReadable: false }
  const references = brokenReferences(document, lines)
  return {
    problems: [...problems, ...references, ...repeatedKeys(document, lines)],
    isReadable: references.length === 0,
  }
}

function syntaxProblem(error: YAMLError, lines: LineCounter): YamlProblem {
  const place = placeAt(error.pos[0], lines)
  if (error.code === 'MULTIPLE_DOCS') {
    return { message: 'a second document begins here; expected one, without `---` between', place }
  }
  const advice = error.code === 'TAB_AS_INDENT' ? '; indent with spaces' : ''
  const message = error.message.split('\n')[0]?.replace(/[:.]?\s*$/, '')
  return { message: `this is not valid YAML: ${message}${advice}`, place }
}

/** Aliases without an anchor, and merges (`<<`) of what is no mapping: conversion would throw. */
function brokenReferences(document: Document.Parsed, lines: LineCounter): YamlProblem[] {
  if (aliasCount(document) > MAX_ALIASES) return [{ message: tooManyAliases(MAX_ALIASES) }]
  const problems: YamlProblem[] = []
  const report = (node: unknown, message: string): symbol | undefined => {
    problems.push({ message, place: placeAt(startOf(node) ?? 0, lines) })
    return problems.length >= MAX_PROBLEMS ? visit.BREAK : undefined
  }
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined
      const name = alias.source
      return report(alias, `*${name} refers to an anchor (&${name}) that is not above it`)
    },
    Pair: (_, pair) => {
      if (!isMerge(pair) || mergesMappings(pair.value, document)) return undefined
      return report(
        pair.key,
        '`<<` merges mappings; expected *name of a mapping, or a list of them',
      )
    },
  })
  return problems
}

export function tooManyAliases(most: number): string {
  return `the file's aliases (*name) expand to too much; the most is ${most}`
}

function aliasCount(document: Document.Parsed): number {
  let count = 0
  visit(document, {
    Alias: () => {
      count += 1
    },
  })
  return count
}

function mergesMappings(value: unknown, document: Document.Parsed): boolean {
  const source = resolve(value, document)
  if (source === undefined) return true
  return isSeq(source)
    ? source.items.every((item) => isMap(resolve(item, document)))
    : isMap(source)
}

function repeatedKeys(document: Document.Parsed, lines: LineCounter): YamlProblem[] {
  const problems: YamlProblem[] = []
  visit(document, {
    Map: (_, map) => {
      problems.push(...repeatedKeysOf(map, lines))
      return problems.length >= MAX_PROBLEMS ? visit.BREAK : undefined
    },
  })
  return problems.slice(0, MAX_PROBLEMS)
}

function repeatedKeysOf(map: YAMLMap, lines: LineCounter): YamlProblem[] {
  const seen = new Set<string>()
  return map.items.flatMap((pair) => {
    const name = keyName(pair)
    if (name === undefined || !seen.has(name)) {
      if (name !== undefined) seen.add(name)
      return []
    }
    const message = `${JSON.stringify(name.slice(0, 60))} is written twice in one mapping; keep one`
    return [{ message, place: placeAt(startOf(pair.key) ?? 0, lines) }]
  })
}
