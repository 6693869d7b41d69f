// A run: all records of one gate in one job, warm-up excluded, with everything a later reader needs
// to know whether it may be compared. This is what a baseline store keeps and a report folder holds.

import type { Cloud } from './cloud.ts'
import type { LoadShape, Subject } from './config.ts'
import type { InvalidAnswer } from './expectation.ts'
import type { MetricFamily } from './metric.ts'
import type { RequestRecord } from './request-record.ts'
import type { ServerMetrics } from './server-metrics.ts'

/** More than a budget can pay for, and little enough to hold in memory. */
export const MOST_RECORDS = 200_000

/** What the client saw of itself while it measured. */
export type Conditions = {
  /** Delay of the event loop beyond its timer, p99 over the measured phase. */
  readonly eventLoopDelayP99Ms: number
  /** How late requests were handed over, against the plan (open loop) or a free worker. p99. */
  readonly sendLatenessP99Ms: number
  /** Time between handing a request over and its last byte written. p99. */
  readonly clientQueueP99Ms: number
  /** Open loop: requests per second; closed loop: mean requests in flight. */
  readonly intendedLoad: number
  readonly achievedLoad: number
  readonly freshConnections: number
  /** Those of them that no warm-up request had opened before: the client's own doing, unlike a
   * connection that the server closed or that a failed request cost. */
  readonly unwarmedConnections?: number
  readonly measuredRequests: number
  readonly warmupRequests: number
  readonly durationMs: number
  /** Wall clock against monotonic clock over the run: beyond a few ms the clock was stepped. */
  readonly clockDriftMs: number
  readonly peakInFlight: number
  /** Open loop: first token counted from when the request should have been sent, so that a client
   * or an endpoint that falls behind cannot hide it. Absent in a closed loop. */
  readonly ttftFromIntendedP50Ms?: number
  readonly ttftFromIntendedP99Ms?: number
  /** How long `endpoint.ready` took, from the first look. Absent where nothing was waited for. */
  readonly readyAfterMs?: number
  /** First token of the one answer that was asked first and alone: after readiness from its own request on,
   * after an idle time from the first try on. Absent where none was asked for. */
  readonly coldStartMs?: number
  /** Median first token of the first and the last batch of a warm-up that went on until it settled. */
  readonly warmupFirstMs?: number
  readonly warmupLastMs?: number
}

/** Why a run cannot be trusted or could not be made. Past any of these a gate is `invalid`. */
export type Invalidity =
  | { readonly kind: 'event-loop-delay'; readonly p99Ms: number; readonly limitMs: number }
  | { readonly kind: 'send-lateness'; readonly p99Ms: number; readonly limitMs: number }
  | { readonly kind: 'load-not-reached'; readonly achieved: number; readonly intended: number }
  | { readonly kind: 'fresh-connections'; readonly share: number; readonly limit: number }
  | { readonly kind: 'clock-stepped'; readonly driftMs: number }
  /** Requests piled up: asked and answered per second over the second half. Absent in older files. */
  | {
      readonly kind: 'too-many-in-flight'
      readonly limit: number
      readonly asked?: number
      readonly answered?: number
    }
  /** No request completed. `detail` and `status` are those of the commonest failure. */
  | {
      readonly kind: 'nothing-completed'
      readonly outcome: string
      readonly count: number
      readonly status?: number
      readonly detail?: string
      /** The proxy that the requests went through. Absent = none. */
      readonly proxy?: string
      /** Whose login vouched for them. Absent = a key, or nobody. */
      readonly login?: Cloud
    }
  | {
      readonly kind: 'budget'
      readonly what: 'cost' | 'duration' | 'requests'
      readonly allowed: number
      readonly needed: number
      readonly measured: number
    }
  | { readonly kind: 'aborted'; readonly measured: number }
  /** A report of another job leaves the gate out, or has figures of another load in its name. */
  | { readonly kind: 'not-reported'; readonly what: 'gate' | 'load' }
  /** `endpoint.ready` never came. `last` is what was answered last, redacted. */
  | {
      readonly kind: 'not-ready'
      readonly waitedMs: number
      readonly looks: number
      readonly last: string
    }

