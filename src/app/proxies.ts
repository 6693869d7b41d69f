// What may be sent where a proxy stands between. Inside TLS the proxy sees nothing; a key over plain http
// would be its to read, so it is not sent at all.

import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'
import { type HttpProxy, proxyFor } from '../model/proxy.ts'

/** The proxy on the way to an address, after it is sure that it can read no `secret` on it. */
export function proxyWithoutSecrets(
  url: string,
  env: Environment,
  secret: string | undefined,
): HttpProxy | undefined {
  const proxy = proxyFor(url, env)
  const { protocol, host, hostname } = new URL(url)
  if (proxy === undefined || secret === undefined || protocol === 'https:') return proxy
  throw new GateError(
    'config',
    `${host} is asked over plain http through the proxy ${proxy.origin}, which could read ${secret}: nothing was sent`,
    `Use https, or add ${hostname} to NO_PROXY where it is reached directly.`,
  )
}
