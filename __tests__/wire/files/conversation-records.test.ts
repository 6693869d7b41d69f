// Conversations in run files: which turn a record is, kept, merged from shards, and absent in older files.

import { describe, expect, it } from '@jest/globals'
import { mergeRuns } from '../../../src/measure/merge-runs.ts'
import type { Run } from '../../../src/model/run.ts'
import { decodeRun, encodeRun } from '../../../src/wire/files/run-file.ts'
import { sampleRun } from '../../baseline-samples.ts'

function talking(seed: number): Run {
  const run = sampleRun({ seed, requests: 6 })
  const records = run.records.map((record, at) => {
    return { ...record, conversation: Math.floor(at / 3), turn: 1 + (at % 3), pair: at }
  })
  return { ...run, records }
}

function decoded(text: string): Run {
  const read = decodeRun(text, 'run.json')
  if (!read.ok) throw new Error(read.problem)
  return read.run
}

const placesOf = ({ records }: Run) => records.map(({ conversation, turn }) => [conversation, turn])

describe('a run of conversations', () => {
  it('is read as it was written', () => {
    const run = talking(1)
    expect(placesOf(decoded(encodeRun(run)))).toEqual(placesOf(run))
  })

  it('refuses a turn that is no number, with its place', () => {
    const text = encodeRun(talking(1)).replace('"turn":[1,2', '"turn":[1,"two"')
    expect(decodeRun(text, 'run.json')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('records.columns.turn[1]'),
    })
  })

  it('has no turns in files that know none', () => {
    const file = JSON.parse(encodeRun(sampleRun()))
    expect(Object.keys(file.records.columns)).not.toContain('turn')
    expect(placesOf(decoded(JSON.stringify(file)))[0]).toEqual([undefined, undefined])
  })

  it('keeps the conversations of several shards apart', () => {
    const merged = mergeRuns([talking(1), talking(2)])
    expect(placesOf(merged).map(([conversation]) => conversation)).toEqual([
      ...[0, 0, 0, 1, 1, 1],
      ...[2, 2, 2, 3, 3, 3],
    ])
    expect(new Set(merged.records.map(({ pair }) => pair)).size).toBe(12)
  })
})
