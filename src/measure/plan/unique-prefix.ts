// `prompt_cache: bypass`: text in front of the first message that no earlier request began with.
// Prefix caches compare from the first token, so the part that differs must come first; a suffix or
// a counter after common words would leave everything before it cached.

import type { Message } from '../../model/conversation.ts'
import { hash32 } from './seeding.ts'

/**
 * `[k3x9q2h0-00a1] `, always the same length. The eight characters differ between runs (nonce) and
 * requests from the first one on; the number behind them makes the prefix unique within a run.
 */
export function uniquePrefix(nonce: string, index: number): string {
  const mixed = hash32(`${nonce}/${index}`).toString(36).padStart(7, '0')
  const more = hash32(`${index}/${nonce}`).toString(36).slice(-1)
  // The low digits of the hash vary most: they go first.
  const scrambled = [...mixed].reverse().join('') + more
  return `[${scrambled}-${index.toString(36).padStart(4, '0')}] `
}

/** The messages with the prefix before the first one's content. */
export function prefixed(messages: readonly Message[], prefix: string): readonly Message[] {
  return messages.map((message, at) =>
    at === 0 ? { ...message, content: prefix + message.content } : message,
  )
}
