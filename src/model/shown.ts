// A value of any shape as it can stand in a sentence about it.

const LONGEST_SHOWN = 60

/** One line, quoted when text, cut when long; of lists and mappings, however deep, what they are. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return isEmpty(value) ? 'an empty mapping' : 'a mapping'
  if (typeof value !== 'string') return String(value)
  const cut = value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value
  return JSON.stringify(cut)
}

function isEmpty(mapping: object): boolean {
  return Object.keys(mapping).length === 0
}
