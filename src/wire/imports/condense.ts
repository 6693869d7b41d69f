// A file of any size as JSON small enough to be read at once: what no importer reads is left out, and
// long texts (prompts, answers, whole streams) keep their beginning and end alone. Works on bytes as
// they come, holds what it keeps and nothing else, and refuses to keep more than a bound.
// By hand: a parser of streams makes a value or a call of everything, and nearly all of such a file is left
// out here.

import { BACKSLASH, COLON, COMMA, CR, LF, QUOTE } from '../../model/ascii.ts'
import { ForeignData } from '../json/json.ts'

/** Of a text, in bytes. The end of a stream says how it ended. */
const HEAD = 8192
const TAIL = 4096
const LONGEST_NAME = 64

const OPEN = [0x5b, 0x7b]
const CLOSE = [0x5d, 0x7d]
const SPACES = [0x20, 0x09, LF, CR]

export type Condenser = {
  readonly push: (bytes: Uint8Array) => void
  /** The JSON that is left. */
  readonly end: () => string
  /** Bytes that are held. */
  readonly kept: () => number
}

/**
 * `unread`: members whose value becomes null. Throws ForeignData from `push` once more than `mostBytes`
 * are kept. Time is linear in the bytes, memory in those that are kept.
 */
export function condenser(unread: ReadonlySet<string>, mostBytes: number): Condenser {
  const out = output(mostBytes)
  const structure = structureOf(unread, out)
  let text: LongText | undefined
  const take = (bytes: Uint8Array, from: number): number => {
    if (text === undefined) {
      const quote = bytes.indexOf(QUOTE, from)
      const until = quote === -1 ? bytes.length : quote
      structure.take(bytes, from, until)
      if (quote === -1) return until
      text = longText(structure.isKept())
      return quote + 1
    }
    const { at, isOver } = text.take(bytes, from)
    if (isOver) {
      if (text.isKept) structure.takeText(text.shortened())
      text = undefined
    }
    return at
  }
  return {
    push: (bytes) => {
      let at = 0
      while (at < bytes.length) at = take(bytes, at)
    },
    end: () => {
      if (text?.isKept === true) out.add(text.shortened())
      return out.text()
    },
    kept: out.kept,
  }
}

type Structure = {
  /** What stands between texts. */
  readonly take: (bytes: Uint8Array, from: number, until: number) => void
  /** Whether a text that begins now is kept. */
  readonly isKept: () => boolean
  readonly takeText: (bytes: Uint8Array) => void
}

/** Which values are left out. */
function structureOf(unread: ReadonlySet<string>, out: Output): Structure {
  let name: string | undefined
  let isAfterName = false
  /** In a value that is left out: how many brackets are open. */
  let depth: number | undefined
  const leaveOut = () => {
    isAfterName = false
    depth = 0
    out.add(NULL)
  }
  const plain = (bytes: Uint8Array, from: number, until: number): number => {
    for (let at = from; at < until; at++) {
      const byte = bytes[at] ?? 0
      if (SPACES.includes(byte)) continue
      if (isAfterName) {
        out.add(bytes.subarray(from, at))
        leaveOut()
        return at
      }
      isAfterName = byte === COLON && name !== undefined && unread.has(name)
      name = undefined
    }
    out.add(bytes.subarray(from, until))
    return until
  }
  /** To the end of a value, which belongs to whoever holds it. */
  const within = (bytes: Uint8Array, from: number, until: number): number => {
    for (let at = from; at < until; at++) {
      const byte = bytes[at] ?? 0
      const opened = depth ?? 0
      if (opened === 0 && (byte === COMMA || CLOSE.includes(byte))) {
        depth = undefined
        return at
      }
      if (OPEN.includes(byte)) depth = opened + 1
      else if (CLOSE.includes(byte)) depth = opened - 1
    }
    return until
  }
  return {
    take: (bytes, from, until) => {
      let at = from
      while (at < until) {
        at = depth === undefined ? plain(bytes, at, until) : within(bytes, at, until)
      }
    },
    isKept: () => {
      if (isAfterName) leaveOut()
      return depth === undefined
    },
    takeText: (bytes) => {
      name = bytes.length <= LONGEST_NAME ? new TextDecoder().decode(bytes) : undefined
      for (const part of [QUOTES, bytes, QUOTES]) out.add(part)
    },
  }
}

