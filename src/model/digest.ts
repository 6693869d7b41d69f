// The project's one hash: SHA-256. It names things (load shapes, prompts, folders of hostile names);
// nothing secret depends on it. The same text has the same digest everywhere, so it is as pure as a sum.

import { createHash } from 'node:crypto'

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
