// Which failures are billed although the server sent no usage. Providers bill what they generated
// and what they read of the prompt; a request they refused, or that never reached them, is free.

import type { Outcome, RequestRecord } from '../../model/request-record.ts'

const NEVER_REACHED: readonly Outcome[] = ['dns', 'connect', 'proxy', 'tls', 'timeout-connect']
const REFUSED: readonly Outcome[] = ['rate-limited', 'http-4xx', 'http-5xx']

export function wasBilled(record: RequestRecord): boolean {
  if (NEVER_REACHED.includes(record.outcome) || REFUSED.includes(record.outcome)) return false
  return record.sentMs !== undefined
}
