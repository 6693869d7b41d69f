// The ways in which a secret may be written that no reading of the text undoes: as base64 and as
// hexadecimal digits, alone or behind what clients put before it. All in the plain spelling.

import { plainOf } from './plain-text.ts'

/** What stands before a key where it is encoded as a whole. */
const FRONTS = ['', 'Bearer ', 'x-access-token:']

export function spellingsOf(secret: string): readonly string[] {
  const trimmed = secret.trim()
  // A value as it is filled in: `Bearer KEY`, `token=KEY`. Its last part is the secret as well.
  const bare = /^(?:bearer|basic|token|key|apikey)[\s=:]+(.{6,})$/i.exec(trimmed)?.[1]
  const values = [trimmed, ...trimmed.split(/\r?\n/), ...(bare === undefined ? [] : [bare])]
  const spelled = values.flatMap((value) => [value, ...encodingsOf(value)])
  // Plain twice over: a secret may itself hold what reads as an escape.
  return [...new Set(spelled.flatMap((text) => [plainOf(text).text, rawPlain(text)]))].filter(
    (text) => text.length >= 6,
  )
}

function encodingsOf(value: string): readonly string[] {
  if (value.length < 6) return []
  const bytes = new TextEncoder().encode(value)
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex, ...FRONTS.flatMap((front) => base64sOf(front, bytes))]
}

/** At each of the three places in a group of three; what depends on its neighbours is left out. */
function base64sOf(front: string, value: Uint8Array): readonly string[] {
  const bytes = new Uint8Array([...new TextEncoder().encode(front), ...value])
  const shifts = front === '' ? [0, 1, 2] : [0]
  return shifts.map((shift) => {
    const shifted = new Uint8Array([...new Uint8Array(shift), ...bytes])
    const whole = base64Of(shifted)
    return whole.slice(shift === 0 ? 0 : shift + 1, Math.floor((shifted.length * 8) / 6))
  })
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64Of(bytes: Uint8Array): string {
  let digits = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3)
    const group = a * 65536 + b * 256 + c
    for (const shift of [18, 12, 6, 0]) digits += DIGITS[(group >> shift) & 63]
  }
  return digits
}

/** Small letters and one alphabet, with nothing read as an escape. */
function rawPlain(text: string): string {
  return text.toLowerCase().replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/')
}
