// A URL as reports, run files and lists of changes show it: the values of its parameters may be keys.

/** Scheme, host, path and the names of its parameters; undefined where it is no URL. */
export function shownUrl(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host, pathname, searchParams } = new URL(url)
  const names = [...new Set(searchParams.keys())].sort().join('&')
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}${names === '' ? '' : `?${names}`}`
}
