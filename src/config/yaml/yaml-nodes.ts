// The few questions this folder asks of the YAML library's nodes.

import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Pair } from 'yaml'

/** 1-based. */
export type Place = { readonly line: number; readonly column: number }

export const START: Place = { line: 1, column: 1 }

export function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return line < 1 ? START : { line, column: col }
}

/** Offset of a node's first character. */
export function startOf(node: unknown): number | undefined {
  const hasRange = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node)
  return hasRange ? node.range?.[0] : undefined
}

/** Keys are texts: the parser is told so. */
export function keyName(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined
}

/** `<<`, unless it is quoted. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && (key.type ?? 'PLAIN') === 'PLAIN'
}

/** What an alias stands for; undefined where its anchor is missing. */
export function resolve(node: unknown, document: Document.Parsed): unknown {
  return isAlias(node) ? node.resolve(document) : node
}
