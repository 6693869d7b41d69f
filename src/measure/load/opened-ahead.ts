// A connection that is opened ahead of the request it is for. It is given away once, and only while
// nothing has happened on it: what a server says or ends before it was asked is no answer.

import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

export type Ahead = {
  open(callback: buildConnector.Callback): void
  /** Ends the opening that goes on. */
  giveUp(reason: Error): void
  readonly signal: AbortSignal
}

/** Nothing where it fails, which is left for the request to meet, or where the signal comes first. */
export function openAhead({ open, giveUp, signal }: Ahead): Promise<OpenedAhead | undefined> {
  const { promise, resolve } = Promise.withResolvers<OpenedAhead | undefined>()
  const onAbort = () => {
    giveUp(new Error('the connection took too long, or is not wanted any more'))
    resolve(undefined)
  }
  open((error, socket) =>
    resolve(error === null && socket !== null ? new OpenedAhead(socket) : undefined),
  )
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  return promise.finally(() => signal.removeEventListener('abort', onAbort))
}

export class OpenedAhead {
  readonly #socket: Socket
  readonly #drop = () => void this.#socket.destroy()

  constructor(socket: Socket) {
    this.#socket = socket
    socket.once('readable', this.#drop)
  }

  /** The socket, unless something happened on it. */
  take(): Socket | undefined {
    this.#socket.removeListener('readable', this.#drop)
    return this.#socket.destroyed ? undefined : this.#socket
  }
}
