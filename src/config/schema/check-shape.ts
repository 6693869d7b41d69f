// Holds a document against the published JSON Schema, by the code that Ajv compiled from it, and
// fills in the schema's defaults. What is wrong is taken out of a copy, so that the rest can still
// be read and all problems of a file be told at once.

import type { RawConfig, RawPrompt, RawTraceLine } from '../raw-config.ts'
import type { Path } from '../yaml/yaml.ts'
import { explainViolation, type ShapeProblem, type Violation } from './explain-violation.ts'
import { validateConfig, validatePrompt, validateTraceLine } from './schema-validators.ts'

export type ShapeReading = {
  readonly problems: readonly ShapeProblem[]
  /** With every default filled in. Absent when too little is left to read. */
  readonly config?: RawConfig
}

/** Rounds of taking out what is wrong; each finds what the one before had hidden. */
const MAX_ROUNDS = 12

/** A file with more is another kind of file, and there is no rest to read. */
const MAX_VIOLATIONS = 200

/** Stands in for a required text while the rest of its gate is checked; never leaves this folder. */
export const MISSING_TEXT = 'https://missing.invalid'

/** Does not change `document`. */
export function checkShape(document: unknown): ShapeReading {
  const data: unknown = structuredClone(document)
  const problems: ShapeProblem[] = []
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (isConfig(data)) return { problems, config: data }
    const violations: readonly Violation[] = validateConfig.errors ?? []
    if (round === 0) problems.push(...explainAll(violations))
    if (violations.length > MAX_VIOLATIONS) break
    if (!violations.every((violation) => repair(data, violation))) break
  }
  return { problems }
}

export type TraceLineReading = {
  readonly problems: readonly ShapeProblem[]
  /** Absent when there are problems. */
  readonly value?: RawTraceLine
}

/** One line of a trace. */
export function checkTraceLine(line: unknown): TraceLineReading {
  if (isTraceLine(line)) return { problems: [], value: line }
  return { problems: explainAll(validateTraceLine.errors ?? []) }
}

function isTraceLine(line: unknown): line is RawTraceLine {
  return validateTraceLine(line)
}

export type PromptReading = {
  readonly problems: readonly ShapeProblem[]
  /** Absent when there are problems. */
  readonly prompt?: string | RawPrompt
}

/** One line of a prompt file. Fills its defaults in. */
export function checkPrompt(line: unknown): PromptReading {
  if (isPrompt(line)) return { problems: [], prompt: line }
  return { problems: explainAll(validatePrompt.errors ?? []) }
}

function isPrompt(line: unknown): line is string | RawPrompt {
  return validatePrompt(line)
}

/** Fills in defaults, accepted or not. What was wrong is in `validateConfig.errors`. */
function isConfig(data: unknown): data is RawConfig {
  return validateConfig(data)
}

function explainAll(violations: readonly Violation[]): readonly ShapeProblem[] {
  const byPlace = new Map<string, ShapeProblem>()
  for (const violation of violations.slice(0, MAX_VIOLATIONS)) {
    const problem = explainViolation(violation)
    if (problem === undefined) continue
    // Several members can be missing in one place; of other complaints the first one says it.
    const missing = violation.keyword === 'required' ? problem.message : ''
    const key = JSON.stringify([problem.path, problem.pointAt, missing])
    if (!byPlace.has(key)) byPlace.set(key, problem)
  }
  return [...byPlace.values()]
}

/** Whole parts that mean something else when a member of theirs is taken out. */
const WHOLE_PARTS: readonly (readonly string[])[] = [
  ['gates', '*', 'limits', '*'],
  ['gates', '*', 'prices'],
  ['gates', '*', 'reference'],
  ['gates', '*', 'workload', 'prompts', '*'],
  ['gates', '*', 'workload', 'arrivals'],
  ['gates', '*', 'workload', 'timeouts'],
]

/** False when there is nothing left to take out. */
function repair(data: unknown, violation: Violation): boolean {
  const problem = explainViolation(violation)
  if (problem === undefined) return true
  const { missingProperty } = violation.params
  if (missingProperty === 'url' || missingProperty === 'model') {
    const parent = memberAt(data, problem.path)
    if (isRecord(parent)) parent[missingProperty] = MISSING_TEXT
    return true
  }
  return takeOut(data, wholePart(problem.path))
}

function wholePart(path: Path): Path {
  const part = WHOLE_PARTS.find((pattern) =>
    pattern.every((segment, i) => i < path.length && (segment === '*' || segment === path[i])),
  )
  return part === undefined ? path : path.slice(0, part.length)
}

function takeOut(data: unknown, path: Path): boolean {
  const last = path.at(-1)
  if (last === undefined) return false
  const parent = memberAt(data, path.slice(0, -1))
  // A prompt leaves a stand-in behind, so that the places of the others stay right.
  if (Array.isArray(parent)) parent.splice(Number(last), 1, ...standIn(path))
  else if (isRecord(parent)) delete parent[last]
  return true
}

function standIn(path: Path): readonly string[] {
  return path.at(-2) === 'prompts' ? [MISSING_TEXT] : []
}

function memberAt(data: unknown, path: Path): unknown {
  let node = data
  for (const segment of path) {
    if (Array.isArray(node)) node = node[Number(segment)]
    else if (isRecord(node) && Object.hasOwn(node, segment)) node = node[segment]
    else return undefined
  }
  return node
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
