// The faults of the user or the world, as opposed to our own bugs (which are assertions and crash)
// and to expected events of a measurement (which are data in a record).

export type GateErrorKind =
  /** The configuration or the command line is wrong: exit code 2. */
  | 'config'
  | 'usage'
  /** The measurement could not be made: exit code 3. */
  | 'measurement'
  /** A baseline store cannot be read or written. */
  | 'baseline'
  /** GitHub refused or could not be reached. */
  | 'github'
  /** A file could not be read or written, or is not what it claims to be. */
  | 'file'

export class GateError extends Error {
  override readonly name = 'GateError'
  readonly kind: GateErrorKind
  /** What to do about it, one sentence. */
  readonly remedy: string

  /** The message reads "what; why", the remedy "what to do". */
  // biome-ignore lint/complexity/useMaxParams: three of ours, and what every Error takes last.
  constructor(kind: GateErrorKind, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.remedy = remedy
  }
}
