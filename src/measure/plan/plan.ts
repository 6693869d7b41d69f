// What to ask, in which order and when. The design is stratified: how often each prompt class is
// asked, as answer and as probe, follows from the weights alone and is the same in every run of a
// seed; randomness only orders it. The same arguments give the same plan to the byte.

import type { Prompt, Workload } from '../../model/config.ts'
import { classOfTurn, isOfConversations, turnsOf } from '../../model/conversation.ts'
import type { Plan, PlannedRequest, PlannedTurn, SettlingRule } from '../../model/plan.ts'
import type { Arm, RequestKind } from '../../model/request-record.ts'
import type { Random } from '../../stats/random.ts'
import { seededRandom } from '../../stats/random.ts'
import { apportionPrompts } from './apportion.ts'
import { arrivals } from './arrivals.ts'
import { counterparts } from './counterparts.ts'
import { hash32, shuffled } from './seeding.ts'
import { begunFor, type TurnAt, turnByTurn } from './turns.ts'
import { prefixed, uniquePrefix } from './unique-prefix.ts'

export { counterparts, isSameText } from './counterparts.ts'

export type PlanOptions = {
  /** `pairs`: every request is sent to both arms, in random order, with the same prompt. */
  readonly arms: 'candidate' | 'pairs'
  /** Pairs: what the second arm asks, where it asks otherwise. */
  readonly otherwise?: Pick<Workload, 'prompts' | 'promptCache'>
  /** Full answers per arm. */
  readonly requests: number
  /** First-token probes per arm. */
  readonly probes: number
  /** Requests per arm before the measured ones, sent all at once. */
  readonly warmup: number
  /** The warm-up may go on for so many requests. Absent = it does not. */
  readonly settling?: SettlingRule & { readonly most: number }
  /** One short answer is asked alone, before all else. */
  readonly opening?: boolean
  /** Each round of a gate has an order of its own. */
  readonly round: number
  /** Any text that differs from run to run; makes the cache-defeating prefixes unique. */
  readonly nonce: string
}

type Slot = {
  readonly kind: RequestKind
  readonly prompt: Prompt
  readonly position: number
  readonly turn?: TurnAt
}
type Ask = Slot & { readonly arm: Arm; readonly warmup: boolean; readonly pair?: number }

/** Pairs and conversations of different rounds have different numbers: the rounds of a gate are judged
 * together. */
const ROUND_OF_NUMBERS = 1_000_000

/** Warm-up requests come first, then the measured ones in the order of sending. */
export function planWorkload(workload: Workload, options: PlanOptions): Plan {
  const random = seededRandom(hash32(`${workload.seed}/${options.round}`))
  const { prompts, promptCache } = options.otherwise ?? workload
  const otherOf = counterparts(workload.prompts, prompts)
  const cacheOf = { candidate: workload.promptCache, reference: promptCache } as const
  const measured = measuredSlots(workload, options, random).flatMap((slot, at) =>
    options.arms === 'pairs'
      ? pairOf(slot, { pair: options.round * ROUND_OF_NUMBERS + at, random, otherOf })
      : [candidateOf(slot)],
  )
  const begins = measured.filter(isBeginning)
  const intended = arrivals(workload.load, {
    count: begins.length,
    arms: options.arms === 'pairs' ? 2 : 1,
    random,
  })
  const intendedOf = new Map(begins.map((ask, at) => [ask, intended?.[at]]))
  const warmup = warmupAsks(workload, options, { random, otherOf })
  const requests = [...warmup, ...measured].map((ask, at) =>
    planned(ask, {
      index: at,
      nonce: cacheOf[ask.arm] === 'bypass' ? options.nonce : undefined,
      intendedMs: intendedOf.get(ask),
    }),
  )
  const { load, timeouts, maxClientDelayMs, seed } = workload
  const opening = options.opening === true ? openingRequest(workload, options, requests) : undefined
  const settling = settlingOf(workload, options, requests.length + 1)
  return { opening, settling, requests, load, timeouts, maxClientDelayMs, seed }
}

