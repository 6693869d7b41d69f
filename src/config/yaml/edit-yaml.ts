// Members of a YAML text set to other values. What nobody asked to change stays: the order, the
// comments, the empty lines, and whether a mapping stands in braces.

import { type Document, isAlias, isMap, isNode, parseDocument } from 'yaml'
import type { Path } from './locate.ts'

export type YamlEdit = {
  readonly path: Path
  /** A plain value, or a mapping, which is written in braces. */
  readonly value: string | number | Readonly<Record<string, string | number>>
  /** Put behind the member, in place of an earlier one of the same kind. */
  readonly comment?: string
}

/** How our own comments begin: others are a person's and stay. */
export const OWN_COMMENT = ' calibrated'

/** Undefined where a member on the way is an alias of a block that others share. */
export function editYaml(text: string, edits: readonly YamlEdit[]): string | undefined {
  const document = parseDocument(text, { stringKeys: true, uniqueKeys: false, merge: true })
  for (const edit of edits) if (!set(document, edit)) return undefined
  // From the last to the first: of several behind the same braces the first stands.
  for (const { path, comment } of edits.toReversed()) {
    if (comment !== undefined) remark(document, path, comment)
  }
  const padded = /\{ \S/.test(text)
  return document.toString({ lineWidth: 0, flowCollectionPadding: padded })
}

function set(document: Document.Parsed, { path, value }: YamlEdit): boolean {
  for (let length = 1; length < path.length; length += 1) {
    const part = path.slice(0, length)
    const node = document.getIn(part, true)
    if (isAlias(node)) return false
    if (node === undefined || node === null) document.setIn(part, document.createNode({}))
  }
  const before = document.getIn(path, true)
  if (isAlias(before)) return false
  const node = document.createNode(value)
  if (isMap(node)) node.flow = true
  if (isNode(before)) node.comment = before.comment
  document.setIn(path, node)
  return true
}

/** Behind the member, or behind the braces it stands in. A person's comment stays as it is. */
function remark(document: Document.Parsed, path: Path, comment: string): void {
  const inBraces = path.findIndex((_, index) => {
    const node = document.getIn(path.slice(0, index + 1), true)
    return isMap(node) && node.flow === true
  })
  const node = document.getIn(inBraces < 0 ? path : path.slice(0, inBraces + 1), true)
  if (!isNode(node)) return
  const said = node.comment
  if (typeof said === 'string' && !said.startsWith(OWN_COMMENT)) return
  node.comment = `${OWN_COMMENT} ${comment}`
}
