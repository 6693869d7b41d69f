// JSON as Python and k6 write it: bare NaN and Infinity, whole numbers beyond 2^53, one document or
// one a line. What standard JSON cannot hold becomes something it can: NaN is null, infinities and
// large whole numbers are texts. A mistake is told by its line and column, never by its content.
// By hand: parsers of loose JSON take far more than these engines write, and turn large whole numbers
// into others. JSON.parse reads what a few replacements have made standard.

import { ForeignData, jsonOrNothing, parseJson } from '../json/json.ts'

/** What no JSON parser of JavaScript reads, or reads with another value. */
const UNUSUAL = /NaN|Infinity|\d{16}/
/** Outside of texts only: -Infinity and Infinity, NaN, whole numbers of 16 digits and more. */
const UNUSUAL_TOKEN = /(-?)\bInfinity\b|\bNaN\b|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g

/**
 * Every document of a text: one, or as many as it has lines. Throws ForeignData naming the place.
 * Time and memory grow with the length of the text.
 */
export function parseDocuments(text: string): readonly unknown[] {
  const clean = text.startsWith('\uFEFF') ? text.slice(1) : text
  if (clean.trim() === '') throw new ForeignData('is empty')
  const lines = linesWithText(clean)
  const [first] = lines
  if (lines.length > 1 && first !== undefined && isDocument(first.text)) {
    return lines.map((line) => parsed(line.text, line.number))
  }
  return [parsed(clean, 1)]
}

/** Standard JSON that says the same: see the top of this file. */
export function standardJson(text: string): string {
  if (!UNUSUAL.test(text)) return text
  const pieces: string[] = []
  let at = 0
  while (at < text.length) {
    const opening = text.indexOf('"', at)
    const until = opening === -1 ? text.length : opening
    pieces.push(text.slice(at, until).replace(UNUSUAL_TOKEN, standIn))
    if (opening === -1) break
    const after = endOfText(text, opening)
    pieces.push(text.slice(opening, after))
    at = after
  }
  return pieces.join('')
}

function standIn(token: string): string {
  return token === 'NaN' ? 'null' : `"${token}"`
}

/** Just behind the closing quote; the end of everything when there is none. */
function endOfText(text: string, opening: number): number {
  for (let quote = text.indexOf('"', opening + 1); quote !== -1; ) {
    let backslashes = 0
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return quote + 1
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

type Line = { readonly text: string; readonly number: number }

function linesWithText(text: string): readonly Line[] {
  return text
    .split('\n')
    .map((line, index) => ({ text: line, number: index + 1 }))
    .filter((line) => line.text.trim() !== '')
}

/** A document of its own line, and not the first line of one that is spread over many. */
function isDocument(line: string): boolean {
  if (!/^\s*[{[].*[}\]]\s*$/.test(line)) return false
  return jsonOrNothing(standardJson(line)) !== undefined
}

function parsed(text: string, firstLine: number): unknown {
  const json = standardJson(text)
  try {
    return parseJson(json)
  } catch (cause) {
    const at = cause instanceof ForeignData ? cause.at : undefined
    throw new ForeignData(`is not JSON: ${placeOf(at, json, firstLine)}${cutShort(text)}`)
  }
}

/** Stand-ins keep lines, not columns. */
function placeOf(at: number | undefined, json: string, firstLine: number): string {
  if (at === undefined) return `line ${firstLine} or after`
  const lines = json.slice(0, at).split('\n')
  return `line ${firstLine + lines.length - 1}`
}

function cutShort(text: string): string {
  return /[}\]]\s*$/.test(text) ? '' : '; it seems to be cut short'
}
