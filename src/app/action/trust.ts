// Whether anything may be sent at all. Decided before the first request, in every mode that measures,
// and closed where it is in doubt: a secret, a head that its writer alone vouches for, and no rules of
// the base branch to bind the one to the other.

import { nameableVariables } from '../../config/config.ts'
import type { Config, Endpoint } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { Reach } from '../ports.ts'
import type { Job } from './job.ts'

/** What the base branch's present tip says of the gate. */
export type Rules =
  /** Nobody's pull request: the branch's own config is the rule. */
  | { readonly kind: 'own' }
  | { readonly kind: 'known'; readonly config: Config }
  /** A clause that follows "because". */
  | { readonly kind: 'unknown'; readonly why: string }

/** Throws GateError where something would be sent, or stored, on a stranger's word. */
export function refuseUntrusted(job: Job, rules: Rules): void {
  const { inputs, env } = job
  refuseRecording(job)
  // By name. A variable that a config may name is a secret, whatever is in it.
  const secrets = [
    ...(inputs.apiKey === '' ? [] : ['api-key']),
    ...(inputs.referenceApiKey === '' ? [] : ['reference-api-key']),
    ...nameableVariables(env),
  ]
  refuseWithSecrets(job, rules, secrets)
}

/**
 * The same for what the head's config asks a cloud for: the job's login is a secret like any key. A fork's
 * own job has none, whatever its config says.
 */
export function refuseUntrustedLogin(job: Job, rules: Rules, head: Config): void {
  if (isWithoutLogin(job)) return
  const logins = head.gates.flatMap(armsOf).flatMap(({ auth }) => auth?.cloud ?? [])
  if (logins.length === 0) return
  refuseWithSecrets(
    job,
    rules,
    [...new Set(logins)].map((cloud) => `the job's login to ${cloud}`),
  )
}

/** GitHub gives a fork no identity; what a machine of one's own is logged in to is not for it either. */
export function isWithoutLogin({ event }: Job): boolean {
  return event.withoutSecrets === 'fork' && event.name === 'pull_request'
}

type Secrets = readonly string[]

function refuseWithSecrets(job: Job, rules: Rules, secrets: Secrets): void {
  refuseUnclearHead(job, secrets)
  if (rules.kind === 'own') return
  refuseUnbound(job, rules, secrets)
  refuseFork(job, rules, secrets)
}

/** What a pull request measured would be stored as the base branch's own. */
export function refuseRecording({ event, mode }: Job): void {
  if (mode !== 'record' || event.base === undefined) return
  throw new GateError(
    'usage',
    `mode record on ${event.name} would store what a pull request measured as the level of ${event.base.branch}`,
    'Record on pushes to the branch, on a schedule or by workflow_dispatch.',
  )
}

/** Events that run in the base branch's name for something that somebody else wrote. */
function refuseUnclearHead({ event }: Job, secrets: Secrets): void {
  if (event.base !== undefined || !event.actsForOthers || secrets.length === 0) return
  throw new GateError(
    'usage',
    `${event.name} does not say whose commit is checked out, and this job has secrets (${secrets.join(', ')}), so nothing was sent`,
    'Gate on the event pull_request.',
  )
}

function refuseUnbound(job: Job, rules: Rules, secrets: Secrets): void {
  if (rules.kind === 'known' || secrets.length === 0) return
  const why = rules.kind === 'unknown' ? rules.why : ''
  throw new GateError(
    'measurement',
    `nothing was sent, because ${why}: the pull request itself would decide where ${secrets.join(', ')} may go`,
    `Bring ${job.inputs.config} to the base branch first (\`inference-gate validate\` checks it without a run), and give the action a github-token that may read it.`,
  )
}

/** A fork is not measured with secrets, nor in the base's name, unless a list binds every one. */
function refuseFork({ event }: Job, rules: Rules, secrets: Secrets): void {
  const isPrivileged = event.name !== 'pull_request' || secrets.length > 0
  if (event.withoutSecrets !== 'fork' || !isPrivileged) return
  if (rules.kind === 'known' && rules.config.policy.allowedHosts.length > 0) return
  throw new GateError(
    'usage',
    `${event.name} would measure what this fork names with the rights and secrets of the base branch, so nothing was sent`,
    'Use the event pull_request without secrets, or bind them with policy.allowed_hosts on the base branch.',
  )
}

/** Where a pull request may make the runner look: public addresses, and what the base or the workflow names. */
export function reachOf({ inputs }: Job, rules: Rules): Reach {
  if (rules.kind === 'own') return { kind: 'anywhere' }
  const named = rules.kind === 'known' ? rules.config.gates.flatMap(urlsOf) : []
  const origins = [...named, inputs.endpointUrl, inputs.referenceUrl].flatMap((url) =>
    URL.canParse(url) ? [new URL(url).origin] : [],
  )
  return { kind: 'public', origins }
}

function armsOf({ endpoint, reference }: Config['gates'][number]): readonly Endpoint[] {
  return reference.kind === 'endpoint' ? [endpoint, reference.endpoint] : [endpoint]
}

function urlsOf(gate: Config['gates'][number]): readonly string[] {
  return armsOf(gate).flatMap(({ url, metricsUrl, ready }) =>
    [url, metricsUrl ?? [], ready?.url ?? []].flat(),
  )
}
