// Whether a key may be sent to a URL: the one reading of `policy.allowed_hosts`, used where a
// configuration is read and again where a request is about to be sent.

/**
 * An entry names an origin: `api.example.com` is https on its own port, `https://api.example.com:8443`
 * another port, `http://localhost:8000` http, `:*` any port, and `*.example.com` every host below a
 * domain, not the domain itself. An empty list allows every URL; text that is no URL is never allowed
 * by a list.
 */
export function isAllowedHost(url: string, allowedHosts: readonly string[]): boolean {
  return allowedHosts.length === 0 || isListedHost(url, allowedHosts)
}

/** Whether an entry names the URL's origin; an empty list names none. */
export function isListedHost(url: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, port, protocol } = new URL(url)
  const scheme = protocol.slice(0, -1)
  return allowedHosts.some((entry) => {
    const wanted = ENTRY.exec(entry.toLowerCase())?.groups
    if (wanted?.host === undefined) return false
    const { scheme: wantedScheme = 'https', host, port: wantedPort = '' } = wanted
    if (scheme !== wantedScheme) return false
    const isPort = wantedPort === '*' || portOf(scheme, port) === portOf(scheme, wantedPort)
    return isPort && isHost(hostname, host)
  })
}

const ENTRY =
  /^(?:(?<scheme>https?):\/\/)?(?<host>\[[0-9a-f:.]+\]|[^/:]+)(?::(?<port>\d{1,5}|\*))?$/

function portOf(scheme: string, port: string): number {
  return port === '' ? (scheme === 'https' ? 443 : 80) : Number(port)
}

function isHost(hostname: string, wanted: string): boolean {
  return wanted.startsWith('*.') ? hostname.endsWith(wanted.slice(1)) : hostname === wanted
}
