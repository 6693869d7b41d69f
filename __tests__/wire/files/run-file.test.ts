import { deflateSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { Run } from '../../../src/model/run.ts'
import type { ServerMetrics } from '../../../src/model/server-metrics.ts'
import { decodeRun, encodeRun } from '../../../src/wire/files/run-file.ts'
import { sampleRun } from '../../baseline-samples.ts'
import { FULL_RECORD } from './full-run.ts'

function decoded(text: string): Run {
  const result = decodeRun(text, 'run.json')
  if (!result.ok) throw new Error(result.problem)
  return result.run
}

function problemOf(text: string): string {
  const result = decodeRun(text, 'run.json')
  return result.ok ? 'no problem' : result.problem
}

type Json = { [member: string]: unknown }

/** The sample's file with one change made to its JSON. */
function changed(change: (file: Json) => void): string {
  const file: Json = JSON.parse(encodeRun(sampleRun({ requests: 3, tokens: 2 })))
  change(file)
  return JSON.stringify(file)
}

function at(file: Json, ...path: string[]): Json {
  return path.reduce((inner, member) => inner[member] as Json, file)
}

/** Every member of the file, by its way from the top. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([member, inner]) => [
    [...path, member],
    ...pathsOf(inner, [...path, member]),
  ])
}

const BARE: RequestRecord = {
  index: 9,
  arm: 'candidate',
  kind: 'answer',
  prompt: 'p',
  promptClass: 'short',
  startedMs: 3,
  endMs: 4,
  gapsMs: [],
  tokenEvents: 0,
  tokenReads: 0,
  outcome: 'connect',
  outputCharacters: 0,
  freshConnection: true,
  maxOutputTokens: 64,
}

describe('a run file', () => {
  it('gives back every member of a record, absent ones absent', () => {
    const run = { ...sampleRun({ requests: 1 }), records: [FULL_RECORD, BARE], costsUsd: [0.5, 0] }
    expect(decoded(encodeRun(run)).records).toEqual([FULL_RECORD, BARE])
  })

  it('gives back the head of a run as it was', () => {
    const { records: _, ...head } = sampleRun()
    expect(decoded(encodeRun(sampleRun()))).toMatchObject(head)
    const run: Run = {
      ...sampleRun(),
      arm: 'reference',
      provenance: {},
      warnings: [
        { kind: 'budget-shortened', what: 'cost', measured: 10, planned: 20 },
        { kind: 'rate-limited', requests: 2, retryAfterS: 3 },
      ],
      spent: { reason: 'no-prices', estimated: true },
      costsUsd: [],
      costUnknown: 'no-prices',
    }
    const { records: __, ...other } = run
    expect(decoded(encodeRun(run))).toMatchObject(other)
  })

  it('keeps times and gaps to 10 microseconds', () => {
    const run = sampleRun({ requests: 50 })
    const read = decoded(encodeRun(run))
    for (const [row, record] of run.records.entries()) {
      const back = read.records[row]
      expect(Math.abs((back?.firstTokenMs ?? 0) - (record.firstTokenMs ?? 0))).toBeLessThan(0.0051)
      expect(Math.abs((back?.endMs ?? 0) - record.endMs)).toBeLessThan(0.0051)
      for (const [n, gapMs] of record.gapsMs.entries()) {
        expect(Math.abs((back?.gapsMs[n] ?? 0) - gapMs)).toBeLessThan(0.0051)
      }
    }
  })

  it('is written the same however often it is read', () => {
    const text = encodeRun(sampleRun({ requests: 30, failed: 3 }))
    expect(encodeRun(decoded(text))).toBe(text)
  })

  it('takes less than 40 kB of a data branch for 200 requests of 64 tokens', () => {
    const stored = (run: Run) => deflateSync(encodeRun(run)).length
    expect(stored(sampleRun({ requests: 200 }))).toBeLessThan(40_000)
    expect(stored(sampleRun({ requests: 200, tokens: 1 }))).toBeLessThan(10_000)
  })

  it('never holds a number that JSON cannot', () => {
    const [first] = sampleRun().records
    if (first === undefined) throw new Error('no record')
    const wrong: Run[] = [
      { ...sampleRun(), seed: Number.NaN },
      { ...sampleRun(), costsUsd: sampleRun().records.map(() => Number.POSITIVE_INFINITY) },
      { ...sampleRun(), records: [{ ...first, endMs: Number.NaN }] },
      { ...sampleRun(), records: [{ ...first, retryAfterS: Number.POSITIVE_INFINITY }] },
      {
        ...sampleRun(),
        conditions: { ...sampleRun().conditions, eventLoopDelayP99Ms: Number.NaN },
      },
    ]
    for (const run of wrong) expect(() => encodeRun(run)).toThrow(TypeError)
  })
})

describe('an unusable run file', () => {
  const text = encodeRun(sampleRun({ requests: 3 }))

  it('says that it is empty, cut short or no JSON', () => {
    expect(problemOf('')).toBe('is empty')
    expect(problemOf(' \n')).toBe('is empty')
    expect(problemOf(text.slice(0, text.length / 2))).toContain('cut short')
    expect(problemOf('{"a": nope}')).toBe('is not JSON')
  })

  it('is told at every place it can be cut', () => {
    for (let length = 0; length < text.length - 1; length += 7) {
      expect(decodeRun(text.slice(0, length), 'x').ok).toBe(false)
    }
  })

  it('says that it belongs to another program or to a newer version', () => {
    expect(problemOf('{"results": []}')).toContain('is not an inference-gate-run file')
    expect(problemOf('[1]')).toContain('not an object')
    expect(problemOf('null')).toContain('not an object')
    const newer = changed((file) => {
      file.schemaVersion = 2
      file.records = 'in a form nobody knows yet'
    })
    expect(problemOf(newer)).toMatch(/schema version 2, .* reads up to 1: update it/)
    expect(problemOf(changed((file) => (file.schemaVersion = 0)))).toContain('never existed')
  })

  const refused: [string, (file: Json) => void, string][] = [
    ['an id that is a path', (f) => (f.id = '../../etc/passwd'), 'id is "../../etc/passwd"'],
    ['an impossible date', (f) => (f.id = '20261399T120000Z-00000001'), 'id is'],
    ['no gate', (f) => delete f.gate, 'gate is missing'],
    ['an endless text', (f) => (f.tool = 'x'.repeat(5000)), 'tool is "xxx'],
    ['an unknown arm', (f) => (f.arm = 'third'), 'one of candidate, reference'],
    ['a local time', (f) => (f.startedAt = '2026-11-01T12:00:00+02:00'), 'time in UTC'],
    ['a load shape of numbers', (f) => (f.loadShape = { a: 1 }), 'loadShape.a is 1; expected text'],
    [
      'a subject that sets a prototype',
      (f) => (f.subject = JSON.parse('{"__proto__": "x"}')),
      'any name but __proto__',
    ],
    ['a huge count', (f) => (at(f, 'records').count = 1e9), 'records.count is 1000000000'],
    ['a broken count', (f) => (at(f, 'records').count = 1.5), 'whole number'],
    ['a short column', (f) => (at(f, 'records', 'columns').kind = ['answer']), '1 values for 3'],
    [
      'no outcome',
      (f) => delete at(f, 'records', 'columns').outcome,
      'records.columns.outcome is missing',
    ],
    [
      'an unknown outcome',
      (f) => (at(f, 'records', 'columns').outcome = ['fine', 'fine', 'fine']),
      'one of',
    ],
    ['no end', (f) => (at(f, 'records', 'columns').endMs = [1, null, 2]), 'endMs[1] is null'],
    [
      'a text time',
      (f) => (at(f, 'records', 'columns').startedMs = ['1', '2', '3']),
      'finite number',
    ],
    [
      'a prompt of numbers',
      (f) => (at(f, 'records', 'columns').prompt = [1, 2, 3]),
      'prompt[0] is 1; expected text',
    ],
    [
      'gaps of text',
      (f) => (at(f, 'records', 'columns').gapsMs = ['a', [], []]),
      'expected a list',
    ],
    [
      'a gap of text',
      (f) => (at(f, 'records', 'columns').gapsMs = [['a'], [], []]),
      'gapsMs[0][0]',
    ],
    ['costs of another length', (f) => (f.costsUsd = [1]), 'costsUsd has 1 values for 3'],
    ['a cost that is text', (f) => (f.costsUsd = ['free', 1, 2]), 'costsUsd[0]'],
    ['a warning without its number', (f) => (f.warnings = [{ kind: 'usage-missing' }]), 'requests'],
    ['a condition that is text', (f) => (at(f, 'conditions').durationMs = 'long'), 'durationMs'],
    [
      'a reason of a kind that is not known',
      (f) => (f.invalidities = [{ kind: 'of-the-future' }]),
      'invalidities[0].kind is "of-the-future", which this version of Inference Gate does not know',
    ],
    ['a reason of no kind', (f) => (f.invalidities = [{}]), 'invalidities[0].kind is missing'],
    [
      'a day that does not exist',
      (f) => (f.startedAt = '2026-13-01T12:00:00Z'),
      'startedAt is "2026-13-01T12:00:00Z"; expected a time that exists',
    ],
    [
      'a usage without its counts',
      (f) => (at(f, 'records', 'columns').outputTokens = [1, null, 3]),
      'records.columns.outputTokens[1] is missing, and the usage is there',
    ],
    [
      'a load shape without end',
      (f) => (f.loadShape = Object.fromEntries(Array.from({ length: 2001 }, (_, n) => [n, 'x']))),
      'loadShape has over 2000 members',
    ],
    [
      'a foreign name',
      (f) => (f.subject = { 'a "b"/c~d': 5 }),
      String.raw`subject["a \"b\"/c~d"] is 5; expected text`,
    ],
    [
      'too many records',
      (f) => (f.costsUsd = Array.from({ length: 200_001 }, () => 'x')),
      'costsUsd has 200001 values; expected at most 200000',
    ],
    [
      'costs of something else',
      (f) => (f.costPer = 'token'),
      'costPer is "token"; expected "valid-answer"',
    ],
    ['an estimate that is no flag', (f) => (f.spent = { estimated: 1 }), 'true or false'],
  ]
  for (const [what, change, problem] of refused) {
    it(`names the place of ${what}`, () => {
      const file = changed(change)
      expect(problemOf(file)).toContain(problem)
    })
  }

  it('does not let a file reach into objects of the program', () => {
    const hostile = changed((file) => {
      file.provenance = JSON.parse('{"__proto__": {"commit": "x"}, "constructor": "y"}')
    })
    expect(Object.keys(decoded(hostile).provenance)).toEqual([])
    expect(Object.getPrototypeOf(decoded(hostile).provenance)).toBe(Object.prototype)
  })

  it('never makes the reader throw, whatever is changed in it', () => {
    const values = fc.constantFrom<unknown>(null, -1, 1e300, 0.5, '', 'x', [], {}, [[]], true)
    const paths = pathsOf(JSON.parse(text))
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, (path, value) => {
        const file: Json = JSON.parse(text)
        const last = path.at(-1) ?? ''
        Object.assign(at(file, ...path.slice(0, -1)), { [last]: value })
        const result = decodeRun(JSON.stringify(file), 'x')
        if (result.ok) expect(() => encodeRun(result.run)).not.toThrow()
        else expect(result.problem).not.toBe('')
      }),
      { numRuns: 1500, seed: 1 },
    )
  })

  it('is refused with what it has at the place, however deep or long that is', () => {
    const deep = text.replace('"inference-gate 0.1.0"', `${'['.repeat(1e6)}${']'.repeat(1e6)}`)
    expect(problemOf(deep)).toBe('tool is a list; expected text')
    const long = changed((file) => (file.arm = Array.from({ length: 1e6 }, () => 'candidate')))
    expect(problemOf(long)).toBe('arm is a list; expected one of candidate, reference')
  })

  it('is read without what it does not know, and as if what is null were absent', () => {
    const [plain, newer] = [changed(() => {}), changed(addNewer)]
    expect(decoded(newer)).toEqual(decoded(plain))
  })

  function addNewer(file: Json): void {
    file.ofTheFuture = [1]
    file.costUnknown = null
    file.mergedFrom = null
    Object.assign(at(file, 'provenance'), { ofTheFuture: {}, merged: null, toString: 'x' })
    Object.assign(at(file, 'conditions'), { coldStartMs: null })
    Object.assign(at(file, 'records', 'columns'), {
      ofTheFuture: 'packed',
      turn: [null, null, null],
    })
  }

  it('keeps only the beginning of a foreign text', () => {
    const example = { kind: 'regex', prompt: 'p', problem: 'q'.repeat(600), begins: null }
    const { invalidAnswers } = decoded(changed((file) => (file.invalidAnswers = [example])))
    expect(invalidAnswers).toEqual([{ kind: 'regex', prompt: 'p', problem: 'q'.repeat(500) }])
  })

  it('leaves out warnings of kinds that are not known yet', () => {
    const file = changed((f) => {
      f.warnings = [
        { kind: 'of-the-future', x: 1 },
        { kind: 'usage-missing', requests: 3 },
      ]
    })
    expect(decoded(file).warnings).toEqual([{ kind: 'usage-missing', requests: 3 }])
  })
})

describe('what a server said of itself', () => {
  const serverMetrics: ServerMetrics = {
    engine: 'vllm',
    readings: [
      { atMs: -3, running: 0, waiting: 0, queueMs: { sum: 1.5, count: 4 }, kvCacheUse: 0.25 },
      { atMs: 1001, running: 4, waiting: 7, queueMs: { sum: 90, count: 9 }, preemptions: 1 },
    ],
  }
  const run: Run = { ...sampleRun({ requests: 3, tokens: 2 }), serverMetrics }

  it('is kept with the run', () => {
    expect(decoded(encodeRun(run)).serverMetrics).toEqual(serverMetrics)
  })

  it.each([
    [{ ...serverMetrics, engine: 'other' }, 'serverMetrics.engine is "other"'],
    [{ engine: 'vllm', readings: [{ atMs: 'x' }] }, 'serverMetrics.readings[0].atMs is "x"'],
    [
      { engine: 'vllm', readings: new Array(4001).fill({ atMs: 1 }) },
      'has 4001 values; expected at most 4000',
    ],
  ])('is refused by place where it is something else', (value, problem) => {
    const text = changed((file) => Object.assign(file, { serverMetrics: value }))
    expect(problemOf(text)).toContain(problem)
  })
})