/** What arrives by itself: every later turn follows the answer before it. */
function isBeginning({ turn }: Ask): boolean {
  return turn === undefined || turn.number === 1
}

/** Beside the design: what is measured is the same whether or not it is used. */
function settlingOf(workload: Workload, options: PlanOptions, from: number): Plan['settling'] {
  const { settling } = options
  if (settling === undefined || settling.most < settling.batch) return undefined
  const { most, ...rule } = settling
  const random = seededRandom(hash32(`${workload.seed}/${options.round}/settling`))
  const size = { ...options, arms: 'candidate', warmup: most } as const
  const asks = warmupAsks(workload, size, { random, otherOf: new Map() })
  const nonce = workload.promptCache === 'bypass' ? options.nonce : undefined
  const spare = shuffled(asks, random).map((ask, at) =>
    planned(ask, { index: from + at, nonce, intendedMs: undefined }),
  )
  return { ...rule, spare }
}

/** Long enough to have a token that can be seen, too short to cost anything. */
const OPENING_TOKENS = 16

/** The first prompt of the file, to whichever arm is opened. */
function openingRequest(
  { prompts, promptCache }: Workload,
  { nonce }: PlanOptions,
  { length: index }: readonly PlannedRequest[],
): PlannedRequest | undefined {
  const [prompt] = prompts
  if (prompt === undefined) return undefined
  const slot = { kind: 'answer', prompt, position: 0 } as const
  const of = { index, nonce: promptCache === 'bypass' ? nonce : undefined, intendedMs: undefined }
  const asked = planned({ ...slot, arm: 'candidate', warmup: true }, of)
  return { ...asked, maxOutputTokens: Math.min(asked.maxOutputTokens, OPENING_TOKENS) }
}

/** Each stratum is spread evenly over the run, with a random phase inside each of its steps; the
 * requests of a trace keep its order. */
function measuredSlots(workload: Workload, options: PlanOptions, random: Random): readonly Slot[] {
  if (isTrace(workload)) return asRecorded(workload.prompts, options.requests)
  // A probe ends at the first token, and a conversation goes on with the answer: it is asked in full.
  if (isOfConversations(workload)) {
    return inTurns(workload.prompts, options, random)
  }
  return [
    ...spread('answer', workload.prompts, { count: options.requests, random }),
    ...spread('probe', workload.prompts, { count: options.probes, random }),
  ].sort((a, b) => a.position - b.position)
}

/** Each stratum of what is begun is spread evenly over the run; the turns follow one another. */
function inTurns(
  prompts: readonly Prompt[],
  { requests: answers, probes, round }: PlanOptions,
  random: Random,
): readonly Slot[] {
  const requests = answers + probes
  for (let begun = begunFor(prompts, requests); ; begun += 1) {
    const slots = spread('answer', prompts, { count: begun, random }).toSorted(
      (a, b) => a.position - b.position,
    )
    const turns = turnByTurn(slots, { requests, from: round * ROUND_OF_NUMBERS })
    // Whole prompts of few turns may have been taken in place of longer ones.
    if (turns.length === requests) return turns
  }
}

function isTrace({ load }: Workload): boolean {
  return load.kind === 'open' && load.timesMs !== undefined
}

/** Again from the first where more are asked for than the trace has. */
function asRecorded(prompts: readonly Prompt[], requests: number): readonly Slot[] {
  return Array.from({ length: requests }, (_, at) => {
    const prompt = prompts[at % prompts.length]
    if (prompt === undefined) throw new TypeError('a trace has requests')
    return { kind: 'answer', prompt, position: at / requests }
  })
}

