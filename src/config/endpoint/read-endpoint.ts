// An endpoint block: its URL, headers and body, with environment references filled in, and the
// reference arm, which is an endpoint that borrows from another.

import type { Endpoint, ReferenceArm } from '../../model/config.ts'
import type { RawEndpoint, RawGate } from '../raw-config.ts'
import type { Reading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { refuseReferences } from './fill-environment.ts'
import { readBody } from './read-body.ts'
import { readHeaders } from './read-headers.ts'
import { readOverride, readUrl } from './read-url.ts'

/** The gate's endpoint, at the URL that was given from outside where there is one. */
export function readCandidate(raw: RawEndpoint, path: Path, reading: Reading): Endpoint {
  return readEndpoint(raw, path, { reading, input: 'endpoint-url', url: reading.endpointUrl })
}

/**
 * Members that a reference block leaves out are the endpoint's own, as written, and what is wrong
 * with those has been said at the endpoint.
 */
export function readReference(raw: RawGate, path: Path, reading: Reading): ReferenceArm {
  const { reference, endpoint } = raw
  const url = reading.referenceUrl
  if (typeof reference === 'string' && url === undefined) return { kind: reference }
  const at = [...path, 'reference']
  const own = typeof reference === 'string' ? {} : reference
  const report: Reading['report'] = (problem) => {
    const member = problem.path[at.length] ?? ''
    if (problem.elsewhere !== undefined || Object.hasOwn(own, member)) reading.report(problem)
  }
  const override = { reading: { ...reading, report }, input: 'reference-url', url }
  return { kind: 'endpoint', endpoint: readEndpoint({ ...endpoint, ...own }, at, override) }
}

type Override = {
  readonly reading: Reading
  /** The input's name, for messages. */
  readonly input: string
  readonly url: string | undefined
}

function readEndpoint(raw: RawEndpoint, path: Path, override: Override): Endpoint {
  const { reading } = override
  refuseReferences(raw.model, [...path, 'model'], reading)
  return {
    api: raw.api,
    // A URL that another one replaces is never asked, so its variables need not be set.
    url:
      override.url === undefined
        ? readUrl(raw.url, [...path, 'url'], reading)
        : readOverride(override.url, override.input, reading),
    model: raw.model,
    headers: readHeaders(raw.headers, [...path, 'headers'], reading),
    body: readBody(raw.body, [...path, 'body'], reading),
  }
}
