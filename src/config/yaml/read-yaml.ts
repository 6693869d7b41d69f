// YAML text to plain data, with the way back from a path in the data to its line and column. Nothing
// here knows what a configuration is. Bounded: text length, aliases, nesting.

import { type Document, LineCounter, parseDocument } from 'yaml'
import { checkDocument, tooManyAliases, type YamlProblem } from './check-document.ts'
import { type Locate, locator } from './locate.ts'
import { START } from './yaml-nodes.ts'

export type YamlReading = {
  /** Absent when the text could not be read as one YAML document. */
  readonly data?: unknown
  readonly problems: readonly YamlProblem[]
  readonly locate: Locate
}

const MAX_CHARACTERS = 256 * 1024
/** How often an anchor's contents may be repeated by aliases of aliases. */
const MAX_EXPANSION = 100

/** A config is asked for its files, prices and variables before it is read: that is one text four times. */
let latest: { readonly text: string; readonly reading: YamlReading } | undefined

/** Never throws: whatever is wrong with the text is a problem with a place. Nobody changes what it gives. */
export function readYaml(text: string): YamlReading {
  if (latest?.text !== text) latest = { text, reading: read(text) }
  return latest.reading
}

function read(text: string): YamlReading {
  const message = refusal(text)
  if (message !== undefined) return failed([{ message }])
  try {
    return readBounded(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    if (error instanceof RangeError) return failed([TOO_DEEP])
    throw error
  }
}

const TOO_DEEP: YamlProblem = { message: 'the file is nested too deeply' }

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

function readBounded(text: string): YamlReading {
  const lineCounter = new LineCounter()
  // Its own check for repeated keys compares every pair of keys; ours is linear.
  const options = { lineCounter, prettyErrors: false, stringKeys: true, uniqueKeys: false }
  const document = parseDocument(text, { ...options, merge: true })
  // The library tells of an overflow as if it were a mistake of syntax.
  if (document.errors.some(isOverflow)) return failed([TOO_DEEP])
  const { problems, isReadable } = checkDocument(document, lineCounter)
  if (!isReadable) return failed(problems)
  const expanded = expand(document)
  if (expanded === undefined)
    return failed([...problems, { message: tooManyAliases(MAX_EXPANSION) }])
  return { data: expanded.data, problems, locate: locator(document, lineCounter) }
}

function isOverflow({ message }: Error): boolean {
  return message.includes('call stack')
}

/** Undefined when aliases of aliases would make a small file a huge one. */
function expand(document: Document.Parsed): { readonly data: unknown } | undefined {
  try {
    return { data: document.toJS({ maxAliasCount: MAX_EXPANSION }) }
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}
