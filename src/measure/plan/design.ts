// Which prompt is asked how often, of which arm and in which order. The design is stratified: how often
// each prompt is asked, as answer and as probe, follows from the weights alone and is the same in every
// run of a seed, so that two runs differ by the endpoint alone; randomness only orders it.

import type { Prompt, Workload } from '../../model/config.ts'
import { turnsEach, turnsOf } from '../../model/conversation.ts'
import type { Arm, RequestKind } from '../../model/request-record.ts'
import { type Random, shuffled } from '../../stats/random.ts'
import { type TurnAt, turnByTurn } from './turns.ts'

export type PlanOptions = {
  /** `pairs`: every request is sent to both arms, in random order, with the same prompt. */
  readonly arms: 'candidate' | 'pairs'
  /** Pairs: what the second arm asks, where it asks otherwise. */
  readonly otherwise?: Pick<Workload, 'prompts' | 'promptCache'>
  /** Full answers per arm. */
  readonly requests: number
  /** First-token probes per arm. */
  readonly probes: number
  /** One short answer is asked alone, before all else. Absent = it is not. */
  readonly opening?: boolean
  /** Requests per arm before the measured ones, sent all at once. */
  readonly warmup: number
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
export type Ask = Slot & { readonly arm: Arm; readonly warmup: boolean; readonly pair?: number }

/** The order, and what the second arm is asked instead of each prompt. */
export type Drawing = { readonly random: Random; readonly otherOf: ReadonlyMap<Prompt, Prompt> }

/** Pairs and conversations of different rounds have different numbers: the rounds of a gate are judged
 * together. */
const ROUND_OF_NUMBERS = 1_000_000

/** What arrives by itself: every later turn follows the answer before it. */
export function isBeginning({ turn }: Ask): boolean {
  return turn === undefined || turn.number === 1
}

/** In the order of sending. */
export function measuredAsks(
  workload: Workload,
  options: PlanOptions,
  { random, otherOf }: Drawing,
): readonly Ask[] {
  return measuredSlots(workload, options, random).flatMap((slot, at) =>
    options.arms === 'pairs'
      ? pairOf(slot, { pair: options.round * ROUND_OF_NUMBERS + at, random, otherOf })
      : [candidateOf(slot)],
  )
}

/** Probes warm up a round of probes: it stays as cheap as it is. */
export function warmupAsks(
  workload: Workload,
  options: Pick<PlanOptions, 'arms' | 'requests' | 'warmup'>,
  { random, otherOf }: Drawing,
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

/** Each stratum is spread evenly over the run, with a random phase inside each of its steps; the
 * requests of a trace keep its order. */
function measuredSlots(workload: Workload, options: PlanOptions, random: Random): readonly Slot[] {
  if (isTrace(workload)) return asRecorded(workload.prompts, options.requests)
  // A probe ends at the first token, and a conversation goes on with the answer: it is asked in full.
  const each = turnsEach(workload)
  if (each > 1) return inTurns(workload.prompts, { ...options, each }, random)
  return [
    ...spread('answer', workload.prompts, { count: options.requests, random }),
    ...spread('probe', workload.prompts, { count: options.probes, random }),
  ].sort((a, b) => a.position - b.position)
}

/** Each stratum of what is begun is spread evenly over the run; the turns follow one another. */
function inTurns(
  prompts: readonly Prompt[],
  { requests: answers, probes, round, each }: PlanOptions & { readonly each: number },
  random: Random,
): readonly Slot[] {
  const requests = answers + probes
  // Weights are shares of what is begun. A share that is whole but for rounding must not begin one more.
  for (let begun = Math.ceil(requests / each - 1e-9); ; begun += 1) {
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

function pairOf(
  slot: Slot,
  { pair, random, otherOf }: Drawing & { readonly pair: number },
): readonly Ask[] {
  const arms: readonly Arm[] =
    random() < 0.5 ? ['candidate', 'reference'] : ['reference', 'candidate']
  return arms
    .map((arm) => ({ ...askedOf(arm, slot, otherOf), warmup: false, pair }))
    .filter(({ turn, prompt }) => turn === undefined || turn.number <= turnsOf(prompt))
}

function askedOf(arm: Arm, slot: Slot, otherOf: Drawing['otherOf']): Slot & { readonly arm: Arm } {
  const other = arm === 'candidate' ? undefined : otherOf.get(slot.prompt)
  if (other === undefined) return { ...slot, arm }
  const { promptClass } = slot.prompt
  return { ...slot, prompt: { ...other, promptClass }, arm }
}

/**
 * Whole numbers that add up to `total`, each within one of its exact share (largest remainder).
 * Equal remainders are served in the order given.
 */
export function apportion(weights: readonly number[], total: number): readonly number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const shares = weights.map((weight) => (weight * total) / sum)
  // A share that is whole but for rounding must not lose its unit to the floor.
  const counts = shares.map((share) => Math.floor(share + 1e-9))
  let left = total - counts.reduce((a, b) => a + b, 0)
  const byRemainder = shares
    .map((share, at) => ({ at, remainder: share - (counts[at] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder) {
    if (left <= 0) break
    counts[at] = (counts[at] ?? 0) + 1
    left -= 1
  }
  return counts
}

/**
 * Requests of each prompt: classes first, by the sum of their weights, then prompts within their
 * class. Where there are more prompts than requests, `random` picks which are asked.
 */
export function apportionPrompts(
  prompts: readonly Prompt[],
  total: number,
  random: Random,
): readonly { readonly prompt: Prompt; readonly count: number }[] {
  const classes = [...new Set(prompts.map((prompt) => prompt.promptClass))]
  const groups = classes.map((name) =>
    shuffled(
      prompts.filter((prompt) => prompt.promptClass === name),
      random,
    ),
  )
  const perClass = apportion(groups.map(sumOfWeights), total)
  return groups.flatMap((group, at) => {
    const counts = apportion(
      group.map((prompt) => prompt.weight),
      perClass[at] ?? 0,
    )
    return group.map((prompt, position) => ({ prompt, count: counts[position] ?? 0 }))
  })
}

function sumOfWeights(prompts: readonly Prompt[]): number {
  return prompts.reduce((sum, prompt) => sum + prompt.weight, 0)
}
