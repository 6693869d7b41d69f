// One spelling for every way in which text can be written down: percent signs, character references and
// escapes are what they stand for, letters are small, the two alphabets of base64 are one, and what
// nobody sees is not there. Each character knows where it stood.

export type Plain = {
  readonly text: string
  /** Where each of its characters begins and ends in the original. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** A character as it may be written: `%2F`, `&#x2f;`, `&amp;`, `\u002f`, `\/`. */
const WRITTEN =
  /%([0-9a-f]{2})|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&(amp|lt|gt|quot|apos);|\\u\{?([0-9a-f]{4,6})\}?|\\x([0-9a-f]{2})|\\([nrtbf])|\\(.)/iy

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Space, line ends, and everything that takes no room: a secret that is wrapped or laced is one. */
const UNSEEN =
  /[\s\p{Cc}\p{Cf}\p{Mn}\p{Default_Ignorable_Code_Point}\u2800\u115f\u1160\u3164\uffa0]/u

export function plainOf(text: string): Plain {
  const starts = new Uint32Array(text.length)
  const ends = new Uint32Array(text.length)
  const kept: string[] = []
  for (let at = 0; at < text.length; ) {
    const { character, length } = readAt(text, at)
    const plain = plainCharacter(character)
    if (plain !== '') {
      starts[kept.length] = at
      ends[kept.length] = at + length
      kept.push(plain)
    }
    at += length
  }
  return { text: kept.join(''), starts, ends }
}

function readAt(text: string, at: number): { readonly character: string; readonly length: number } {
  const first = text[at] ?? ''
  if (first !== '%' && first !== '&' && first !== '\\') return { character: first, length: 1 }
  WRITTEN.lastIndex = at
  const match = WRITTEN.exec(text)
  if (match === null) return { character: first, length: 1 }
  const [whole, percent, hex, decimal, name, unicode, byte, control, other] = match
  const code = percent ?? hex ?? unicode ?? byte
  if (code !== undefined)
    return { character: ofCode(Number.parseInt(code, 16)), length: whole.length }
  if (decimal !== undefined) return { character: ofCode(Number(decimal)), length: whole.length }
  if (name !== undefined) {
    return { character: NAMED[name.toLowerCase()] ?? '', length: whole.length }
  }
  return { character: control === undefined ? (other ?? '') : ' ', length: whole.length }
}

/** One unit at most, so that a place in the plain text is a place in both lists. */
function ofCode(code: number): string {
  return code > 0xffff ? '\ufffd' : String.fromCharCode(code)
}

function plainCharacter(character: string): string {
  const code = character.charCodeAt(0)
  if (code > 0x20 && code < 0x7f) {
    if (character === '-') return '+'
    return character === '_' ? '/' : character.toLowerCase()
  }
  if (UNSEEN.test(character)) return ''
  const small = character.normalize('NFKC').toLowerCase()
  return small.length === 1 ? small : character
}