function spread(
  kind: RequestKind,
  prompts: readonly Prompt[],
  design: { readonly count: number; readonly random: Random },
): readonly Slot[] {
  return apportionPrompts(prompts, design.count, design.random).flatMap(({ prompt, count }) =>
    Array.from({ length: count }, (_, at) => ({
      kind,
      prompt,
      position: (at + design.random()) / count,
    })),
  )
}

function candidateOf(slot: Slot): Ask {
  return { ...slot, arm: 'candidate', warmup: false }
}

type Pairing = { readonly random: Random; readonly otherOf: ReadonlyMap<Prompt, Prompt> }

function pairOf(
  slot: Slot,
  { pair, random, otherOf }: Pairing & { readonly pair: number },
): readonly Ask[] {
  const arms: readonly Arm[] =
    random() < 0.5 ? ['candidate', 'reference'] : ['reference', 'candidate']
  return arms
    .map((arm) => ({ ...askedOf(arm, slot, otherOf), warmup: false, pair }))
    .filter(({ turn, prompt }) => turn === undefined || turn.number <= turnsOf(prompt))
}

/** The candidate's class is that of the pair: it is what both are weighed by. */
function askedOf(arm: Arm, slot: Slot, otherOf: Pairing['otherOf']): Slot & { readonly arm: Arm } {
  const other = arm === 'candidate' ? undefined : otherOf.get(slot.prompt)
  if (other === undefined) return { ...slot, arm }
  const { promptClass } = slot.prompt
  return { ...slot, prompt: { ...other, promptClass }, arm }
}

/** Probes warm up a round of probes: it stays as cheap as it is. */
function warmupAsks(
  workload: Workload,
  options: PlanOptions,
  { random, otherOf }: Pairing,
): readonly Ask[] {
  const kind: RequestKind = options.requests > 0 ? 'answer' : 'probe'
  const arms: readonly Arm[] = options.arms === 'pairs' ? ['candidate', 'reference'] : ['candidate']
  return arms.flatMap((arm) =>
    spread(kind, workload.prompts, { count: options.warmup, random }).map((slot) => ({
      ...askedOf(arm, slot, otherOf),
      warmup: true,
    })),
  )
}

function planned(
  ask: Ask,
  at: {
    readonly index: number
    readonly nonce: string | undefined
    readonly intendedMs: number | undefined
  },
): PlannedRequest {
  const { prompt, turn } = ask
  const number = turn?.number ?? 1
  const later = prompt.later?.[number - 2]
  const { maxOutputTokens, expect } = later ?? prompt
  return {
    index: at.index,
    arm: ask.arm,
    kind: ask.kind,
    warmup: ask.warmup,
    prompt: prompt.name,
    promptClass: isOfTurns(prompt) ? classOfTurn(prompt.promptClass, number) : prompt.promptClass,
    messages: later === undefined ? begun(prompt, at) : [],
    ...(turn === undefined ? {} : { turn: plannedTurn(ask.prompt, turn) }),
    body: prompt.body,
    maxOutputTokens: ask.kind === 'probe' ? 1 : maxOutputTokens,
    ...(ask.kind === 'answer' && expect !== undefined ? { expect } : {}),
    intendedMs: at.intendedMs,
    pair: ask.pair,
  }
}

/** The prefix is that of the whole conversation: its turns share it, and no other one does. */
function begun(
  { messages }: Prompt,
  { nonce, index }: { readonly nonce: string | undefined; readonly index: number },
): PlannedRequest['messages'] {
  return nonce === undefined ? messages : prefixed(messages, uniquePrefix(nonce, index))
}

function isOfTurns(prompt: Prompt): boolean {
  return turnsOf(prompt) > 1
}

function plannedTurn(prompt: Prompt, { conversation, number, goesOn }: TurnAt): PlannedTurn {
  const later = prompt.later?.[number - 2]
  return {
    conversation,
    number,
    thinkMs: later?.thinkMs ?? 0,
    ...(later === undefined ? {} : { said: later.said }),
    goesOn: goesOn && number < turnsOf(prompt),
  }
}
