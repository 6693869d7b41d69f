import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { buildConnector } from 'undici'
import { OpenedAhead, openAhead } from '../../../src/measure/load/opened-ahead.ts'
import type { SimulatorProcess } from '../../simulator/simulator-process.ts'
import { startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { startRawServer } from './raw-server.ts'

let silent: SimulatorProcess

beforeAll(async () => {
  silent = await startSimulatorProcess({ listener: 'silent' })
})
afterAll(() => silent.stop())

const connector = buildConnector({ allowH2: false, timeout: 0 })

function opening(protocol: string, port: number, signal: AbortSignal) {
  let socket: unknown
  return openAhead({
    open: (callback) => {
      socket = connector({ protocol, hostname: '127.0.0.1', port: String(port) }, callback)
    },
    giveUp: (reason) => socket instanceof Socket && socket.destroy(reason),
    signal,
  })
}
const never = new AbortController().signal

describe('opening a connection ahead', () => {
  it('gives a socket that stands, once the handshake is over', async () => {
    const server = await startRawServer(() => {})
    const opened = await opening('http:', server.port, never)
    const socket = opened?.take()
    expect(socket?.readyState).toBe('open')
    socket?.destroy()
    await server.stop()
  })

  it('ends with the signal, whatever the server leaves unsaid', async () => {
    const controller = new AbortController()
    const opened = opening('https:', silent.port, controller.signal)
    controller.abort()
    expect(await opened).toBeUndefined()
    const late = opening('https:', silent.port, AbortSignal.abort())
    expect(await late).toBeUndefined()
  })

  it('gives nothing where it fails', async () => {
    const server = await startRawServer(() => {})
    await server.stop()
    expect(await opening('http:', server.port, never)).toBeUndefined()
  })
})

describe('a socket that was opened ahead', () => {
  it.each([
    ['says something', (write: () => void, _: () => void) => write()],
    ['ends it', (_: () => void, end: () => void) => end()],
  ])('is not given once the server %s', async (_, happens) => {
    const server = await startRawServer(
      () => {},
      (socket) =>
        happens(
          () => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'),
          () => socket.end(),
        ),
    )
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    const opened = new OpenedAhead(socket)
    await once(socket, 'close')
    expect(opened.take()).toBeUndefined()
    await server.stop()
  })
})
