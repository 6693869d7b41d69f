// What a page's own security policy allows: a style sheet or a script by the hash of its text.

import { sha256Hex } from '../../model/digest.ts'

/** `sha256-…`, as Content-Security-Policy has it. */
export function contentHash(text: string): string {
  const bytes = sha256Hex(text).match(/../g) ?? []
  return `sha256-${btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''))}`
}
