// One example of every kind of failure: what the server or the network said the most often.

import type { ErrorKind, RequestRecord } from '../model/request-record.ts'
import type { ErrorExample } from '../model/verdict.ts'

export function errorExamples(
  records: readonly RequestRecord[],
): Readonly<Partial<Record<ErrorKind, ErrorExample>>> {
  const examples: Partial<Record<ErrorKind, ErrorExample>> = {}
  const byKind = Map.groupBy(records, ({ outcome }) => outcome)
  for (const [kind, failed] of byKind) {
    if (kind === 'completed') continue
    const said = Map.groupBy(failed, ({ status, detail }) => `${status} ${detail}`)
    const [commonest] = [...said.values()].sort((a, b) => b.length - a.length)
    const { status, detail } = commonest?.[0] ?? {}
    if (status !== undefined || detail !== undefined) examples[kind] = { status, detail }
  }
  return examples
}
