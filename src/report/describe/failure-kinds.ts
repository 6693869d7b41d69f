// What to look at first for each kind of failure, with what the endpoint itself said of it.

import type { Sentence } from '../../model/report-document.ts'
import type { ErrorKind } from '../../model/request-record.ts'
import type { GateResult } from '../../model/verdict.ts'
import { code, say } from '../phrase.ts'

/** The commonest kind alone: it is what moved the rate. */
export function firstLook(result: GateResult): readonly Sentence[] {
  const kinds = Object.entries(result.errors) as [ErrorKind, number][]
  const [commonest] = kinds.filter(([kind]) => kind !== 'aborted').sort((a, b) => b[1] - a[1])
  if (commonest === undefined || commonest[1] === 0) return []
  const [kind, count] = commonest
  const { status, detail } = result.errorExamples?.[kind] ?? {}
  const said =
    detail !== undefined
      ? say` (${code(detail)})`
      : status === undefined
        ? say``
        : say` (HTTP ${status})`
  return [
    say`${count} of ${result.requests} requests ended as ${code(kind)}${said}. ${STEPS[kind]}`,
  ]
}

const STEPS: Readonly<Record<ErrorKind, string>> = {
  'rate-limited': 'Lower the load, or raise the limit that the provider sets.',
  'http-4xx': 'The endpoint refuses what is asked: look at the parameters that changed.',
  'http-5xx': "Look at the endpoint's own logs at that time.",
  dns: 'The name does not always resolve: look at the resolver of the runner.',
  connect: 'Connections are refused: look whether the server restarts or runs out of resources.',
  proxy: 'The proxy before the endpoint refuses: look at its log and its limits.',
  tls: 'Handshakes fail: look at the certificate and what stands before the endpoint.',
  'timeout-connect': 'Connections are not accepted in time: look at the load balancer.',
  'timeout-first-token': 'First tokens do not arrive in time: look at the queue of the server.',
  'timeout-idle': 'Streams stall between tokens: look at preemption and at proxies.',
  'timeout-total': 'Answers do not end in time: look at their length and at the speed.',
  'stream-error': 'The server reports the error inside the stream: look at its logs.',
  truncated: 'Streams are cut: look at proxies, time limits and restarts.',
  empty: 'Answers have no token: look at stop words and at the template.',
  malformed: 'What comes is no valid stream: look at what stands before the endpoint.',
  'content-filter': 'Answers are filtered: look at the prompts and at the policy of the filter.',
  aborted: 'The run was stopped.',
}
