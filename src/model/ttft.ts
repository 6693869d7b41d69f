// Time to first token, the one number this project is about: from the request written to the socket to
// the first token of any kind (text, reasoning, tool call). Everything that shows, judges or reckons
// with it calls this.

import type { RequestRecord } from './request-record.ts'

/** Stored with every number; numbers of different definitions are never compared. */
export const TTFT_DEFINITION = 'written-to-first-token-of-any-kind/1'

/** Milliseconds. Undefined for a request that was not written or had no token. */
export function ttftMs({
  sentMs,
  firstTokenMs,
}: Pick<RequestRecord, 'sentMs' | 'firstTokenMs'>): number | undefined {
  return sentMs === undefined || firstTokenMs === undefined ? undefined : firstTokenMs - sentMs
}
