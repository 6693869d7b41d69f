// report.json against its published schema, back to the same comment, and as a stranger may forge it.

import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import schema from '../../../schema/report.schema.json' with { type: 'json' }
import type { JobResult } from '../../../src/model/verdict.ts'
import { describe as describeResult, reportTexts } from '../../../src/report/describe/describe.ts'
import { describeProblem } from '../../../src/report/describe/problem.ts'
import { markdown } from '../../../src/report/render/markdown/markdown.ts'
import {
  decodeReport,
  encodeReport,
  LARGEST_REPORT_FILE,
} from '../../../src/wire/files/report-file.ts'
import {
  ATTRIBUTIONS,
  HELD_BACK,
  INVALIDITIES,
  NOTES,
  REASONS,
  SETTLEMENTS,
  WARNINGS,
} from '../../report/every-kind.ts'
import { jsonOf } from '../../report/goldens.ts'
import { STATES } from '../../report/states.ts'

const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  discriminator: true,
}).compile(schema)

const states = STATES.flatMap((state) => ('jobResult' in state ? [state] : []))
const [passed] = states

function passedResult(): JobResult {
  if (passed === undefined) throw new Error('there is no state to start from')
  return passed.jobResult
}

function encode(jobResult: JobResult): string {
  return encodeReport(jobResult, reportTexts(jobResult))
}

describe('report.json', () => {
  it.each(STATES)('of the state $name matches the published schema', (state) => {
    validate(JSON.parse(jsonOf(state)))
    expect(validate.errors).toBeNull()
  })

  it('has the members of the contract, by name', () => {
    const file = JSON.parse(encode(passedResult()))
    const [gate] = file.gates
    expect(Object.keys(file)).toEqual(
      expect.arrayContaining(['schemaVersion', 'tool', 'verdict', 'headline', 'gates']),
    )
    expect(Object.keys(gate)).toEqual(
      expect.arrayContaining(
        'name verdict headline metrics errors cost requests conditions subject'.split(' '),
      ),
    )
    expect(Object.keys(gate.metrics[0])).toEqual(
      expect.arrayContaining(
        'id unit baseline candidate change interval limit verdict reason requests history'.split(
          ' ',
        ),
      ),
    )
    expect(Object.keys(gate.cost)).toEqual(expect.arrayContaining(['spentUsd', 'perAnswerUsd']))
    expect(gate.metrics[1].limit).toEqual({
      increase: 0.1,
      floor: 30,
      ceiling: 2000,
      must_detect: 0.3,
      stated: true,
    })
    expect(gate.metrics[0].reason).toEqual({
      kind: 'ruled-out',
      mustDetect: 0.2,
      text: 'no regression: +20 % or worse would have been seen with 95 % probability',
    })
  })

  it('says null for what is not known, and why a value has no number', () => {
    const ceiling = states.find(({ name }) => name === 'failed-by-ceiling')
    const noBaseline = states.find(({ name }) => name === 'no-baseline')
    const failed = JSON.parse(encode(ceiling?.jobResult ?? passedResult())).gates[0].metrics[2]
    expect(failed).toMatchObject({ candidate: null, failuresReach: ['candidate'] })
    const first = JSON.parse(encode(noBaseline?.jobResult ?? passedResult())).gates[0].metrics[0]
    expect(first).toMatchObject({ baseline: null, change: null, interval: null, failuresReach: [] })
  })

  it('mirrors the words of a limit where higher is better', () => {
    const jobResult = passedResult()
    const [gate] = jobResult.gates
    const [metric] = gate?.metrics ?? []
    if (gate === undefined || metric === undefined) throw new Error('no metric to start from')
    const speed = {
      ...metric,
      id: 'output_tokens_per_second',
      unit: 'tokens/s',
      better: 'higher',
      limit: {
        metric: 'output_tokens_per_second',
        family: 'output_tokens_per_second',
        quantile: 0.5,
        worsening: 0.1,
        floor: 0,
        ceiling: 25,
        mustDetect: 0.2,
        drift: 0.3,
        stated: false,
      },
    } as const
    const text = encode({ ...jobResult, gates: [{ ...gate, metrics: [speed] }] })
    expect(JSON.parse(text).gates[0].metrics[0].limit).toEqual({
      decrease: 0.1,
      floor: 0,
      minimum: 25,
      must_detect: 0.2,
      drift: 0.3,
      stated: false,
    })
    const decoded = decodeReport(text)
    expect(
      decoded.ok && decoded.report.kind === 'result'
        ? decoded.report.jobResult.gates[0]?.metrics[0]?.limit
        : decoded,
    ).toEqual(speed.limit)
  })

  it.each(states)('of the state $name gives the same comment when read again', ({ jobResult }) => {
    const decoded = decodeReport(encode(jobResult))
    if (!decoded.ok || decoded.report.kind !== 'result') throw new Error(JSON.stringify(decoded))
    const { runUrl, ...context } = jobResult.context
    const unverified = { ...jobResult, context: { ...context, verified: false } }
    expect(markdown(describeResult(decoded.report.jobResult), 65_000)).toBe(
      markdown(describeResult(unverified), 65_000),
    )
    expect(runUrl).toBeDefined()
  })

  it.each(STATES.filter((state) => 'problem' in state))(
    'of the problem $name gives the same comment when read again',
    (state) => {
      const decoded = decodeReport(jsonOf(state))
      if (!decoded.ok || decoded.report.kind !== 'problem') throw new Error(JSON.stringify(decoded))
      expect('problem' in state && describeProblem(state.problem)).toEqual(
        describeProblem(decoded.report.problem),
      )
    },
  )

  it('holds every kind of reason, warning, note, invalidity and settlement', () => {
    const jobResult = passedResult()
    const [gate] = jobResult.gates
    const [metric] = gate?.metrics ?? []
    if (gate === undefined || metric === undefined) throw new Error('no metric to start from')
    const full: JobResult = {
      ...jobResult,
      gates: [
        {
          ...gate,
          metrics: Object.values(REASONS).map((reason, index) => ({
            ...metric,
            reason,
            settles: Object.values(SETTLEMENTS),
            heldBack: Object.values(HELD_BACK)[index % Object.values(HELD_BACK).length],
            detectable: { at80: Number.POSITIVE_INFINITY, best: 0.1 },
            interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
          })),
          invalidities: Object.values(INVALIDITIES),
          warnings: Object.values(WARNINGS),
          notes: Object.values(NOTES),
          attributions: ATTRIBUTIONS,
        },
      ],
    }
    const text = encode(full)
    validate(JSON.parse(text))
    expect(validate.errors).toBeNull()
    const decoded = decodeReport(text)
    const result = decoded.ok && decoded.report.kind === 'result' ? decoded.report.jobResult : null
    expect(result?.gates[0]).toMatchObject({
      invalidities: Object.values(INVALIDITIES),
      warnings: Object.values(WARNINGS),
      notes: Object.values(NOTES),
      attributions: ATTRIBUTIONS,
    })
    expect(result?.gates[0]?.metrics.map(({ reason }) => reason)).toMatchObject(
      Object.values(REASONS),
    )
    expect(result?.gates[0]?.metrics.slice(0, 5).map(({ heldBack }) => heldBack)).toEqual(
      Object.values(HELD_BACK),
    )
    expect(result?.gates[0]?.metrics[0]?.interval).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
  })
})

