// An endpoint block: its URL, headers and body, with environment references filled in, and the
// reference arm, which is an endpoint that borrows from another.

import { awsPlaceOf, isOfCloud } from '../../model/cloud.ts'
import type { Endpoint, ReferenceArm } from '../../model/config.ts'
import { MOST_DIFFERING } from '../../model/verdict-policy.ts'
import { formatPercentage, parsePercentage } from '../quantities.ts'
import type { RawEndpoint, RawGate } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { OPENING, refuseReferences } from './fill-environment.ts'
import { readAuth } from './read-auth.ts'
import { readBody } from './read-body.ts'
import { readHeaders } from './read-headers.ts'
import { readIdle, readReady } from './read-ready.ts'
import { readOverride, readUrl } from './read-url.ts'

/** The gate's endpoint, at the URL that was given from outside where there is one. */
export function readCandidate(raw: RawEndpoint, path: Path, reading: ConfigReading): Endpoint {
  return readEndpoint(raw, path, { reading, input: 'endpoint-url', url: reading.endpointUrl })
}

/**
 * Members that a reference block leaves out are the endpoint's own, as written, and what is wrong
 * with those has been said at the endpoint.
 */
export function readReference(raw: RawGate, path: Path, reading: ConfigReading): ReferenceArm {
  const { reference, endpoint } = raw
  const url = reading.referenceUrl
  if (typeof reference === 'string' && url === undefined) return { kind: reference }
  const at = [...path, 'reference']
  const { differs: stated, ...own } = typeof reference === 'string' ? {} : reference
  const differs = stated === undefined ? {} : { differs: readDiffers(stated, at, reading) }
  // A mapping that names nothing of an endpoint is the base branch's own.
  if (url === undefined && Object.keys(own).length === 0) return { kind: 'base', ...differs }
  const report: ConfigReading['report'] = (problem) => {
    const member = problem.path[at.length] ?? ''
    if (problem.elsewhere !== undefined || Object.hasOwn(own, member)) reading.report(problem)
  }
  const override = { reading: { ...reading, report }, input: 'reference-url', url }
  // The endpoint's own numbers say nothing of another server.
  const arm = readEndpoint(
    {
      ...endpoint,
      auth: authAt(url ?? own.url, endpoint.auth),
      ...own,
      metrics: undefined,
      cold_start: undefined,
      ready: readyElsewhere(endpoint),
    },
    at,
    override,
  )
  const candidate = readCandidate(endpoint, at, { ...reading, report: () => {} })
  const isElsewhere = !isSameOrigin(arm.url, candidate.url)
  const isInherited = !Object.hasOwn(own, 'headers') && isElsewhere
  const { auth } = arm
  const isOwnAuth = Object.hasOwn(own, 'auth') || !isElsewhere
  const isKnown = auth === undefined || isOwnAuth || isOfCloud(arm.url, auth.cloud)
  const vouched = isKnown ? arm : { ...arm, auth: undefined }
  return {
    kind: 'endpoint',
    endpoint: isInherited ? withoutSecrets(vouched, endpoint) : vouched,
    ...differs,
  }
}

/** A path is the reference's own as well; another address says nothing of it. */
function readyElsewhere({ ready }: RawEndpoint): RawEndpoint['ready'] {
  return ready?.url === undefined || ready.url.startsWith('/') ? ready : undefined
}

/** A region and a service were said of the endpoint's own address. */
function authAt(url: string | undefined, auth: RawEndpoint['auth']): RawEndpoint['auth'] {
  const isOther = url !== undefined && awsPlaceOf(url) !== undefined
  return isOther && typeof auth !== 'string' ? auth.cloud : auth
}

function readDiffers(text: string, at: Path, { report }: ConfigReading): number {
  const differs = parsePercentage(text)
  if (differs <= MOST_DIFFERING) return differs
  const message = `${text} is more than two deployments of the same thing differ by; expected 0% to ${formatPercentage(MOST_DIFFERING)}`
  report({ path: [...at, 'differs'], message })
  return MOST_DIFFERING
}

/** What was filled in from the environment was meant for the endpoint's own origin. */
function withoutSecrets(arm: Endpoint, { headers }: RawEndpoint): Endpoint {
  const secret = Object.entries(headers)
    .filter(([, text]) => text.includes(OPENING))
    .map(([name]) => name.toLowerCase())
  const kept = Object.entries(arm.headers).filter(([name]) => !secret.includes(name))
  return { ...arm, headers: Object.fromEntries(kept) }
}

function isSameOrigin(a: string, b: string): boolean {
  if (!URL.canParse(a) || !URL.canParse(b)) return false
  return new URL(a).origin === new URL(b).origin
}

type Override = {
  readonly reading: ConfigReading
  /** The input's name, for messages. */
  readonly input: string
  readonly url: string | undefined
}

function readEndpoint(raw: RawEndpoint, path: Path, override: Override): Endpoint {
  const { reading } = override
  refuseReferences(raw.model, [...path, 'model'], reading)
  const url =
    override.url === undefined
      ? readUrl(raw.url, [...path, 'url'], reading)
      : readOverride(override.url, override.input, reading)
  const headers = readHeaders(raw.headers, [...path, 'headers'], reading)
  return {
    api: raw.api,
    // A URL that another one replaces is never asked, so its variables need not be set.
    url,
    model: raw.model,
    auth: readAuth(raw.auth, [...path, 'auth'], { reading, url, headers }),
    headers,
    body: readBody(raw.body, [...path, 'body'], reading),
    ready: raw.ready && readReady(raw.ready, [...path, 'ready'], { reading, endpointUrl: url }),
    idleMs: raw.cold_start && readIdle(raw.cold_start, [...path, 'cold_start'], reading),
    metricsUrl: raw.metrics && readUrl(raw.metrics.url, [...path, 'metrics', 'url'], reading),
  }
}
