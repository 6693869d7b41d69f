// An endpoint block: its URL, headers and body, with environment references filled in. What could
// send a key to the wrong place, or put one into a file, is refused here.

import { isAllowedHost } from '../../model/allowed-hosts.ts'
import type { Endpoint, JsonValue, ReferenceArm } from '../../model/config.ts'
import { MISSING_TEXT } from './check-shape.ts'
import { fillEnvironment, OPENING } from './fill-environment.ts'
import type { Path } from './locate.ts'
import type { RawEndpoint, RawGate } from './raw-config.ts'
import type { Reading } from './reading.ts'

/** The gate's endpoint, at the URL that was given from outside where there is one. */
export function readCandidate(raw: RawEndpoint, path: Path, reading: Reading): Endpoint {
  return readEndpoint(raw, path, { reading, input: 'endpoint-url', url: reading.endpointUrl })
}

/** Members that a reference block leaves out are the endpoint's own, as written. */
export function readReference(raw: RawGate, path: Path, reading: Reading): ReferenceArm {
  const { reference, endpoint } = raw
  const override = { input: 'reference-url', url: reading.referenceUrl }
  if (typeof reference !== 'string') {
    const whole = { ...endpoint, ...reference }
    const at = [...path, 'reference']
    return { kind: 'endpoint', endpoint: readEndpoint(whole, at, { reading, ...override }) }
  }
  if (override.url === undefined) return { kind: reference }
  return {
    kind: 'endpoint',
    endpoint: readEndpoint(endpoint, [...path, 'endpoint'], { reading, ...override }),
  }
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
        : readOverride(override.url, override),
    model: raw.model,
    headers: readHeaders(raw.headers, [...path, 'headers'], reading),
    body: readBody(raw.body, [...path, 'body'], reading),
  }
}

function readOverride(text: string, { input, reading }: Override): string {
  const message = problemOfUrl(text, reading)
  if (message === undefined) return normalUrl(text)
  reading.report({ path: [input], message, elsewhere: { file: input } })
  return text
}

function readUrl(text: string, path: Path, reading: Reading): string {
  const filled = fillEnvironment(text, path, reading)
  const isUnknown = reading.unsetEnv === 'blank' && filled !== text
  if (filled === undefined || filled === MISSING_TEXT || isUnknown) return text
  const message = problemOfUrl(filled, reading)
  if (message === undefined) return normalUrl(filled)
  reading.report({ path, message })
  return filled
}

const KEY_PARAMETER = /key|token|secret|password|passwd|sig|auth|credential/i

/** Never repeats more of a URL than its scheme and host: the rest may be a key. */
function problemOfUrl(text: string, reading: Reading): string | undefined {
  if (!URL.canParse(text)) {
    return 'this is not a URL; expected one such as https://inference.example.com/v1'
  }
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `${url.protocol} URLs cannot be measured; expected http or https`
  }
  if (url.username !== '' || url.password !== '') {
    return 'this URL holds a user name or password; use the action input `api-key`, or a header that refers to the environment'
  }
  const parameter = [...url.searchParams.keys()].find((name) => KEY_PARAMETER.test(name))
  if (parameter !== undefined) {
    return `this URL's parameter ${JSON.stringify(parameter)} looks like a key; use the action input \`api-key\`, or a header that refers to the environment`
  }
  if (url.hash !== '') return 'this URL ends in a fragment (#…), which is never sent; take it out'
  const { allowedHosts } = reading.trusted
  return isAllowedHost(text, allowedHosts)
    ? undefined
    : `the host ${url.host} is not among policy.allowed_hosts; allowed: ${allowedHosts.join(', ')}`
}

function normalUrl(text: string): string {
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${url.search}`
}

const KEY_HEADER =
  /(^|-)(authorization|api-?key|apikey|access-token|auth-token|secret|password|cookie)$/i
const KEY_VALUE =
  /^(bearer |basic |sk-|gsk_|hf_|ghp_|github_pat_|xox[a-z]-|AKIA[0-9A-Z]|AIza[0-9A-Za-z_-])/i

/** Headers the client sets itself; another value would break the request or the measurement. */
const OWN_HEADERS = [
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

function readHeaders(
  raw: Readonly<Record<string, string>>,
  path: Path,
  reading: Reading,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, text] of Object.entries(raw)) {
    const at = [...path, name]
    const lowerCase = name.toLowerCase()
    const message = problemOfHeader(name, text, Object.hasOwn(headers, lowerCase))
    if (message !== undefined) reading.report({ path: at, message, pointAt: 'key' })
    const value = fillEnvironment(text, at, reading) ?? ''
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      const problem = 'this header value holds a character that HTTP cannot carry'
      reading.report({ path: at, message: problem })
    }
    headers[lowerCase] = value
  }
  return headers
}

function problemOfHeader(name: string, text: string, repeated: boolean): string | undefined {
  if (repeated) return `the header ${name} is written twice; names do not differ by case`
  if (OWN_HEADERS.includes(name.toLowerCase())) {
    return `the header ${name} is set by the client itself; take it out`
  }
  const isKey = KEY_HEADER.test(name) || KEY_VALUE.test(text)
  if (!isKey || text.includes(OPENING)) return undefined
  const variable = 'INFERENCE_GATE_TOKEN'
  return `the header ${name} looks like a key written into the file; use the action input \`api-key\`, or refer to the environment as \${{ env.${variable} }}`
}

/** Members that another setting decides, with the setting. */
const OWN_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['model', 'set `model` of the endpoint'],
  ['messages', 'set `prompts` of the workload'],
  ['prompt', 'set `prompts` of the workload'],
  ['input', 'set `prompts` of the workload'],
  ['contents', 'set `prompts` of the workload'],
  ['stream', 'answers are always streamed'],
])

const DEEPEST_BODY = 32

function readBody(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  reading: Reading,
): Readonly<Record<string, JsonValue>> {
  const body: Record<string, JsonValue> = {}
  for (const [member, value] of Object.entries(raw)) {
    const at = [...path, member]
    const instead = OWN_MEMBERS.get(member)
    if (instead !== undefined) {
      const message = `\`${member}\` cannot be set in the body; ${instead}`
      reading.report({ path: at, message, pointAt: 'key' })
    }
    if (isJson(value, DEEPEST_BODY)) {
      body[member] = value
      refuseReferences(JSON.stringify(value), at, reading)
      continue
    }
    const message = `this cannot be sent as JSON; expected finite numbers, text, lists and mappings, at most ${DEEPEST_BODY} deep`
    reading.report({ path: at, message })
  }
  return body
}

function isJson(value: unknown, depth: number): value is JsonValue {
  if (depth === 0) return false
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  return Object.values(value).every((member) => isJson(member, depth - 1))
}

function refuseReferences(text: string, path: Path, reading: Reading): void {
  if (!text.includes(OPENING)) return
  const message = `${OPENING} … }} is filled in only in \`url\` and in header values; write the value itself`
  reading.report({ path, message })
}
