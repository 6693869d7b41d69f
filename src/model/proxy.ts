// Whether a proxy stands between this machine and an address, by the variables that every other tool of
// a runner reads: HTTPS_PROXY, HTTP_PROXY and NO_PROXY, the lower-case ones first. This machine itself
// is never asked through a proxy.
// By hand: undici's EnvHttpProxyAgent keeps to itself what it decided, and a run says whether a proxy
// stood between.

import type { Environment } from './environment.ts'
import { GateError } from './errors.ts'
import { isInNetwork } from './private-address.ts'

export type HttpProxy = {
  /** What is connected to, as `http://proxy.example.com:3128`: may be shown. */
  readonly origin: string
  /** `user:password`, secret. Absent where the proxy asks for none. */
  readonly credentials?: string
}

const VARIABLES: Readonly<Record<string, string>> = {
  'https:': 'HTTPS_PROXY',
  'http:': 'HTTP_PROXY',
}

/** Undefined: straight. Throws for a variable that would be followed and cannot be. */
export function proxyFor(url: string, env: Environment): HttpProxy | undefined {
  const { protocol, hostname, port } = new URL(url)
  const variable = VARIABLES[protocol] ?? ''
  const value = valueIn(variable, env)
  const host = bare(hostname)
  if (value === '' || isLoopback(host)) return undefined
  const asked = { host, port: port === '' ? DEFAULT_PORTS[protocol] : port }
  const exceptions = valueIn('NO_PROXY', env).split(/[,\s]+/)
  if (exceptions.some((entry) => isException(entry.toLowerCase(), asked))) return undefined
  return parsed(variable, value)
}

/** The secrets in the proxy variables, whichever of them is followed. */
export function proxySecrets(env: Environment): readonly string[] {
  return Object.values(VARIABLES).flatMap((variable) => {
    const url = urlOf(valueIn(variable, env))
    if (url === undefined || url.password === '') return []
    return [decoded(url.password), btoa(`${url.username}:${url.password}`)]
  })
}

/** curl, and git with it, reads HTTP_PROXY in lower case only: what one tool follows all shall follow. */
export function withLowerCaseProxies(env: Environment): Environment {
  const names = [...Object.values(VARIABLES), 'NO_PROXY']
  const values = names.flatMap((name) => {
    const value = valueIn(name, env)
    return value === '' ? [] : [[name.toLowerCase(), value] as const]
  })
  return { ...env, ...Object.fromEntries(values) }
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' }

function valueIn(variable: string, env: Environment): string {
  return (env[variable.toLowerCase()] || env[variable] || '').trim()
}

function bare(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127\.|^::1$/.test(host)
}

type AskedAddress = { readonly host: string; readonly port: string | undefined }

/** `*`, a host with everything below it, one of them with a port, or a network as `10.0.0.0/8`. */
function isException(entry: string, { host, port }: AskedAddress): boolean {
  if (entry === '') return false
  if (entry.includes('/')) return isInNetwork(host, entry)
  const { name = '', only } = ENTRY.exec(entry)?.groups ?? {}
  if (only !== undefined && only !== port) return false
  if (name === '*') return true
  const domain = name
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .replace(/^\[|\]$/g, '')
  return (host === domain && !name.startsWith('*')) || host.endsWith(`.${domain}`)
}

/** An IPv6 address has colons of its own: with a port it stands in brackets. */
const ENTRY = /^(?<name>\[[^\]]*\]|[^:]*|[^[].*:.*:.*)(?::(?<only>\d+))?$/

function parsed(variable: string, value: string): HttpProxy {
  const url = urlOf(value)
  if (url === undefined || !(url.protocol in DEFAULT_PORTS)) {
    const found = url === undefined ? 'no address' : `the scheme ${url.protocol}//`
    throw new GateError(
      'config',
      `${variable} of the environment has ${found}; legal are http://HOST:PORT and https://HOST:PORT`,
      `Correct ${variable}, or add the endpoint's host to NO_PROXY.`,
    )
  }
  const { origin, username, password } = url
  if (username === '') return { origin }
  return { origin, credentials: `${decoded(username)}:${decoded(password)}` }
}

/** `proxy.example.com:3128` is common, and means http. */
function urlOf(value: string): URL | undefined {
  const text = value.includes('://') ? value : `http://${value}`
  return URL.canParse(text) && new URL(text).hostname !== '' ? new URL(text) : undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
