// The head of a page that needs nothing else: its own security policy allows the style sheet and the script in
// it, by the hash of their texts, and nothing besides.

import { sha256Hex } from '../../model/digest.ts'
import { escapeHtml } from './escape.ts'

export type PageParts = {
  readonly title: string
  readonly style: string
  /** Absent = the page has none, and none may run. */
  readonly script?: string
}

/** From the document type to the beginning of the body, a line an entry. */
export function pageHead({ title, style, script }: PageParts): readonly string[] {
  const scripts = script === undefined ? '' : ` script-src '${contentHash(script)}';`
  const policy = `default-src 'none'; style-src '${contentHash(style)}';${scripts} base-uri 'none'; form-action 'none'`
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
  ]
}

/** `sha256-…`, as Content-Security-Policy has it. */
export function contentHash(text: string): string {
  const bytes = sha256Hex(text).match(/../g) ?? []
  return `sha256-${btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''))}`
}
