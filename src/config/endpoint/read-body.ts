// Extra members of the request body: any JSON, but not what another setting decides, and nothing that
// makes one request cost as much as many.

import { holdsSettings } from '../../model/answer-members.ts'
import type { JsonValue } from '../../model/json-value.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { refuseReferences } from './fill-environment.ts'

/** Members that another setting decides, with the setting. */
const OWN_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['model', 'set `model` of the endpoint'],
  ['messages', 'set `prompts` of the workload'],
  ['prompt', 'set `prompts` of the workload'],
  ['input', 'set `prompts` of the workload'],
  ['contents', 'set `prompts` of the workload'],
  ['stream', 'answers are always streamed'],
])

/** Answers to one request: every one of them is billed. */
const ANSWERS = /^(n|best_?of|candidate_?count|num_return_sequences|num_completions|beam_width)$/i

/** How long an answer may grow. `null` for one of the first two chooses the other name. */
const LENGTHS =
  /^(max_?tokens|max_?completion_?tokens|max_?output_?tokens|max_?new_?tokens|max_?tokens_?to_?sample|max_?length|(num|n)_?predict|min_?tokens|min_?new_?tokens|min_?length|max_?gen_?len|max_?token_?count)$/i
const CHOICE = ['max_tokens', 'max_completion_tokens']

const DEEPEST_BODY = 32

export function readBody(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  reading: ConfigReading,
): Readonly<Record<string, JsonValue>> {
  const body: Record<string, JsonValue> = {}
  refuseCostly(raw, path, reading)
  for (const [member, value] of Object.entries(raw)) {
    const at = [...path, member]
    const instead = OWN_MEMBERS.get(member)
    if (instead !== undefined) {
      const message = `\`${member}\` cannot be set in the body; ${instead}`
      reading.report({ path: at, message, pointAt: 'key' })
    }
    if (isJson(value, DEEPEST_BODY)) {
      body[member] = value
      refuseReferences(JSON.stringify(value), at, reading)
      continue
    }
    const message = `this cannot be sent as JSON; expected finite numbers, text, lists and mappings, at most ${DEEPEST_BODY} deep`
    reading.report({ path: at, message })
  }
  return body
}

/** What is planned and paid for is one answer a request, of the length that the workload says. */
function refuseCostly(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  reading: ConfigReading,
): void {
  const isChoice = (name: string, value: unknown) =>
    value === null && CHOICE.includes(name) && !CHOICE.every((each) => raw[each] === null)
  for (const [name, value] of Object.entries(raw)) {
    const at = { path: [...path, name], pointAt: 'key' as const }
    const settings = holdsSettings(name)
    if (ANSWERS.test(name) && value !== 1 && value !== null) {
      const message = `\`${name}\` asks for several answers to one request, which the budget cannot count; take it out, and ask for more \`requests\` in the workload`
      reading.report({ ...at, message })
    } else if (LENGTHS.test(name) && !isChoice(name, value)) {
      const message = `\`${name}\` cannot be set in the body; set \`max_output_tokens\` of the workload`
      reading.report({ ...at, message })
    } else if (settings && value === null) {
      const message = `\`${name}: null\` would take the length of an answer out of the request; take it out`
      reading.report({ ...at, message })
    } else if (settings && isMembers(value)) {
      refuseCostly(value, [...path, name], reading)
    }
  }
}

function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isJson(value: unknown, depth: number): value is JsonValue {
  if (depth === 0) return false
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  return Object.values(value).every((member) => isJson(member, depth - 1))
}
