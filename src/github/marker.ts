// The hidden first line by which our comment is found again. It holds nothing but letters, digits and
// a few signs, so nothing in it can end the HTML comment that it is.

/** What a comment may hold beside its marker: GitHub takes 65 536, and counts as it likes. */
export const MAX_COMMENT_CHARACTERS = 65_000

export type CommentMarker = {
  /** One comment for each key: the repository's config, or its path where there are several. */
  readonly key: string
  readonly headCommit: string
  /** Of the run that measured, which for `publish` is not the run that comments. */
  readonly runId: number
  readonly runAttempt: number
  /** What two deployments of the same thing differed by, of gates that passed. Absent = none. */
  readonly twins?: readonly MarkedTwins[]
}

/** The gate's name as it is encoded. */
export type MarkedTwins = {
  readonly gate: string
  readonly difference: number
  readonly error: number
}

const PATTERN =
  /^<!-- inference-gate:v1 key=(\S*) head=([0-9a-f]*) run=(\d{1,15}) attempt=(\d{1,9})(?: twins=([0-9A-Za-z%_.:,+-]*?))? -->/

/** Two deployments that lie further apart than this are not the same thing. */
const MOST_APART = 0.5

export function writeMarker({
  key,
  headCommit,
  runId,
  runAttempt,
  twins = [],
}: CommentMarker): string {
  const head = headCommit.toLowerCase().replace(/[^0-9a-f]/g, '')
  return `<!-- inference-gate:v1 key=${encodedKey(key)} head=${head} run=${runId} attempt=${runAttempt}${twinsText(twins)} -->`
}

/** Signs are words, as two hyphens would end the comment. */
function twinsText(twins: readonly MarkedTwins[]): string {
  if (twins.length === 0) return ''
  const each = twins.map(({ gate, difference, error }) => {
    const sign = difference < 0 ? 'minus' : 'plus'
    return `${encodedKey(gate)}:${sign}:${Math.abs(difference).toFixed(5)}:${error.toFixed(5)}`
  })
  return ` twins=${each.join(',')}`
}

/** The marker that a comment begins with, or undefined. Anywhere else in a text it means nothing. */
export function readMarker(body: string): CommentMarker | undefined {
  const match = PATTERN.exec(body)
  if (match === null) return undefined
  const [, key = '', headCommit = '', run, attempt, twins] = match
  const found = twinsIn(twins ?? '')
  return {
    key,
    headCommit,
    runId: Number(run),
    runAttempt: Number(attempt),
    ...(found.length === 0 ? {} : { twins: found }),
  }
}

/** What is no number, or beyond any deployment, is nobody's measurement. */
function twinsIn(text: string): readonly MarkedTwins[] {
  return text.split(',').flatMap((one) => {
    const [, gate, sign, size, error] =
      /^([^:]+):(plus|minus):(\d\.\d{5}):(\d\.\d{5})$/.exec(one) ?? []
    if (gate === undefined || Number(size) > MOST_APART || Number(error) > MOST_APART) return []
    return [{ gate, difference: (sign === 'minus' ? -1 : 1) * Number(size), error: Number(error) }]
  })
}

export function isTwinsOf(twins: MarkedTwins, gate: string): boolean {
  return twins.gate === encodedKey(gate)
}

export function isMarkedWith(marker: CommentMarker, key: string): boolean {
  return marker.key === encodedKey(key)
}

/** Negative when `one` was made by an earlier run than `other`. Run ids only ever grow. */
export function compareRuns(one: CommentMarker, other: CommentMarker): number {
  return one.runId - other.runId || one.runAttempt - other.runAttempt
}

/** A hyphen is encoded as well: two of them would end the comment. */
function encodedKey(key: string): string {
  return encodeURIComponent(key.toWellFormed()).replace(/[-!'()*~]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  })
}
