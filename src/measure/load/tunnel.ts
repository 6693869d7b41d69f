// The way through a proxy, for one connection: a tunnel that the proxy opens on CONNECT. What is said in
// it is between the two ends, so that a key in a tunnel with TLS is never the proxy's to read.
// By hand: undici's own ProxyAgent does the same behind an agent that would hide which connection served a
// request, and when its phases ended.

import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { buildConnector, Client } from 'undici'
import type { HttpProxy } from '../../model/proxy.ts'

export class Tunnel {
  readonly #proxy: HttpProxy
  readonly #client: Client

  constructor(proxy: HttpProxy) {
    this.#proxy = proxy
    const connect = buildConnector({ allowH2: false, timeout: 0 })
    this.#client = new Client(proxy.origin, {
      allowH2: false,
      headersTimeout: 0,
      connect: (options, callback) =>
        connect(options, (...[error, socket]) => {
          // undici would connect again without an end after some errors of a socket.
          if (error === null) callback(null, socket)
          else callback(new Error(`${proxy.origin} cannot be reached: ${wordsOf(error)}`), null)
        }),
    })
  }

  /** `host:port`. Rejects with the reason in words where the proxy does not open it. */
  async open(target: string): Promise<Socket> {
    try {
      const { statusCode, socket } = await this.#client.connect({
        path: target,
        headers: { ...authorizationFor(this.#proxy), host: target },
      })
      if (statusCode >= 200 && statusCode < 300) return socket as Socket
      socket.on('error', () => undefined).destroy()
      throw new Error(refusal(this.#proxy, statusCode))
    } finally {
      // The socket of a tunnel has left its client.
      void this.#client.destroy()
    }
  }

  cancel(reason: Error): void {
    void this.#client.destroy(reason)
  }
}

/** A request for an http address as a proxy takes it: with the whole address, on a connection to it. */
export function asForwarded(
  options: Dispatcher.DispatchOptions,
  { proxy, origin }: { readonly proxy: HttpProxy; readonly origin: string },
): Dispatcher.DispatchOptions {
  const { host } = new URL(origin)
  return {
    ...options,
    origin: proxy.origin,
    path: origin + options.path,
    headers: { host, ...headersOf(options), ...authorizationFor(proxy) },
    // The certificate is that of the proxy, whatever host the request names.
    ...(proxy.origin.startsWith('https:') ? { servername: new URL(proxy.origin).hostname } : {}),
  }
}

function headersOf({ headers }: Dispatcher.DispatchOptions): Record<string, string> {
  return { ...(headers as Record<string, string> | undefined) }
}

function authorizationFor(proxy: HttpProxy): Record<string, string> {
  const token = proxyToken(proxy)
  return token === undefined ? {} : { 'proxy-authorization': token }
}

/** What a proxy is shown of the user and the password in its address. */
export function proxyToken({ credentials }: HttpProxy): string | undefined {
  return credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
}

function refusal({ origin, credentials }: HttpProxy, status: number): string {
  const why =
    status !== 407
      ? ''
      : credentials === undefined
        ? ' (it requires a user and a password)'
        : ' (it does not take the user and the password of its address)'
  return `${origin} answered CONNECT with HTTP ${status}${why}`
}

function wordsOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  return code === '' || error.message.includes(code)
    ? error.message || code
    : `${error.message} (${code})`
}
