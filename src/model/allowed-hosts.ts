// Whether a key may be sent to a URL: the one reading of `policy.allowed_hosts`, used where a
// configuration is read and again where a request is about to be sent.

/**
 * An entry names a host (`api.example.com`), a host with a port (`localhost:8000`), or every host
 * below a domain (`*.example.com`, not the domain itself). Without a port any port is meant. An
 * empty list allows every host; text that is no URL is never allowed by a list.
 */
export function isAllowedHost(url: string, allowedHosts: readonly string[]): boolean {
  if (allowedHosts.length === 0) return true
  if (!URL.canParse(url)) return false
  const { hostname, host, port, protocol } = new URL(url)
  const withPort = port === '' ? `${hostname}:${protocol === 'https:' ? '443' : '80'}` : host
  return allowedHosts.some((entry) => matches(entry.toLowerCase(), hostname, withPort))
}

function matches(entry: string, hostname: string, hostWithPort: string): boolean {
  const actual = /:\d+$/.test(entry) ? hostWithPort : hostname
  return entry.startsWith('*.') ? actual.endsWith(entry.slice(1)) : actual === entry
}
