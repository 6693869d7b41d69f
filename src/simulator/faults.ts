// Every way a simulated endpoint can fail, by name. Each is something real servers and networks do.
// A connection that is never made is not among them: see the `silent` listener in `options.ts`.

export const FAULTS = [
  // Refused with a status and an error body.
  'http-400',
  'http-401',
  'http-404',
  'http-429',
  'http-500',
  'http-503',
  /** A 500 whose body is 64 MiB. */
  'huge-error-body',
  // A 200 that is no stream.
  'html-page',
  'json-error',
  /** The whole answer, compressed although the request did not allow it. */
  'gzip',
  /** A 307 to another host. */
  'redirect',
  /** A stream that ends before its first byte. */
  'empty-body',
  /** 1 MiB of headers. */
  'huge-headers',
  /** Another protocol's greeting instead of HTTP. */
  'not-http',
  // Silence: the connection stays open and nothing more is sent.
  'no-answer',
  'silence-after-headers',
  'silence-after-role',
  'silence-after-tokens',
  // Cut: the socket is closed before the body is complete.
  'cut-before-headers',
  'cut-after-role',
  'cut-mid-event',
  /** The same, with a TCP reset. */
  'reset-mid-event',
  /** A clean end of the body, after tokens, without finish reason and terminal mark. */
  'end-without-mark',
  'error-event',
  'malformed-event',
  /** Finishes at once, with no token. */
  'no-token',
  'content-filter',
  'length-stop',
  /** Tokens without end, at the usual pace. */
  'endless-stream',
  /** One event without end, as fast as the client reads. */
  'endless-event',
] as const
export type Fault = (typeof FAULTS)[number]

export function isFault(name: string): name is Fault {
  return FAULTS.some((fault) => fault === name)
}
