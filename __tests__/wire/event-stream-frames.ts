// AWS's event stream written another way than the client reads it: frames by hand, with Node's own
// checksum. A fixture has one frame a line: its kind, its type and its payload.

import { crc32 } from 'node:zlib'

/** Values of type 7, which are texts. */
export type FrameHeaders = Readonly<Record<string, string>>

export function frameOf(headers: FrameHeaders, payload: string | Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(headerOf))
  const body = Buffer.from(payload)
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + head.length + body.length, 0)
  prelude.writeUInt32BE(head.length, 4)
  const checked = Buffer.concat([prelude, checksum(prelude), head, body])
  return Buffer.concat([checked, checksum(checked)])
}

function headerOf([name, value]: readonly [string, string]): Buffer {
  const [label, text] = [Buffer.from(name), Buffer.from(value)]
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([Buffer.from([label.length]), label, Buffer.from([7]), length, text])
}

export function checksum(bytes: Uint8Array): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return sum
}

export function eventFrame(name: string, payload: string): Buffer {
  const type = { ':event-type': name, ':content-type': 'application/json' }
  return frameOf({ ...type, ':message-type': 'event' }, payload)
}

/** Of a fixture's text. */
export function framesOf(text: string): Buffer {
  const frames = text.split('\n').flatMap((line) => {
    const [, kind, name = '', rest = ''] = /^(\w+) (\w+) (.*)$/.exec(line) ?? []
    if (kind === undefined) return []
    if (kind === 'event') return [eventFrame(name, rest)]
    if (kind === 'exception') {
      const type = { ':exception-type': name, ':content-type': 'application/json' }
      return [frameOf({ ...type, ':message-type': 'exception' }, rest)]
    }
    return [frameOf({ ':message-type': 'error', ':error-code': name, ':error-message': rest }, '')]
  })
  return Buffer.concat(frames)
}
