// The short sentence kept with a failed request. What a server or the network said is foreign text:
// secrets are taken out, control characters and query strings too, and its length is bounded.

import { leaving, Redactor } from '../../redact/redact.ts'

export const LONGEST_DETAIL = 300

export type Redact = (text: string) => string

/** Replaces each secret, however it is spelt, by `***`; what is learnt while load runs as well, as a
 * token that was renewed. Very short ones are no secrets. */
export function createRedact(secrets: readonly string[]): Redact {
  const redactor = new Redactor(secrets)
  return (text) => redactor.text(leaving.text(text))
}

export function detailOf(text: string, redact: Redact): string {
  const plain = redact(text)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll(/(\bhttps?:\/\/[^\s?#"']*)[?#][^\s"']*/gi, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return plain.length <= LONGEST_DETAIL ? plain : `${plain.slice(0, LONGEST_DETAIL - 1)}…`
}