const NULL = new TextEncoder().encode('null')
const QUOTES = new TextEncoder().encode('"')
const GAP = new TextEncoder().encode(' … ')

type Output = {
  readonly add: (bytes: Uint8Array) => void
  readonly kept: () => number
  readonly text: () => string
}

/** Blocks of one size: a piece of its own for every name would take many times its bytes. */
const BLOCK = 65_536

function output(mostBytes: number): Output {
  const blocks: Uint8Array[] = []
  let block = new Uint8Array(BLOCK)
  let used = 0
  const kept = () => blocks.length * BLOCK + used
  const add = (bytes: Uint8Array) => {
    if (kept() + bytes.length > mostBytes) {
      throw new ForeignData(
        `holds more than ${Math.round(mostBytes / 2 ** 20)} MiB beside its texts; measure fewer requests a file`,
      )
    }
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + BLOCK - used)
      block.set(part, used)
      used += part.length
      at += part.length
      if (used === BLOCK) {
        blocks.push(block)
        block = new Uint8Array(BLOCK)
        used = 0
      }
    }
  }
  return {
    add,
    kept,
    text: () => {
      const decoder = new TextDecoder()
      const texts = [...blocks, block.subarray(0, used)].map((one) =>
        decoder.decode(one, { stream: true }),
      )
      return texts.join('') + decoder.decode()
    },
  }
}

type LongText = {
  readonly isKept: boolean
  /** Takes what belongs to the text; `at` is behind it, and behind its closing quote when it is over. */
  readonly take: (
    bytes: Uint8Array,
    from: number,
  ) => { readonly at: number; readonly isOver: boolean }
  readonly shortened: () => Uint8Array
}

function longText(isKept: boolean): LongText {
  let head = new Uint8Array(0)
  let tail = new Uint8Array(0)
  let length = 0
  let backslashes = 0
  const keep = (bytes: Uint8Array) => {
    length += bytes.length
    if (!isKept) return
    const room = Math.max(0, HEAD - head.length)
    if (room > 0) head = joined(head, bytes.subarray(0, room))
    if (bytes.length > room) {
      const rest = bytes.subarray(Math.max(room, bytes.length - TAIL))
      tail = joined(tail.subarray(Math.max(0, tail.length + rest.length - TAIL)), rest)
    }
  }
  const take = (bytes: Uint8Array, from: number) => {
    for (let at = from; ; ) {
      const quote = bytes.indexOf(QUOTE, at)
      const until = quote === -1 ? bytes.length : quote
      backslashes = trailing(bytes.subarray(at, until), backslashes)
      const isOver = quote !== -1 && backslashes % 2 === 0
      if (isOver || quote === -1) {
        keep(bytes.subarray(from, until))
        return { at: isOver ? until + 1 : until, isOver }
      }
      backslashes = 0
      at = quote + 1
    }
  }
  const shortened = () =>
    length <= head.length + tail.length
      ? joined(head, tail)
      : joined(joined(wholeEnd(head), GAP), wholeStart(tail))
  return { isKept, take, shortened }
}

/** Backslashes at the end of a text of which `before` ended what came before these bytes. */
function trailing(bytes: Uint8Array, before: number): number {
  let at = bytes.length
  while (at > 0 && bytes[at - 1] === BACKSLASH) at -= 1
  return bytes.length - at + (at === 0 ? before : 0)
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** Without half a character and half an escape at its end. */
function wholeEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1
  if (end > 0 && (bytes[end - 1] ?? 0) >= 0xc0) end -= 1
  const last = bytes.lastIndexOf(BACKSLASH, end - 1)
  if (last !== -1 && end - last < 6) end = last
  while (end > 0 && bytes[end - 1] === BACKSLASH) end -= 1
  return bytes.subarray(0, end)
}

/** What follows a backslash in JSON; anything else behind one stands for itself. */
const ESCAPED = new Set(new TextEncoder().encode('"\\/bfnrtu'))

/** Without the rest of a character and of an escape at its start, which may be a quote by itself. */
function wholeStart(bytes: Uint8Array): Uint8Array {
  let start = 0
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1
  const first = start
  if (bytes[start] === QUOTE) return bytes.subarray(start + 1)
  while (bytes[start] === BACKSLASH) start += 1
  const isEscape = start > first && ESCAPED.has(bytes[start] ?? 0)
  return bytes.subarray(isEscape ? start + 1 : start)
}
