// The turns of a conversation as a prompt: what the system says and the first user turn are its messages,
// every other turn follows the model's answer to the one before.

import type { Prompt } from '../../model/config.ts'
import type { GivenResult, LaterTurn } from '../../model/conversation.ts'
import { shown } from '../../model/shown.ts'
import { parseDuration } from '../quantities.ts'
import type { RawTurn } from '../raw-config.ts'
import type { Path, PointAt } from '../yaml/yaml.ts'
import { type ExpectationReading, readExpectation } from './read-expectation.ts'

export type TurnProblem = {
  /** From `turns` on. */
  readonly at: Path
  readonly message: string
  readonly pointAt?: PointAt
}

export type TurnsReading = Pick<Prompt, 'messages' | 'later' | 'maxOutputTokens' | 'expect'> & {
  readonly problems: readonly TurnProblem[]
}

type Numbered = { readonly raw: RawTurn; readonly at: number }

/** An hour of thinking would be a job's whole time. */
const LONGEST_THINK_MS = 600_000

/** `maxOutputTokens`: of turns that say none. */
export function readTurns(
  raw: readonly (string | RawTurn)[],
  maxOutputTokens: number,
): TurnsReading {
  const turns = raw.map((turn, at): Numbered => {
    return { at, raw: typeof turn === 'string' ? { role: 'user', content: turn } : turn }
  })
  const begins = turns.findIndex(({ raw: { role } }) => role !== 'system')
  const system = begins < 0 ? turns : turns.slice(0, begins)
  const [first, ...later] = begins < 0 ? [] : asked(turns.slice(begins))
  const opening = first === undefined ? undefined : readAsked(first, maxOutputTokens)
  const rest = later.map((one) => readAsked(one, maxOutputTokens))
  const messages = [...system, ...(first ?? [])].map(({ raw: { role, content } }) => ({
    role: role === 'system' ? role : ('user' as const),
    content,
  }))
  return {
    messages,
    ...(rest.length === 0 ? {} : { later: rest.map(({ turn }) => turn) }),
    maxOutputTokens: opening?.turn.maxOutputTokens ?? maxOutputTokens,
    expect: opening?.turn.expect,
    problems: [
      ...problemsOf(turns, system.length),
      ...[opening, ...rest].flatMap((each) => each?.problems ?? []),
    ],
  }
}

/** Results that follow one another are given, and answered, together. */
function asked(turns: readonly Numbered[]): readonly (readonly Numbered[])[] {
  const groups: Numbered[][] = []
  for (const turn of turns) {
    const before = groups.at(-1)
    if (turn.raw.role === 'tool' && before?.[0]?.raw.role === 'tool') before.push(turn)
    else groups.push([turn])
  }
  return groups
}

function readAsked(
  group: readonly Numbered[],
  maxOutputTokens: number,
): { readonly turn: LaterTurn; readonly problems: readonly TurnProblem[] } {
  const last = group.at(-1)
  const { think_time: think, max_output_tokens: most, expect: raw } = last?.raw ?? {}
  const expectation: ExpectationReading = readExpectation(raw)
  const place = String(last?.at ?? 0)
  const isTool = last?.raw.role === 'tool'
  return {
    turn: {
      thinkMs: think === undefined ? 0 : parseDuration(think),
      said: isTool
        ? { by: 'tools', results: group.map(resultOf) }
        : { by: 'user', content: last?.raw.content ?? '' },
      maxOutputTokens: most ?? maxOutputTokens,
      expect: expectation.expect,
    },
    problems: expectation.problems.map(({ at, message }) => ({ at: [place, ...at], message })),
  }
}

function resultOf({ raw: { name = '', content } }: Numbered): GivenResult {
  return { name, content }
}

function problemsOf(turns: readonly Numbered[], systems: number): readonly TurnProblem[] {
  if (turns.every(({ raw: { role } }) => role !== 'user')) {
    const message =
      'this conversation has no user turn; expected at least one, such as {role: user, content: …}'
    return [{ at: [], message, pointAt: 'key' }]
  }
  return turns.flatMap((turn) => {
    const message =
      orderProblem(turn, systems) ?? nameProblem(turn, turns) ?? memberProblem(turn, turns, systems)
    return message === undefined ? [] : [{ at: [String(turn.at)], message }]
  })
}

function orderProblem({ raw: { role }, at }: Numbered, systems: number): string | undefined {
  if (role === 'system' && at > systems) {
    return 'a system turn stands before all others, or what is said after it could be in no prefix cache; move it to the beginning'
  }
  return role === 'tool' && at === systems
    ? 'a conversation cannot begin with what a tool gave; expected a user turn before it'
    : undefined
}

function nameProblem({ raw, at }: Numbered, turns: readonly Numbered[]): string | undefined {
  const { role, name } = raw
  if (role !== 'tool') {
    return name === undefined
      ? undefined
      : `\`name\` is that of a tool, and this is a ${role} turn; take it out`
  }
  if (name === undefined) {
    return 'which tool gave this is not said; expected `name`, the name of one of the `tools`'
  }
  const before = turns.slice(0, at).reverse()
  const together = before.slice(
    0,
    before.findIndex((turn) => turn.raw.role !== 'tool'),
  )
  return together.some((turn) => turn.raw.name === name)
    ? `${shown(name)} gives two results in one turn; expected one, or a user turn between them`
    : undefined
}

/** What only a turn that is asked can have, and which of several results is asked with. */
function memberProblem(
  { raw, at }: Numbered,
  turns: readonly Numbered[],
  systems: number,
): string | undefined {
  const { think_time: think } = raw
  const member = (['think_time', 'max_output_tokens', 'expect'] as const).find(
    (name) => raw[name] !== undefined,
  )
  if (member === undefined) return undefined
  if (raw.role === 'system') return `\`${member}\` is of a turn that is answered; take it out`
  if (raw.role === 'tool' && turns[at + 1]?.raw.role === 'tool') {
    return `results that follow one another are asked together; \`${member}\` stands in the last of them`
  }
  if (think === undefined) return undefined
  if (at === systems) {
    return 'nothing is waited for before the first turn; expected `think_time` in a later one'
  }
  return parseDuration(think) > LONGEST_THINK_MS
    ? `${think} is too long to think in a job; expected at most 10m`
    : undefined
}
