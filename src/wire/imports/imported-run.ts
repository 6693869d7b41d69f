// What the file of another load engine says, in our nouns: the requests of one run, what was asked
// under which load, and what cannot be known from it. Nothing here is priced, named or judged yet.

import type { LoadShape, Subject } from '../../model/config.ts'
import type { RequestRecord } from '../../model/request-record.ts'
import type { Unknown } from '../../model/run.ts'

/** What an engine calls TTFT. Numbers of different definitions are never compared. */
export type TtftDefinition = {
  readonly id: string
  /** Follows "TTFT is": from where to where, by which clock, and what a connection adds. */
  readonly words: string
}

export type ImportedRun = {
  /** For people, with the version as far as it may change what is measured: `GuideLLM 0.8`. */
  readonly engine: string
  /** `guidellm/0.8.1`. */
  readonly tool: string
  readonly ttft: TtftDefinition
  /** ISO 8601 UTC. Absent when the file has no wall time. */
  readonly startedAt?: string
  /** Absent when the file does not say. */
  readonly seed?: number
  /** `closed, 4 in flight`, `open, 2 per second, poisson`, or that it is not said. */
  readonly load: string
  /** What else must be equal for two runs to be comparable. */
  readonly shape: LoadShape
  /** No secret values. */
  readonly subject: Subject
  /** In the order they were sent, as far as the file tells. */
  readonly records: readonly RequestRecord[]
  readonly warmupRequests: number
  /** From the first request to the end of the last. Absent when the file has no times. */
  readonly durationMs?: number
  /** Requests per second that were asked for and reached, where the file says both. */
  readonly rates?: { readonly intended: number; readonly achieved: number }
  readonly unknowns: readonly Unknown[]
}

export type ImportInput = {
  /** The file's documents: one, or one a line. */
  readonly documents: readonly unknown[]
  /** Documents of the files beside it that the format knows, by name. */
  readonly besides: ReadonlyMap<string, unknown>
  /** k6 alone: the Trend that holds TTFT in ms. */
  readonly ttftMetric?: string
}

/** What a document is to a format: one with requests, one with aggregates alone, or a stranger. */
export type Recognised = 'requests' | 'aggregates' | undefined

export type ImportFormat = {
  /** As `--format` names it. */
  readonly name: string
  readonly title: string
  /** How that engine is made to write a record of each request, one sentence. */
  readonly perRequest: string
  readonly recognise: (document: unknown) => Recognised
  /** Members that are never read and can be most of a file: their values are left out of a large one. */
  readonly unread?: readonly string[]
  /** Of a file of samples: whether a line says nothing that is read. */
  readonly superfluous?: (line: string, ttftMetric: string | undefined) => boolean
  /** Names of files beside one of this name that say more of the same run. */
  readonly besides: (fileName: string) => readonly string[]
  /** Throws ForeignData naming the place that is not as the format has it. */
  readonly read: (input: ImportInput) => readonly ImportedRun[]
}
