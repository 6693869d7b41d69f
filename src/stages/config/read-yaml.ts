// YAML text to plain data, and from a path in the data back to line and column. Nothing here knows
// what a configuration is. Bounded: text length, aliases, nesting.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml'

export type Path = readonly string[]

/** 1-based. */
export type Place = { readonly line: number; readonly column: number }

/** Whether a problem is with a member's name or with what it holds. */
export type PointAt = 'key' | 'value'

export type YamlProblem = { readonly message: string; readonly place?: Place }

export type YamlReading = {
  /** Absent when the text could not be read as one YAML document. */
  readonly data?: unknown
  readonly problems: readonly YamlProblem[]
  /** The place of a path, or of its nearest ancestor that is written down. */
  readonly locate: (path: Path, pointAt: PointAt) => Place
}

const MAX_CHARACTERS = 256 * 1024
const MAX_ALIASES = 100
const MAX_PROBLEMS = 20
const TOO_DEEP: YamlProblem = { message: 'the file is nested too deeply' }
const START: Place = { line: 1, column: 1 }

/** Never throws: whatever is wrong with the text is a problem with a place. */
export function readYaml(text: string): YamlReading {
  const unreadable = refusal(text)
  if (unreadable !== undefined) return failed([{ message: unreadable }])
  const lines = new LineCounter()
  const document = parse(text, lines)
  if (document === undefined) return failed([TOO_DEEP])
  const errors = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS)
  const broken = brokenReferences(document, lines)
  const problems = [...errors.map((error) => problemOf(error, document, lines)), ...broken]
  const isFatal = document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')
  if (isFatal || broken.length > 0) return failed(problems)
  return withData(document, problems, lines)
}

function refusal(text: string): string | undefined {
  if (text.trim() === '') return 'the file is empty'
  if (text.length > MAX_CHARACTERS) {
    return `the file has ${text.length} characters; the most is ${MAX_CHARACTERS}`
  }
  return text.includes('\0') ? 'the file is not UTF-8 text' : undefined
}

function failed(problems: readonly YamlProblem[]): YamlReading {
  return { problems, locate: () => START }
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  const options = { lineCounter, prettyErrors: false, stringKeys: true, merge: true }
  try {
    const document = parseDocument(text.replace(/^\uFEFF/, ''), options)
    return document.errors.some(({ message }) => message.includes('call stack'))
      ? undefined
      : document
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function withData(
  document: Document.Parsed,
  problems: readonly YamlProblem[],
  lines: LineCounter,
): YamlReading {
  const locate = (path: Path, pointAt: PointAt): Place =>
    placeAt(offsetOf(document, path, pointAt), lines)
  try {
    return { data: document.toJS({ maxAliasCount: MAX_ALIASES }), problems, locate }
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error
    return failed([
      ...problems,
      { message: `the file's aliases (*name) expand to too much; the most is ${MAX_ALIASES}` },
    ])
  }
}

/** Aliases without an anchor, and merges (`<<`) of what is no mapping: conversion would throw. */
function brokenReferences(document: Document.Parsed, lines: LineCounter): YamlProblem[] {
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

function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && (key.type ?? 'PLAIN') === 'PLAIN'
}

function mergesMappings(value: unknown, document: Document.Parsed): boolean {
  const source = resolve(value, document)
  if (source === undefined) return true
  return isSeq(source)
    ? source.items.every((item) => isMap(resolve(item, document)))
    : isMap(source)
}

function problemOf(error: YAMLError, document: Document.Parsed, lines: LineCounter): YamlProblem {
  const place = placeAt(error.pos[0], lines)
  if (error.code === 'DUPLICATE_KEY') {
    const name = keyAt(document, error.pos[0])
    return { message: `${JSON.stringify(name)} is written twice in one mapping; keep one`, place }
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return { message: 'a second document begins here; expected one, without `---` between', place }
  }
  const advice = error.code === 'TAB_AS_INDENT' ? '; indent with spaces' : ''
  const message = error.message.split('\n')[0]?.replace(/[:.]?\s*$/, '')
  return { message: `this is not valid YAML: ${message}${advice}`, place }
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return line < 1 ? START : { line, column: col }
}

function keyAt(document: Document.Parsed, offset: number): string {
  return keysBelow(document.contents).find((key) => key.offset === offset)?.name ?? '?'
}

function keysBelow(node: unknown): { offset: number; name: string }[] {
  if (isSeq(node)) return node.items.flatMap(keysBelow)
  if (!isMap(node)) return []
  return node.items.flatMap((pair) => [
    { offset: startOf(pair.key) ?? -1, name: keyName(pair) ?? '?' },
    ...keysBelow(pair.value),
  ])
}

function offsetOf(document: Document.Parsed, path: Path, pointAt: PointAt): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  let keyOffset = offset
  for (const segment of path) {
    const step = stepInto(resolve(node, document), segment, document)
    if (step === undefined) return keyOffset
    keyOffset = step.keyOffset ?? offset
    offset = startOf(step.value) ?? keyOffset
    node = step.value
  }
  return pointAt === 'key' ? keyOffset : offset
}

type Step = { readonly keyOffset?: number; readonly value: unknown }

function stepInto(node: unknown, segment: string, document: Document.Parsed): Step | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)]
    const start = startOf(item)
    return item === undefined || start === undefined ? undefined : { keyOffset: start, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((candidate) => keyName(candidate) === segment)
  if (pair === undefined) return stepIntoMerged(node, segment, document)
  const keyOffset = startOf(pair.key)
  return keyOffset === undefined ? { value: pair.value } : { keyOffset, value: pair.value }
}

/** A member that came in through `<<: *name` is placed where the anchor wrote it. */
function stepIntoMerged(
  node: YAMLMap,
  segment: string,
  document: Document.Parsed,
): Step | undefined {
  const merge = node.items.find((candidate) => keyName(candidate) === '<<')
  if (merge === undefined) return undefined
  const source = resolve(merge.value, document)
  const sources = isSeq(source) ? source.items : [source]
  for (const each of sources) {
    const step = stepInto(resolve(each, document), segment, document)
    if (step !== undefined) return step
  }
  return undefined
}

function resolve(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node
}

function keyName(pair: Pair): string | undefined {
  if (isScalar(pair.key)) return String(pair.key.value)
  return typeof pair.key === 'string' ? pair.key : undefined
}

function startOf(node: unknown): number | undefined {
  return isNodeWithRange(node) ? node.range?.[0] : undefined
}

function isNodeWithRange(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
}
