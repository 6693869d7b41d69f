// Why a metric became worse, as far as the numbers carry it: the cause, its size, and an interval.

/** How often each end of a cause's interval is wrong. */
export const CAUSE_ERROR = 0.01

/** Ends of a two-sided 98 % interval. */
export type Between = readonly [low: number, high: number]

/** A level of the baseline's runs, and of this run. */
export type FromTo = { readonly from: number; readonly to: number }

export type Attribution =
  /** Where in the server the time went, of the mean TTFT. */
  | {
      readonly kind: 'queue' | 'prefill'
      readonly partMs: number
      readonly interval: Between
      readonly wholeMs: number
      /** From how many requests waited, since the engine does not export how long. */
      readonly estimated: boolean
      /** Peaks of the run. */
      readonly waiting?: FromTo
      readonly kvCacheUse?: FromTo
    }
  /** Before the server: what headers came later than it says to have taken, of the mean TTFT. */
  | {
      readonly kind: 'gateway'
      readonly partMs: number
      readonly interval: Between
      readonly wholeMs: number
    }
  /** Changes of the typical TTFT, ratios minus one. */
  | {
      readonly kind: 'one-class'
      readonly promptClass: string
      readonly change: number
      readonly interval: Between
    }
  | {
      readonly kind: 'long-prompts'
      /** The shortest prompt that became slower. */
      readonly fromTokens: number
      readonly change: number
      readonly interval: Between
    }
  | {
      readonly kind: 'late'
      /** Since the first measured request. */
      readonly fromMs: number
      readonly change: number
      readonly interval: Between
    }
  | {
      readonly kind: 'longer-answers'
      readonly tokens: FromTo
      /** How much of the rise of the cost they are, in USD an answer. */
      readonly partUsd: number
      readonly interval: Between
      readonly wholeUsd: number
    }
