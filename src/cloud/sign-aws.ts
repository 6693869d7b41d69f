// AWS's Signature Version 4, over what of a request no proxy changes on its way. The library is loaded
// where something is signed, and costs nobody else anything.

import type { Authorize, CloudLogin } from '../model/cloud.ts'
import type { AwsKeys } from './proof.ts'

/** Set or rewritten by whatever stands between: not signed. */
const UNSIGNED = { accept: true, 'accept-encoding': true, 'content-length': true }

export async function signer(
  { region, service }: Extract<CloudLogin, { cloud: 'aws' }>,
  keys: () => AwsKeys,
  now: () => number,
): Promise<Authorize> {
  const { default: aws4 } = await import('aws4')
  return ({ method, url, headers, body }) => {
    const { host, pathname, search } = new URL(url)
    const unsigned = {
      method,
      host,
      path: pathname + search,
      service,
      region,
      // A date of its own, so that time is an argument.
      headers: { ...headers, host, 'x-amz-date': basicDate(now()) },
      body,
      extraHeadersToIgnore: UNSIGNED,
    }
    return sent(aws4.sign(unsigned, keys()).headers)
  }
}

/** `20261124T221500Z`. */
function basicDate(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}

/** In lower case, without what the client sets itself. */
function sent(
  headers: Readonly<Record<string, number | string | string[] | undefined>> = {},
): Record<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return Object.fromEntries(named.filter(([name]) => name !== 'host' && name !== 'content-length'))
}
