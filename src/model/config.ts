// What a configuration says once it has been read: every default applied, every unit converted.
// After parsing nothing is optional unless its absence means something, said at the field.

import type { CloudLogin } from './cloud.ts'
import type { LaterTurn, Message } from './conversation.ts'
import type { AnswerExpectation } from './expectation.ts'
import type { JsonValue } from './json-value.ts'
import type { MetricFamily, MetricId } from './metric.ts'
import type { ShareLimit } from './share.ts'

/** Where a config lies when nobody says otherwise, from the repository's root. */
export const USUAL_CONFIGS: readonly string[] = ['.github/inference-gate.yml', 'inference-gate.yml']

export const DIALECTS = [
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'anthropic-messages',
  'gemini',
  'ollama-chat',
  'bedrock-converse',
  'openai-embeddings',
  'rerank',
] as const
export type DialectName = (typeof DIALECTS)[number]

/** Dialects without messages that an answer could be put back into. */
const WITHOUT_TURNS: readonly DialectName[] = ['openai-completions', 'openai-embeddings', 'rerank']

export function hasTurns(api: DialectName): boolean {
  return !WITHOUT_TURNS.includes(api)
}

/** They answer with vectors or rankings: there is no first token, and the whole answer is waited for. */
const WITHOUT_TOKENS: readonly DialectName[] = ['openai-embeddings', 'rerank']

/** Of an API by its name, or of what an imported run says: those are of streams. */
export function answerKind(api = ''): 'tokens' | 'items' {
  return hasTokens(api) ? 'tokens' : 'items'
}

export function hasTokens(api: string): boolean {
  return !WITHOUT_TOKENS.some((name) => name === api)
}

/** Where and what to ask. Part of the subject: a pull request may change it and is judged for it. */
export type Endpoint = {
  readonly api: DialectName
  /** Base URL without a trailing slash; the dialect appends its own path. */
  readonly url: string
  readonly model: string
  /** Extra request headers, environment references already filled in. Values may be secret. */
  readonly headers: Readonly<Record<string, string>>
  /** A cloud's login vouches for the requests instead of a key. Absent = a key does, or nobody. */
  readonly auth?: CloudLogin
  /** Where the server exports its own numbers, to say why. No key is sent there. Absent = nowhere. */
  readonly metricsUrl?: string
  /** Wait for it before the first request. Absent = it is there. */
  readonly ready?: Readiness
  /** Leave it alone for so long before the first request, which is then its cold start. Absent = do not. */
  readonly idleMs?: number
  /** Extra members of the request body; they win over the dialect's own. */
  readonly body: Readonly<Record<string, JsonValue>>
}

export type Readiness = {
  /** Answers 200 once the endpoint is ready. Absent = a short answer of the endpoint itself says so. */
  readonly url?: string
  readonly timeoutMs: number
}

export type ReferenceArm =
  /** No second arm. */
  | { readonly kind: 'none' }
  /** The base branch's own endpoint block, used when it differs from the candidate. The default. */
  | ({ readonly kind: 'base' } & Differing)
  | ({ readonly kind: 'endpoint'; readonly endpoint: Endpoint } & Differing)

/**
 * What deployments of the same thing differ by of themselves, each as a standard deviation of logs.
 * Absent = not stated: what is known of such pairs, or what is usual.
 */
type Differing = { readonly differs?: number }

export type Prompt = {
  readonly name: string
  /** The stratum: requests per class are fixed by the design. */
  readonly promptClass: string
  readonly weight: number
  readonly messages: readonly Message[]
  /** Turns of a conversation after the first, each asked once the one before is answered. Absent = none. */
  readonly later?: readonly LaterTurn[]
  readonly maxOutputTokens: number
  /** Members of the request body for this prompt alone; they win over the endpoint's. Absent = none. */
  readonly body?: Endpoint['body']
  /** What an answer must be to count as valid. Absent = any answer is. */
  readonly expect?: AnswerExpectation
}

export type Load =
  | { readonly kind: 'closed'; readonly concurrency: number }
  | {
      readonly kind: 'open'
      /** Of stages, their mean over time. */
      readonly ratePerSecond: number
      readonly process: ArrivalProcess | 'trace'
      /** Shape of gamma gaps: 1 is poisson, less comes in bursts. Absent for the other processes. */
      readonly burstiness?: number
      /** One after the other, again from the first, until all is sent. Absent = one rate. */
      readonly stages?: readonly ArrivalStage[]
      /** Of a trace: when each request came, in ms from the first, ascending; then again from the first,
       * one mean gap later. */
      readonly timesMs?: readonly number[]
      /** Requests in flight past which the run is void instead of the client drowning. */
      readonly maxInFlight: number
    }

export type ArrivalProcess = 'poisson' | 'constant' | 'gamma'

/** A stretch whose rate goes evenly from one to another. */
export type ArrivalStage = {
  readonly fromPerSecond: number
  readonly toPerSecond: number
  readonly forMs: number
}

export type Timeouts = {
  readonly connectMs: number
  readonly firstTokenMs: number
  readonly idleMs: number
  readonly totalMs: number
}

export type Workload = {
  readonly prompts: readonly Prompt[]
  /** Full answers. */
  readonly requests: number
  /** Extra requests that stop at the first token. */
  readonly probes: number
  readonly load: Load
  /** Requests sent and left out of every number before the measured ones. */
  readonly warmup: number
  /** More of them follow until first tokens stop getting faster. Absent = just those. */
  readonly warmsUntilSettled?: true
  readonly promptCache: 'bypass' | 'keep'
  readonly timeouts: Timeouts
  /** The client's own delay (p99) past which a run is void, where 10 % of the median TTFT is less. */
  readonly maxClientDelayMs: number
  readonly seed: number
}

