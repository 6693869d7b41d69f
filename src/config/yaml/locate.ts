// From a path in the data back to the line and column where it is written.

import { type Document, isMap, isSeq, type LineCounter, type YAMLMap } from 'yaml'
import { isMerge, keyName, type Place, placeAt, resolve, startOf } from './yaml-nodes.ts'

export type Path = readonly string[]

/** Whether a problem is with a member's name or with what it holds. */
export type PointAt = 'key' | 'value'

/** The place of a path, or of its nearest ancestor that is written down. */
export type Locate = (path: Path, pointAt: PointAt) => Place

/** What came in through an alias is placed where its anchor wrote it. */
export function locator(document: Document.Parsed, lines: LineCounter): Locate {
  return (path, pointAt) => placeAt(offsetOf(document, path, pointAt), lines)
}

function offsetOf(document: Document.Parsed, path: Path, pointAt: PointAt): number {
  let node: unknown = document.contents
  let keyOffset = startOf(node) ?? 0
  let valueOffset = keyOffset
  for (const segment of path) {
    const step = stepInto(resolve(node, document), segment, document)
    if (step === undefined) return keyOffset
    keyOffset = step.keyOffset
    valueOffset = startOf(step.value) ?? keyOffset
    node = step.value
  }
  return pointAt === 'key' ? keyOffset : valueOffset
}

type PathStep = { readonly keyOffset: number; readonly value: unknown }

function stepInto(node: unknown, segment: string, document: Document.Parsed): PathStep | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)]
    const keyOffset = startOf(item)
    return keyOffset === undefined ? undefined : { keyOffset, value: item }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((candidate) => keyName(candidate) === segment)
  const keyOffset = startOf(pair?.key)
  if (pair === undefined || keyOffset === undefined) return stepIntoMerged(node, segment, document)
  return { keyOffset, value: pair.value }
}

function stepIntoMerged(
  node: YAMLMap,
  segment: string,
  document: Document.Parsed,
): PathStep | undefined {
  for (const { value } of node.items.filter(isMerge)) {
    const source = resolve(value, document)
    for (const each of isSeq(source) ? source.items : [source]) {
      const step = stepInto(resolve(each, document), segment, document)
      if (step !== undefined) return step
    }
  }
  return undefined
}