describe('a report from a stranger', () => {
  const forged = (change: (file: Record<string, unknown>) => void): string => {
    const file = JSON.parse(encode(passedResult()))
    change(file)
    return JSON.stringify(file)
  }

  it('keeps no address of its own and is marked as not verified', () => {
    const decoded = decodeReport(encode(passedResult()))
    const context =
      decoded.ok && decoded.report.kind === 'result' ? decoded.report.jobResult.context : undefined
    expect(context).toMatchObject({ verified: false })
    expect(context).not.toHaveProperty('runUrl')
  })

  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['is cut short', encode(passedResult()).slice(0, 900), /^is not JSON$/],
    ['is empty', '', /^is not JSON$/],
    ['is a list', '[]', /the file is an empty list; expected a mapping/],
    ['is too long', ' '.repeat(LARGEST_REPORT_FILE + 1), /is longer than/],
    ['is nested without end', '['.repeat(200_000), /^is not JSON$/],
    [
      'is of a newer version',
      forged((file) => {
        file.schemaVersion = 2
      }),
      /has schema version 2; this program reads up to 1/,
    ],
    [
      'has a verdict of its own',
      forged((file) => {
        file.verdict = 'excellent'
      }),
      /: verdict is "excellent"; expected one of passed, /,
    ],
    [
      'has text for a number',
      forged((file) => {
        file.requests = '<b>200</b>'
      }),
      /: requests is "<b>200<\/b>"; expected a whole number/,
    ],
    [
      'has text that is too long',
      forged((file) => {
        file.headline = 'x'.repeat(20_001)
      }),
      /: headline is "x{60}…"; expected text of at most 20000 characters/,
    ],
    [
      'has more gates than anybody has',
      forged((file) => {
        file.gates = Array.from({ length: 1001 }, () => null)
      }),
      /: gates has 1001 values; expected at most 1000/,
    ],
    [
      'leaves the context out',
      forged((file) => {
        file.context = null
      }),
      /: context is null; expected a mapping/,
    ],
  ]

  it.each(cases)('that %s is refused with the reason', (_name, text, problem) => {
    const decoded = decodeReport(text)
    expect(decoded).toEqual({ ok: false, problem: expect.stringMatching(problem) })
  })

  it('with an unknown kind of reason is refused', () => {
    const file = JSON.parse(encode(passedResult()))
    file.gates[0].metrics[0].reason = { kind: 'because', text: 'x' }
    expect(decodeReport(JSON.stringify(file))).toMatchObject({ ok: false })
  })

  it('never makes reading or writing the comment throw, whatever member is replaced', () => {
    const original = encode(passedResult())
    const places = pathsOf(JSON.parse(original))
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (path, value) => {
        const decoded = decodeReport(JSON.stringify(replaced(JSON.parse(original), path, value)))
        if (decoded.ok && decoded.report.kind === 'result') {
          markdown(describeResult(decoded.report.jobResult), 65_000)
        }
      }),
      { numRuns: 400, seed: 7 },
    )
  })
})

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name])),
  ]
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return by
  const copy: Record<string, unknown> = { ...value }
  copy[name] = replaced(copy[name], rest, by)
  return Array.isArray(value) ? Object.values(copy) : copy
}
