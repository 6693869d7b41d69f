// One file of recorded runs, checked member by member: what is wrong is said with its file, its line and
// what may stand there. The table of a benchmark that skips what it cannot read would be of other data.

import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'

export type RawRun = {
  readonly at?: string
  readonly failed?: number
  readonly ttft?: readonly number[]
  readonly requests?: number
  readonly p50?: number
  readonly p90?: number
  readonly p99?: number
}

export type RawRequest = { readonly at?: string; readonly ttft: number }

export type RawSeries = {
  readonly name: string
  readonly note?: string
  readonly runs?: readonly RawRun[]
  /** How many requests a run had, or the requests themselves where each stands alone. */
  readonly requests?: number | readonly RawRequest[]
}

export type RawFile = {
  readonly kind: string
  readonly source: string
  readonly series: readonly RawSeries[]
}

const LEGAL = {
  file: 'a file has kind, source, licence, unit (ms) and series',
  series: 'a series has name, note, and runs, or requests as a list of {at, ttft}',
  run: 'a run has at, failed and ttft (a list of ms), or p50, p90 and p99 with requests',
  request: 'a request has at and ttft (ms)',
} as const

type Path = readonly (string | number)[]
type Problem = { readonly path: Path; readonly what: string; readonly legal: keyof typeof LEGAL }

/** The file's series, or a RangeError that names file and line. */
export function readRecordedFile(file: string): RawFile {
  const text = readFileSync(file, 'utf8')
  const [problem] = problemsOf(parsed(file, text))
  if (problem !== undefined) throw problemAt(file, text, problem)
  return JSON.parse(text)
}

function parsed(file: string, text: string): unknown {
  if (text.trim() === '') throw new RangeError(`${file}:1: the file is empty; ${LEGAL.file}`)
  try {
    return JSON.parse(text)
  } catch (error) {
    const lines = new LineCounter()
    const [syntax] = parseDocument(text, { lineCounter: lines, schema: 'json' }).errors
    const line = syntax === undefined ? 1 : lines.linePos(syntax.pos[0]).line
    const why = error instanceof Error ? error.message : String(error)
    throw new RangeError(`${file}:${line}: not JSON (${why}); ${LEGAL.file}`)
  }
}

/** Where the value stands, or what it is missing from. */
function problemAt(file: string, text: string, { path, what, legal }: Problem): RangeError {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, schema: 'json' })
  const node = document.getIn(path, true)
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : [0]
  const start = Array.isArray(range) ? Number(range[0]) : 0
  return new RangeError(`${file}:${lines.linePos(start).line}: ${what}; ${LEGAL[legal]}`)
}

function* problemsOf(file: unknown): Generator<Problem, void> {
  if (!isMapping(file)) return yield { path: [], what: 'not a mapping', legal: 'file' }
  for (const member of ['kind', 'source'] as const) {
    if (!isText(file[member])) {
      yield { path: [], what: `\`${member}\` is missing or no text`, legal: 'file' }
    }
  }
  if (file.unit !== undefined && file.unit !== 'ms') {
    yield { path: ['unit'], what: `unit is ${shown(file.unit)}`, legal: 'file' }
  }
  if (!Array.isArray(file.series)) {
    return yield { path: [], what: '`series` is missing or no list', legal: 'file' }
  }
  for (const [index, series] of file.series.entries()) {
    yield* problemsOfSeries(series, ['series', index])
  }
}

function* problemsOfSeries(series: unknown, path: Path): Generator<Problem, void> {
  if (!isMapping(series)) return yield { path, what: 'not a mapping', legal: 'series' }
  const { name, runs, requests } = series
  if (!isText(name)) yield { path, what: '`name` is missing or no text', legal: 'series' }
  if (runs === undefined && !Array.isArray(requests)) {
    return yield { path, what: `neither \`runs\` nor \`requests\``, legal: 'series' }
  }
  if (runs !== undefined && !Array.isArray(runs)) {
    return yield { path: [...path, 'runs'], what: '`runs` is no list', legal: 'series' }
  }
  for (const [index, run] of (runs ?? []).entries()) {
    yield* problemsOfRun(run, [...path, 'runs', index])
  }
  if (runs !== undefined || !Array.isArray(requests)) return
  for (const [index, request] of requests.entries()) {
    const at: Path = [...path, 'requests', index]
    if (!isMapping(request)) yield { path: at, what: 'not a mapping', legal: 'request' }
    else if (!isTime(request.ttft)) yield badMember(at, request, 'ttft', 'request')
    else if (!isMoment(request.at)) yield badMember(at, request, 'at', 'request')
  }
}

const PERCENTILES = ['p50', 'p90', 'p99'] as const

function* problemsOfRun(run: unknown, path: Path): Generator<Problem, void> {
  if (!isMapping(run)) return yield { path, what: 'not a mapping', legal: 'run' }
  const { at, failed, ttft } = run
  if (!isMoment(at)) yield badMember(path, run, 'at', 'run')
  if (failed !== undefined && !isCount(failed)) yield badMember(path, run, 'failed', 'run')
  if (run.requests !== undefined && !isCount(run.requests)) {
    yield badMember(path, run, 'requests', 'run')
  }
  if (ttft === undefined) {
    const missing = PERCENTILES.find((member) => !isTime(run[member]))
    if (missing === undefined) return
    yield run[missing] === undefined
      ? { path, what: `neither \`ttft\` nor \`${missing}\``, legal: 'run' }
      : badMember(path, run, missing, 'run')
  } else if (!Array.isArray(ttft)) {
    yield badMember(path, run, 'ttft', 'run')
  } else {
    const wrong = ttft.findIndex((ms) => !isTime(ms))
    if (wrong >= 0) {
      const what = `ttft[${wrong}] is ${shown(ttft[wrong])}`
      yield { path: [...path, 'ttft', wrong], what, legal: 'run' }
    }
  }
}

function badMember(
  path: Path,
  of: Record<string, unknown>,
  member: string,
  legal: Problem['legal'],
): Problem {
  const value = of[member]
  return value === undefined
    ? { path, what: `\`${member}\` is missing`, legal }
    : { path: [...path, member], what: `${member} is ${shown(value)}`, legal }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function isMoment(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && !Number.isNaN(Date.parse(value)))
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'undefined'
}