/**
 * One metric's threshold. For metrics where higher is better (`decrease`, `minimum` in the file) the
 * same fields hold the mirrored meaning: `worsening` is always "this much worse".
 */
export type Limit = {
  readonly metric: MetricId
  readonly family: MetricFamily
  /** 0..1; absent for families without a percentile. */
  readonly quantile?: number
  /** Largest tolerated worsening against the baseline: a ratio minus one (0.1 = 10 % worse), or a
   * difference for rates (0.01 = one point). Absent = no relative limit. */
  readonly worsening?: number
  /** Absolute worsening, in the metric's unit, that must be exceeded as well. 0 = none. */
  readonly floor: number
  /** Absolute objective in the metric's unit; needs no baseline. Absent = none. */
  readonly ceiling?: number
  /** What a pass has to rule out; same scale as `worsening`. Where `auto`, the least of it. */
  readonly mustDetect: number
  /** `must_detect` was left out: a pass rules out, and states, what the run could show. */
  readonly autoDetect?: boolean
  /**
   * Largest tolerated worsening against the first runs of the epoch, same scale as `worsening`:
   * many small accepted steps that add up to more fail. Absent = such a sum only warns.
   */
  readonly drift?: number
  /** False for a limit that came from the documented defaults. */
  readonly stated: boolean
}

export type Prices =
  | { readonly kind: 'none' }
  | (CostPer & {
      readonly kind: 'tokens'
      /** USD per token. */
      readonly input: number
      readonly cachedInput: number
      readonly output: number
      readonly reasoning: number
      /** USD per request. */
      readonly request: number
      /** The catalogue package with its version, and the model. Absent = the config states them. */
      readonly source?: string
    })
  | (CostPer & {
      readonly kind: 'gpu-hour'
      readonly usdPerHour: number
      readonly gpus: number
    })

/** What the cost is divided by. Absent = every completed answer. */
type CostPer = { readonly per?: 'valid-answer' }

export type Gate = {
  readonly name: string
  readonly endpoint: Endpoint
  readonly reference: ReferenceArm
  /**
   * Path globs of the repository that can change what is measured, beside the gate's own settings;
   * empty = those settings alone. Absent = anything can: every pull request is measured.
   */
  readonly affectedBy?: readonly string[]
  readonly workload: Workload
  readonly limits: readonly Limit[]
  /** Limits against other gates of the config, measured in the same minutes. */
  readonly compare: readonly ShareLimit[]
  readonly prices: Prices
}

/** Never exceeded by more than the requests in flight; shared by all gates of a config. */
export type Budget = {
  readonly costUsd: number
  readonly durationMs: number
  readonly requests: number
  /** Most requests at once. Absent = as many as any gate of the config asks for. */
  readonly inFlight?: number
}

export type BaselineSettings = {
  readonly branch: string
  /** Runs kept per gate and load shape. */
  readonly keep: number
  readonly maxAgeMs: number
}

export type Policy = {
  readonly inconclusive: 'pass' | 'fail'
  readonly noBaseline: 'pass' | 'fail'
  readonly invalid: 'pass' | 'fail'
  /** A run of a fork or of Dependabot, whose endpoint needs a key that it is not given. */
  readonly noSecrets: 'pass' | 'fail'
  /** A pull request that removes a gate of the base branch, or gives it another name. */
  readonly droppedGate: 'pass' | 'fail'
  /** A pull request beside a base branch that became worse by itself, for what that already has. */
  readonly baseRegressed: 'pass' | 'fail'
  readonly acceptLabel: string
  /** Hosts the key may be sent to. Empty = any. */
  readonly allowedHosts: readonly string[]
  /** Names of environment variables that header values may refer to. */
  readonly allowedEnv: readonly string[]
}

export type Config = {
  readonly version: 1
  readonly gates: readonly Gate[]
  readonly budget: Budget
  /** The pause before a fail is measured once more. Absent = it blocks at once. */
  readonly confirmAfterMs?: number
  readonly baseline: BaselineSettings
  readonly policy: Policy
}

/** One problem of a config, in the place a person has to change. */
export type ConfigIssue = {
  readonly file: string
  /** 1-based; absent when the problem has no place (an empty file). */
  readonly line?: number
  readonly column?: number
  /** Where in the document, as `gates.chat.limits.ttft_p95`. */
  readonly path: string
  /** One sentence: what is wrong, the value found, the legal ones. */
  readonly message: string
  /** A warning does not refuse the config. Absent = an error. */
  readonly severity?: 'error' | 'warning'
}

/** What refuses a config, and what only warns, each in the order given. */
export function bySeverity<Issue extends Pick<ConfigIssue, 'severity'>>(
  issues: readonly Issue[],
): { readonly problems: readonly Issue[]; readonly warnings: readonly Issue[] } {
  return {
    problems: issues.filter(({ severity }) => severity !== 'warning'),
    warnings: issues.filter(({ severity }) => severity === 'warning'),
  }
}

/**
 * What must be equal for two runs to be comparable, as plain text values, so that a change can be
 * listed member by member. The hash of it is the key of a history.
 */
export type LoadShape = { readonly [member: string]: string }

/** What a pull request may change and be judged for; no secret values, headers by name only. */
export type Subject = { readonly [member: string]: string }
