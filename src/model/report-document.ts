// A report before it takes a form: sentences, tables and charts as data, made once by `describe` and
// turned to Markdown, plain text or HTML by renderers that decide nothing. Every text in it is
// unescaped; each renderer escapes all of it for its own format.

import type { ConfigIssue } from './config.ts'

export type Phrase =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Names, commits, branches, settings: shown letter for letter. */
  | { readonly kind: 'code'; readonly text: string }
  /** `href` is https or http only; a renderer shows anything else as plain text. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string }
  | { readonly kind: 'mark'; readonly mark: Mark }

/** A sign that each format draws in its own way, always beside words that say the same. */
export type Mark = 'good' | 'better' | 'bad' | 'doubt' | 'open' | 'off' | 'broken' | 'accepted'

export type Sentence = readonly Phrase[]

export type TableColumn = { readonly title: Sentence; readonly align: 'left' | 'right' }

export type Row = {
  readonly cells: readonly Sentence[]
  /** Kept however little room there is: a row that blocks the merge. */
  readonly keep: boolean
}

export type Table = {
  /** For screen readers; says what the rows are. */
  readonly caption: string
  readonly columns: readonly TableColumn[]
  readonly rows: readonly Row[]
}

export type ChartSeries = {
  readonly name: string
  /** Which of two colours and shapes it gets, the same in every chart. */
  readonly role: 'baseline' | 'candidate'
  /** `y` in ms, at most one a label; Infinity for a failure: nothing is drawn there. */
  readonly values: readonly number[]
}

/** `log` where the tail would press everything else flat. */
export type ChartScale = 'linear' | 'log'

export type Chart =
  | {
      /** One value a label, joined by lines. */
      readonly kind: 'lines'
      readonly title: string
      /** One sentence that says what a sighted reader would see. */
      readonly description: string
      readonly xTitle: string
      readonly yTitle: string
      readonly labels: readonly string[]
      readonly series: readonly ChartSeries[]
      readonly scale: ChartScale
      /** Drawn behind the lines: from `low` to `high` at each label. */
      readonly band?: {
        readonly name: string
        readonly low: readonly number[]
        readonly high: readonly number[]
      }
      /** What is allowed at a label, by its position. */
      readonly limits: readonly { readonly at: number; readonly value: number }[]
      /** The same numbers in words. */
      readonly twin: Table
    }
  | {
      /** A dot for each request. Drawn by HTML alone: no other format can show it. */
      readonly kind: 'dots'
      readonly title: string
      readonly description: string
      readonly xTitle: string
      readonly yTitle: string
      readonly scale: ChartScale
      /** By prompt class, each in a shape of its own; at most four. */
      readonly groups: readonly {
        readonly name: string
        readonly dots: readonly { readonly x: number; readonly y: number }[]
      }[]
      /** Places on the x axis of requests that never answered. */
      readonly failures: readonly number[]
    }

export type Block =
  | { readonly kind: 'paragraph'; readonly sentence: Sentence }
  | { readonly kind: 'list'; readonly items: readonly Sentence[] }
  | { readonly kind: 'steps'; readonly items: readonly Sentence[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'chart'; readonly chart: Chart }

/** Folded in a comment, open on a page of its own. */
export type Detail = { readonly title: Sentence; readonly blocks: readonly Block[] }

export type Alert = {
  readonly level: 'caution' | 'warning' | 'note' | 'tip'
  readonly lines: readonly Sentence[]
}

/** One gate. */
export type Section = {
  /** A page that cannot fold shows neither table nor details: nothing in them was judged. */
  readonly brief?: boolean
  /** Absent in a report of one gate: its headline is the document's. */
  readonly title?: Sentence
  readonly mark: Mark
  /** Kept however little room there is. */
  readonly keep: boolean
  readonly table?: Table
  /** What must be known although it decided nothing: never folded. */
  readonly remarks: readonly Sentence[]
  readonly next: readonly Sentence[]
  readonly details: readonly Detail[]
}

export type ReportDocument = {
  readonly mark: Mark
  /** Plain text of at most 120 characters. */
  readonly headline: string
  readonly alert: Alert
  /** A sentence, then its items: what the change proposes to the config. Empty or absent = nothing. */
  readonly proposals?: readonly Sentence[]
  /** Gate by gate, where there are several. */
  readonly overview?: Table
  readonly sections: readonly Section[]
  /** What holds for the whole invocation, folded after the sections. */
  readonly details: readonly Detail[]
  readonly foot: Sentence
}

/** The sentences that a machine-readable report repeats. Made by `reportTexts`. */
export type ReportTexts = {
  readonly headline: string
  readonly gates: readonly {
    readonly headline: string
    /** By position, as in the gate's metrics. */
    readonly reasons: readonly string[]
  }[]
}

/** Why there is no outcome to report, and what to do about it. */
export type ReportProblem =
  | { readonly kind: 'config'; readonly issues: readonly ConfigIssue[] }
  /** A run that is given no secrets: a fork, or Dependabot. */
  | {
      readonly kind: 'no-secrets'
      readonly who: 'fork' | 'dependabot'
      /** Whether `policy.no_secrets` fails the job. Absent = it does not. */
      readonly isBlocking?: boolean
    }
  | { readonly kind: 'error'; readonly message: string; readonly remedy: string }
