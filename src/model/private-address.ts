// Addresses that lead into a machine, its network or its cloud: a pull request that names one asks the
// runner to look behind a wall. The one list, for names in a URL and for what a name resolves to.
// By hand: node's BlockList is of the world, and has no list of what is private.

/** A host as `URL.hostname` gives it: numbers in any base are dotted there already. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  return host === 'localhost' || host.endsWith('.localhost') || isPrivateAddress(host)
}

/** IPv4 or IPv6, with or without brackets. False for anything that is no address. */
export function isPrivateAddress(address: string): boolean {
  const text = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const v4 = bytesOfV4(text)
  if (v4 !== undefined) return isPrivateV4(v4)
  const v6 = groupsOfV6(text)
  return v6 !== undefined && isPrivateV6(v6)
}

type Network = readonly [address: string, bits: number]

const PRIVATE_V4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Carriers, and the metadata service of one cloud.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local: the metadata service of most clouds.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  // A public address that Azure answers its own machines on.
  ['168.63.129.16', 32],
  ['224.0.0.0', 3],
]

function isPrivateV4(bytes: readonly number[]): boolean {
  return PRIVATE_V4.some(([network, bits]) => isInV4(bytes, network, bits))
}

function isInV4(bytes: readonly number[], network: string, bits: number): boolean {
  const size = 2 ** (32 - bits)
  const start = numberOf(bytesOfV4(network) ?? [])
  return Math.floor(numberOf(bytes) / size) === Math.floor(start / size)
}

/** Whether an address is of a network as `10.0.0.0/8` or `fd00::/8`. False for a name. */
export function isInNetwork(address: string, network: string): boolean {
  const [start = '', bits = ''] = network.split('/')
  if (!/^\d{1,3}$/.test(bits)) return false
  const v4 = bytesOfV4(address)
  if (v4 !== undefined) {
    return bytesOfV4(start) !== undefined && Number(bits) <= 32 && isInV4(v4, start, Number(bits))
  }
  const [asked, wanted] = [bitsOfV6(address), bitsOfV6(start)]
  if (asked === undefined || wanted === undefined || Number(bits) > 128) return false
  return asked.slice(0, Number(bits)) === wanted.slice(0, Number(bits))
}

function bitsOfV6(address: string): string | undefined {
  return groupsOfV6(address)
    ?.map((group) => group.toString(2).padStart(16, '0'))
    .join('')
}

function isPrivateV6(groups: readonly number[]): boolean {
  const [first = 0] = groups
  const zeros = groups.findIndex((group) => group !== 0)
  // `::`, `::1`, and IPv4 in its mapped, compatible and translated forms.
  const isTranslated = first === 0x64 && groups[1] === 0xff9b
  const isMapped = zeros === 5 && groups[5] === 0xffff
  if (isTranslated || isMapped || zeros === -1 || zeros >= 6) {
    const [high = 0, low = 0] = groups.slice(6)
    return isPrivateV4([high >> 8, high & 255, low >> 8, low & 255])
  }
  const isLocal = (first & 0xfe00) === 0xfc00 || (first & 0xff80) === 0xfe80
  return isLocal || (first & 0xff00) === 0xff00
}

function numberOf(bytes: readonly number[]): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0)
}

function bytesOfV4(text: string): readonly number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every((byte) => byte < 256) ? bytes : undefined
}

/** Eight groups of sixteen bits; undefined for what is no address. */
function groupsOfV6(text: string): readonly number[] | undefined {
  if (!text.includes(':')) return undefined
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const [a = 0, b = 0, c = 0, d = 0] = bytesOfV4(dotted?.[2] ?? '') ?? []
  const plain =
    dotted === null
      ? text
      : `${dotted[1]}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  const [left = '', right, ...more] = plain.split('::')
  if (more.length > 0) return undefined
  const head = groups(left)
  const tail = groups(right ?? '')
  const missing = 8 - head.length - tail.length
  if (right === undefined ? missing !== 0 : missing < 0) return undefined
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail]
}

function groups(text: string): readonly number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16) || 0)
}