/** Something a reader should know that does not void the run. */
export type RunWarning =
  | { readonly kind: 'output-tokens-ignored'; readonly asked: number; readonly got: number }
  | { readonly kind: 'usage-disagrees'; readonly server: number; readonly counted: number }
  | { readonly kind: 'usage-missing'; readonly requests: number }
  | {
      readonly kind: 'probes-disagree'
      readonly ratio: number
      readonly low: number
      readonly high: number
    }
  | {
      readonly kind: 'budget-shortened'
      readonly what: 'cost' | 'duration' | 'requests'
      readonly measured: number
      readonly planned: number
    }
  | { readonly kind: 'coalesced-reads'; readonly share: number }
  /** The client was late by a good part of the median TTFT, and not by enough to void the run. */
  | { readonly kind: 'client-late'; readonly p99Ms: number; readonly medianMs: number }
  /** Probes end without a token that could be seen (hidden reasoning, for one): they are left out. */
  | { readonly kind: 'probes-empty'; readonly empty: number; readonly probes: number }
  /** The server closes connections, so that many requests open a new one. TTFT leaves that out. */
  | { readonly kind: 'server-closes-connections'; readonly share: number }
  | { readonly kind: 'rate-limited'; readonly requests: number; readonly retryAfterS?: number }
  /** Nothing of `endpoint.metrics` could be used. `problem` follows its name; it is foreign text. */
  | { readonly kind: 'metrics-unread'; readonly problem: string }
  /** The first measurement could not be trusted or met a closed door: this is the second, if any. */
  | {
      readonly kind: 'measured-again'
      readonly because: 'client' | 'refused'
      /** `no-budget`: there was no second. */
      readonly outcome: 'sound' | 'void' | 'no-budget'
    }
  /** Answers that were too long to keep, or took too long to check: they are in no validity. */
  | { readonly kind: 'answers-unchecked'; readonly unchecked: number; readonly answers: number }
  /** Answers out of a gateway's cache: their times are not the model's. */
  | { readonly kind: 'answers-from-cache'; readonly cached: number; readonly answers: number }
  /** First tokens still got faster when the warm-up had used what there was to spare. */
  | {
      readonly kind: 'unsettled'
      readonly requests: number
      readonly firstMs: number
      readonly lastMs: number
      /** Absent = the endpoint that is judged. */
      readonly arm?: 'reference'
    }
  /** Another load engine measured it: whether its client kept up could not be checked. */
  | { readonly kind: 'imported'; readonly by: string; readonly ttft: string }

/** What an imported file cannot say: metrics of the family are never gated. */
export type Unknown = {
  readonly family: MetricFamily
  /** Follows "the imported file says nothing of". */
  readonly what: string
}

/** Money of a run or an arm. Absent `usd` means it is not known, and `reason` says why. */
export type Cost = {
  readonly usd?: number
  readonly reason?: 'no-prices' | 'usage-unknown'
  /** True when some token counts behind it are estimates. */
  readonly estimated: boolean
}

/** Which commit, branch and job a run belongs to. Members absent outside a repository or CI. */
export type Provenance = {
  readonly commit?: string
  /** Branch the run speaks for: the base branch's name when recorded. */
  readonly branch?: string
  readonly runUrl?: string
  readonly actor?: string
  /** The config's file, from the repository's root. A repository may have several, with gates of one name. */
  readonly config?: string
  /** What inputs said where they stood for a file. Absent = there was one. */
  readonly inputs?: RecordedInputs
  /** The pull request that was merged with it, and what its two deployments of the same thing differed
   * by: log ratio of first tokens and its standard error. Absent where none was measured. */
  readonly merged?: MergedTwins
}

export type MergedTwins = {
  readonly pullRequest: number
  readonly difference: number
  readonly error: number
}

/** As given, empty where not. The URL is in the subject, without values that may be secret. */
export type RecordedInputs = {
  readonly model: string
  readonly api: string
  readonly limits: string
  readonly requests: string
}

/** The member of a subject that names the proxy between. */
export const PROXY_MEMBER = 'proxy'

export type Run = {
  /** Sortable and unique: UTC start as yyyymmddThhmmssZ, then eight random hex digits. */
  readonly id: string
  readonly gate: string
  readonly arm: 'candidate' | 'reference'
  readonly tool: string
  /** ISO 8601, UTC. A label: no arithmetic is done on it but a baseline's age. */
  readonly startedAt: string
  readonly provenance: Provenance
  readonly ttftDefinition: string
  readonly loadShape: LoadShape
  readonly loadShapeHash: string
  readonly subject: Subject
  readonly seed: number
  readonly conditions: Conditions
  /** Why it cannot be trusted; empty when it is sound. Found once, when the run was made. */
  readonly invalidities: readonly Invalidity[]
  readonly warnings: readonly RunWarning[]
  /** Everything billed for this run, warm-up included. */
  readonly spent: Cost
  /** Price of each record in USD, by position, warm-up excluded. Empty when not known. */
  readonly costsUsd: readonly number[]
  readonly costUnknown?: 'no-prices' | 'usage-unknown'
  /**
   * Present for a run of another load engine, empty when its file says everything. What the client
   * saw of itself is then not known: its members of `conditions` are 0 and mean nothing.
   */
  readonly unknowns?: readonly Unknown[]
  /** The ids of the shards it was merged from. Absent = it was measured as one. */
  readonly mergedFrom?: readonly string[]
  /** Digest of what the prompts expect of answers: validity by another is another number. Absent where
   * they expect nothing. */
  readonly expectation?: string
  /** Only valid answers count in the cost per answer. Absent = every completed one does. */
  readonly costPer?: 'valid-answer'
  /** The first invalid answer of each kind. */
  readonly invalidAnswers?: readonly InvalidAnswer[]
  /** What the server said of itself meanwhile. Absent where it was not asked or could not say. */
  readonly serverMetrics?: ServerMetrics
  /** Measured requests in plan order. */
  readonly records: readonly RequestRecord[]
}
