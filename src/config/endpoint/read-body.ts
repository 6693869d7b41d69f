// Extra members of the request body: any JSON, but not what another setting decides.

import type { JsonValue } from '../../model/config.ts'
import type { Reading } from '../reading.ts'
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

const DEEPEST_BODY = 32

export function readBody(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  reading: Reading,
): Readonly<Record<string, JsonValue>> {
  const body: Record<string, JsonValue> = {}
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

function isJson(value: unknown, depth: number): value is JsonValue {
  if (depth === 0) return false
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  return Object.values(value).every((member) => isJson(member, depth - 1))
}
