// Reads the fixture files of other engines the way the command does, without a disk in between.

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import { detectImport, IMPORT_FORMATS, readImport } from '../../../src/wire/imports/formats.ts'
import type { ImportedRun } from '../../../src/wire/imports/imported-run.ts'

export const IMPORTS = join(import.meta.dirname, '../../fixtures/imports')

export type Reading = { readonly format?: string; readonly ttftMetric?: string }

export function textOf(name: string): string {
  return readFileSync(join(IMPORTS, name), 'utf8')
}

/** What a text says, or its problem as text. */
export function read(
  text: string,
  given: Reading & { readonly besides?: ReadonlyMap<string, string> } = {},
): readonly ImportedRun[] | string {
  const { besides = new Map(), ttftMetric, format } = given
  const named = IMPORT_FORMATS.find(({ name }) => name === format)
  const detected = detectImport(text, named)
  if (detected.kind === 'problem') return detected.problem
  if (detected.kind === 'aggregates') return `aggregates of ${detected.format.name}`
  const result = readImport(detected, {
    besides,
    ttftMetric,
  })
  return result.ok ? result.runs : result.problem
}

/** The runs of a fixture, with the files beside it. */
export function runsIn(name: string, reading: Reading = {}): readonly ImportedRun[] {
  const text = textOf(name)
  const detected = detectImport(text)
  if (detected.kind !== 'requests') throw new Error(`${name} has no requests`)
  const besides = new Map(
    detected.format
      .besides(basename(name))
      .map((beside) => [beside, join(IMPORTS, dirname(name), beside)] as const)
      .filter(([, path]) => existsSync(path))
      .map(([beside, path]) => [beside, readFileSync(path, 'utf8')] as const),
  )
  const runs = read(text, { ...reading, besides })
  if (typeof runs === 'string') throw new Error(runs)
  return runs
}

export function firstOf(name: string, reading: Reading = {}): ImportedRun {
  const [run] = runsIn(name, reading)
  if (run === undefined) throw new Error(`${name} has no run`)
  return run
}

/** TTFT in ms to a hundredth, or how a request without one ended. */
export function ttftsOf({ records }: ImportedRun): readonly (number | string)[] {
  return records.map(({ firstTokenMs, sentMs = 0, outcome }) =>
    firstTokenMs === undefined ? outcome : rounded(firstTokenMs - sentMs),
  )
}

export function outcomesOf({ records }: ImportedRun): readonly string[] {
  return records.map(({ outcome }) => outcome)
}

export function recordAt({ records }: ImportedRun, index: number): RequestRecord {
  const record = records[index]
  if (record === undefined) throw new Error(`there is no record ${index}`)
  return record
}

export function unknownFamilies({ unknowns }: ImportedRun): readonly string[] {
  return unknowns.map(({ family }) => family)
}

export function rounded(ms: number): number {
  return Math.round(100 * ms) / 100
}
