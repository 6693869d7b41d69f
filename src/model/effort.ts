// What was measured beyond the planned requests, and what became of it.

/** How far the gate went beyond the planned requests. */
export type Effort = {
  /** Pairs measured against the reference arm, and looks taken. 0 when there was none. */
  readonly pairs: number
  readonly looks: number
  readonly addedRequests: number
  /** Why there was no reference arm, or what it was. */
  readonly reference:
    | 'none'
    | 'same-as-candidate'
    | 'not-needed'
    | 'measured'
    /** A run that was measured earlier was judged in its place. */
    | 'earlier'
    | 'no-budget'
    /** The client was too slow for a round of pairs, so it says nothing. */
    | 'void'
    | 'failed'
  /** What deployments of the same thing were taken to differ by. Absent where pairs judged nothing. */
  readonly differs?: number
  /** Merged pull requests that this was learnt from. Absent = it is stated, or assumed. */
  readonly differsLearntFrom?: number
  /** How long before, and the deviation of how much the endpoint moves in the meantime. */
  readonly earlier?: { readonly beforeMs: number; readonly movement: number }
  /** What came of a second measurement. Absent where no fail asked for one. */
  readonly confirmation?: Confirmation
}

export type Confirmation =
  /** Both measurements show it. */
  | 'confirmed'
  /** The second one does not. */
  | 'not-confirmed'
  /** Every part of the one measurement shows it by itself. */
  | 'beyond-doubt'
  /** It was not measured again: it blocks on the one measurement. */
  | 'no-budget'
  /** The second measurement could not be trusted: it blocks on the first. */
  | 'void'
