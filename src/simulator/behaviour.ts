// How a simulated endpoint behaves: its latency law, its faults, and what it draws for one request.
// Pure: seed, run and request index in, a planned answer out. The truth about every answer is known
// before a byte of it is sent.

import type { FinishReason } from '../model/request-record.ts'
import type { Draw } from './draw.ts'
import { drawFrom } from './draw.ts'
import type { Fault } from './faults.ts'

/** Flat and plain, so that a profile can be changed member by member over the control address. */
export type Behaviour = {
  /** Median time to first token of an empty prompt in run effect 1. */
  readonly ttftMedianMs: number
  /** Added to the median for each input token that is not cached. */
  readonly ttftPerInputTokenMs: number
  /** Medians by prompt: the first key that the prompt's text contains replaces both of the above. */
  readonly ttftMedianByTextMs: Readonly<Record<string, number>>
  /** Standard deviation of log TTFT within a run: the log-normal body. */
  readonly ttftSigma: number
  /** From this request of a run on (0 = never), the TTFT is so many times as long. */
  readonly lateFrom: number
  readonly lateFactor: number
  /** In turns of a conversation after the first, the TTFT is so many times as long. */
  readonly laterTurnFactor: number
  /** Share of requests in the heavy tail, where it begins (times the median), its Pareto shape. */
  readonly tailShare: number
  readonly tailStart: number
  readonly tailShape: number
  readonly longestTtftMs: number
  /** Standard deviation of the log of the run effect: the drift from run to run. */
  readonly driftSigma: number
  /** The run effect itself, a factor on every delay. 0 = drawn from the seed and the run. */
  readonly drift: number
  /** When the role chunk is sent, as a share of the TTFT. */
  readonly roleShare: number
  readonly tokenGapMs: number
  readonly tokenGapSigma: number
  /** Answers generated at the same time; more of them wait. 0 = no limit. */
  readonly capacity: number
  /** Share of the TTFT that a wholly cached prompt saves. 0 = no prompt cache. */
  readonly cacheSaving: number
  /** Prompts are looked up in the cache by this many first characters. */
  readonly cachePrefixCharacters: number
  readonly usage: 'on' | 'off' | 'wrong'
  readonly reasoningTokens: number
  /** Tokens of an answer, reasoning included. 0 = as many as the request allows. */
  readonly outputTokens: number
  readonly ignoresOutputLimit: boolean
  /** What an answer says: words, or a JSON document with `city` (text) and `people` (a number). */
  readonly says: 'words' | 'json'
  /** Calls the first tool that a request offers, until it has a result. */
  readonly callsTools: boolean
  /** Share of answers that say something else instead. */
  readonly wrongShare: number
  readonly lineEnd: '\n' | '\r\n' | '\r'
  /** Token events in one write. */
  readonly coalesce: number
  /** Cuts every write inside its last multi-byte character. */
  readonly splitUtf8: boolean
  /** A comment or ping before every n-th token. 0 = never. */
  readonly pingEvery: number
  /** Probability of each fault. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>
}

/** What one request is to get, whatever the law says. Absent members are drawn. Times are counted
 * from the moment the request has been read (and, with a capacity, has a place). */
export type ScriptedAnswer = {
  readonly roleDelayMs?: number
  /** To the first token of any kind. */
  readonly firstTokenMs?: number
  /** Between tokens; the last one repeats when there are more tokens. */
  readonly gapsMs?: readonly number[]
  readonly tokens?: number
  readonly reasoningTokens?: number
  /** Tokens are pieces of a tool call. */
  readonly tool?: boolean
  /** Says something else than it should. */
  readonly wrong?: boolean
  readonly finish?: FinishReason
  readonly cachedTokens?: number
  readonly fault?: Fault
  /** Tokens sent before a fault that follows tokens. Default 3. */
  readonly afterTokens?: number
  readonly retryAfterS?: number
  readonly redirectTo?: string
  /** Only for a request whose prompt contains this text. */
  readonly when?: string
}

/** What the law needs to know of a request. */
export type SimulatedRequest = {
  readonly prompt: string
  readonly inputTokens: number
  /** Input tokens found in the prompt cache. */
  readonly cachedTokens: number
  readonly maxOutputTokens: number
  /** Of its conversation, from 1 on. */
  readonly turn: number
  /** Offered, and not yet answered by a result. Absent = none. */
  readonly tool?: string
}

export type AnswerPlan = {
  readonly roleAtMs: number
  /** When each token is written, reasoning first. Empty only when scripted so. */
  readonly tokensAtMs: readonly number[]
  readonly reasoningTokens: number
  readonly tool: boolean
  /** What is called. */
  readonly toolName: string
  readonly says: Behaviour['says']
  readonly wrong: boolean
  readonly finish: FinishReason
  readonly fault: Fault | undefined
  readonly afterTokens: number
  readonly retryAfterS: number
  readonly redirectTo: string | undefined
  readonly inputTokens: number
  readonly cachedTokens: number
}

/** Which of a version's answers this is. */
export type Position = {
  readonly seed: number
  readonly version: string
  readonly run: number
  readonly index: number
}

export function planAnswer(
  behaviour: Behaviour,
  asked: SimulatedRequest,
  at: Position & { readonly script: ScriptedAnswer | undefined },
): AnswerPlan {
  const script = at.script ?? {}
  const draw = drawFrom(at.seed, at.version, at.run, at.index)
  const effect = runEffect(behaviour, at)
  const late = behaviour.lateFrom > 0 && at.index >= behaviour.lateFrom ? behaviour.lateFactor : 1
  const cachedTokens = script.cachedTokens ?? asked.cachedTokens
  const turn = asked.turn > 1 ? behaviour.laterTurnFactor : 1
  const drawnMs =
    timeToFirstToken(behaviour, { ...asked, cachedTokens }, draw) * effect * late * turn
  const firstTokenMs = script.firstTokenMs ?? Math.min(drawnMs, behaviour.longestTtftMs)
  const tokens = script.tokens ?? answerLength(behaviour, asked.maxOutputTokens)
  const gapsMs = script.gapsMs
  const gap = (i: number) =>
    gapsMs === undefined
      ? behaviour.tokenGapMs * effect * draw.logNormal(behaviour.tokenGapSigma)
      : (gapsMs[Math.min(i, gapsMs.length - 1)] ?? 0)
  return {
    roleAtMs: script.roleDelayMs ?? firstTokenMs * behaviour.roleShare,
    tokensAtMs: tokenTimes(firstTokenMs, tokens, gap),
    reasoningTokens: Math.min(script.reasoningTokens ?? behaviour.reasoningTokens, tokens),
    tool: script.tool ?? (behaviour.callsTools && asked.tool !== undefined),
    toolName: asked.tool ?? 'lookup',
    says: behaviour.says,
    wrong: script.wrong ?? isWrong(behaviour, at),
    finish: script.finish ?? (tokens >= asked.maxOutputTokens ? 'length' : 'stop'),
    fault: script.fault ?? drawFault(behaviour.faults, draw),
    afterTokens: script.afterTokens ?? 3,
    retryAfterS: script.retryAfterS ?? 1,
    redirectTo: script.redirectTo,
    inputTokens: asked.inputTokens,
    cachedTokens,
  }
}

/** By draws of its own, so that it moves no time. */
function isWrong({ wrongShare }: Behaviour, at: Position): boolean {
  if (wrongShare === 0) return false
  return drawFrom(at.seed, at.version, at.run, at.index, 'says').uniform() < wrongShare
}

/** The factor on every delay of one run: stated, or drawn once per seed, version and run. */
export function runEffect(behaviour: Behaviour, at: Omit<Position, 'index'>): number {
  if (behaviour.drift > 0) return behaviour.drift
  return drawFrom(at.seed, at.version, at.run, 'run').logNormal(behaviour.driftSigma)
}

function timeToFirstToken(behaviour: Behaviour, asked: SimulatedRequest, draw: Draw): number {
  const inTail = draw.uniform() < behaviour.tailShare
  const factor = inTail
    ? behaviour.tailStart * draw.pareto(behaviour.tailShape)
    : draw.logNormal(behaviour.ttftSigma)
  const cachedShare = asked.inputTokens === 0 ? 0 : asked.cachedTokens / asked.inputTokens
  return medianMs(behaviour, asked) * factor * (1 - behaviour.cacheSaving * cachedShare)
}

function medianMs(behaviour: Behaviour, asked: SimulatedRequest): number {
  const stated = Object.entries(behaviour.ttftMedianByTextMs)
  const found = stated.find(([text]) => asked.prompt.includes(text))
  if (found !== undefined) return found[1]
  return behaviour.ttftMedianMs + behaviour.ttftPerInputTokenMs * asked.inputTokens
}

function answerLength(behaviour: Behaviour, maxOutputTokens: number): number {
  const wanted = behaviour.outputTokens === 0 ? maxOutputTokens : behaviour.outputTokens
  return behaviour.ignoresOutputLimit ? wanted : Math.min(wanted, maxOutputTokens)
}

function tokenTimes(firstMs: number, tokens: number, gap: (i: number) => number): number[] {
  const times: number[] = []
  let at = firstMs
  for (let i = 0; i < tokens; i += 1) {
    if (i > 0) at += gap(i - 1)
    times.push(at)
  }
  return times
}

function drawFault(faults: Behaviour['faults'], draw: Draw): Fault | undefined {
  const chances = Object.entries(faults) as [Fault, number][]
  if (chances.length === 0) return undefined
  let at = draw.uniform()
  for (const [fault, probability] of chances) {
    if (at < probability) return fault
    at -= probability
  }
  return undefined
}
