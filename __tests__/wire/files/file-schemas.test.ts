// The published schemas of the files that a store keeps are what is written and what is read: no member is
// written that they do not have, none is in them that is never written, and what reads is compiled of them.

import { describe, expect, it } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import epochSchema from '../../../schema/epoch.schema.json' with { type: 'json' }
import runSchema from '../../../schema/run.schema.json' with { type: 'json' }
import { filesAjv } from '../../../scripts/derived/file-validators.ts'
import { decodeEpoch, encodeEpoch } from '../../../src/wire/files/epoch-file.ts'
import { decodeRun, encodeRun } from '../../../src/wire/files/run-file.ts'
import {
  validateEpoch,
  validateRun,
  WARNING_KINDS,
} from '../../../src/wire/files/schema-validators.ts'
import { NOON_MS, sampleEpoch, sampleRun } from '../../baseline-samples.ts'
import { WARNINGS } from '../../report/every-kind.ts'
import { fullRun } from './full-run.ts'

const FULL_EPOCH = sampleEpoch(NOON_MS, {
  commit: 'c',
  branch: 'main',
  acceptedRunId: 'x',
  config: 'gate.yml',
  undoes: 'u',
})

/** As anybody would use it: nothing is taken out. */
function published(schema: object) {
  return new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    discriminator: true,
    keywords: ['x-legal'],
  }).compile(schema)
}

const FILES = [
  {
    name: 'run',
    schema: runSchema,
    compiled: validateRun,
    texts: [
      encodeRun(fullRun()),
      encodeRun(sampleRun({ requests: 4, failed: 2, tokens: 3 })),
      encodeRun({ ...sampleRun(), records: [], costsUsd: [] }),
    ],
    again: (text: string): string | undefined => {
      const decoded = decodeRun(text, 'run.json')
      return decoded.ok ? encodeRun(decoded.run) : undefined
    },
  },
  {
    name: 'epoch',
    schema: epochSchema,
    compiled: validateEpoch,
    texts: [encodeEpoch(FULL_EPOCH), encodeEpoch(sampleEpoch(NOON_MS))],
    again: (text: string): string | undefined => {
      const decoded = decodeEpoch(text, 'epoch.json')
      return decoded.ok ? encodeEpoch(decoded.epoch) : undefined
    },
  },
] as const

type Schema = { readonly [keyword: string]: unknown }

function schemaAt(holder: unknown, keyword: string): Schema | undefined {
  return (holder as Schema)[keyword] as Schema | undefined
}

/** Every member that a schema knows, by its way from the top; alternatives by their kind. */
function membersOf(schema: Schema, root: Schema, place = ''): string[] {
  if (typeof schema.$ref === 'string') {
    const target = schemaAt(root.$defs, schema.$ref.replace('#/$defs/', '')) ?? {}
    return membersOf(target, root, place)
  }
  const items = schemaAt(schema, 'items')
  const kinds = (schema.oneOf ?? []) as readonly Schema[]
  return [
    ...Object.entries(schemaAt(schema, 'properties') ?? {}).flatMap(([name, member]) => [
      `${place}.${name}`,
      ...membersOf(member as Schema, root, `${place}.${name}`),
    ]),
    ...(items === undefined ? [] : membersOf(items, root, `${place}[]`)),
    ...kinds.flatMap((kind) => {
      const { const: name } = schemaAt(kind.properties, 'kind') ?? {}
      return membersOf(kind, root, `${place}<${name}>`)
    }),
  ]
}

const TEXT_MAPS = /^\.(loadShape|subject)$/
const OF_KINDS = /^\.(invalidities|warnings)\[\]$/

function writtenMembers(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => writtenMembers(each, `${place}[]`))
  if (typeof value !== 'object' || value === null || TEXT_MAPS.test(place)) return []
  const here = OF_KINDS.test(place) ? `${place}<${(value as Schema).kind}>` : place
  return Object.entries(value).flatMap(([name, member]) => [
    `${here}.${name}`,
    ...writtenMembers(member, `${here}.${name}`),
  ])
}

describe.each(FILES)(
  'the published schema of $name files',
  ({ schema, compiled, texts, again }) => {
    it('has every member that is written, and none that never is', () => {
      const written = texts.flatMap((text) => writtenMembers(JSON.parse(text)))
      expect([...new Set(written)].sort()).toEqual([...new Set(membersOf(schema, schema))].sort())
    })

    it('accepts what is written', () => {
      const validate = published(schema)
      for (const text of texts) {
        validate(JSON.parse(text))
        expect(validate.errors).toBeNull()
        expect(again(text)).toBe(text)
      }
    })

    it('is what reading goes by: of changed files the compiled code says what Ajv says of it', () => {
      const atRunTime = filesAjv([schema]).getSchema(schema.$id)
      if (atRunTime === undefined) throw new Error('the schema did not compile')
      const outline = (errors: typeof compiled.errors) =>
        errors?.map(({ instancePath, keyword, params }) => ({ instancePath, keyword, params }))
      fc.assert(
        fc.property(changedFile(texts), (text) => {
          const [ours, theirs]: [unknown, unknown] = [JSON.parse(text), JSON.parse(text)]
          const accepts = atRunTime(theirs)
          expect(compiled(ours)).toBe(accepts)
          expect(outline(compiled.errors)).toEqual(outline(atRunTime.errors))
          expect(ours).toEqual(theirs)
        }),
        { numRuns: 1500, seed: 3 },
      )
    })

    it('accepts what is written of any file that reading accepts', () => {
      const validate = published(schema)
      let read = 0
      fc.assert(
        fc.property(changedFile(texts), (text) => {
          const rewritten = again(text)
          if (rewritten === undefined) return
          read += 1
          validate(JSON.parse(rewritten))
          expect(validate.errors).toBeNull()
          expect(again(rewritten)).toBe(rewritten)
        }),
        { numRuns: 1500, seed: 4 },
      )
      expect(read).toBeGreaterThan(50)
    })
  },
)

type Holder = Record<string, unknown>

/** The members of a file that its schema does not require, each with what holds it. */
function optionalMembers(value: unknown, schema: Schema, root: Schema): [Holder, string][] {
  if (typeof value !== 'object' || value === null) return []
  if (typeof schema.$ref === 'string') {
    const target = schemaAt(root.$defs, schema.$ref.replace('#/$defs/', '')) ?? {}
    return optionalMembers(value, target, root)
  }
  if (Array.isArray(value)) {
    const items = schemaAt(schema, 'items') ?? {}
    return value.flatMap((each) => optionalMembers(each, items, root))
  }
  const holder = value as Holder
  const kinds = (schema.oneOf ?? []) as readonly Schema[]
  const known = kinds.find(
    (kind) => schemaAt(schemaAt(kind, 'properties'), 'kind')?.const === holder.kind,
  )
  const shape = known ?? schema
  const required = (shape.required ?? []) as readonly string[]
  return Object.entries(schemaAt(shape, 'properties') ?? {}).flatMap(([name, member]) => [
    ...(required.includes(name) || !Object.hasOwn(holder, name) ? [] : [[holder, name] as never]),
    ...optionalMembers(holder[name], member as Schema, root),
  ])
}

const ALWAYS: readonly string[] = runSchema.properties.records.then.properties.columns.required
/** Where a usage is said. */
const COUNTS = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'reasoningTokens']

describe.each(FILES)('a $name file of an older version', ({ schema, texts: [text], again }) => {
  const optional = (file: unknown) =>
    optionalMembers(file, schema, schema).filter(
      ([, name]) => !ALWAYS.includes(name) && !COUNTS.includes(name),
    )

  it.each(['absent', 'null'])('is read where any member that is not required is %s', (how) => {
    const count = optional(JSON.parse(text)).length
    expect(count).toBeGreaterThan(4)
    for (let n = 0; n < count; n++) {
      const file: unknown = JSON.parse(text)
      const [holder, name] = optional(file)[n] ?? [{}, '']
      if (how === 'absent') delete holder[name]
      // Null is a cell of a column, and no column.
      else if (!Array.isArray(holder[name]) || !Object.hasOwn(holder, 'endMs')) holder[name] = null
      expect([name, again(JSON.stringify(file)) === undefined]).toEqual([name, false])
    }
  })

  it('is read where all of them are absent', () => {
    const file: unknown = JSON.parse(text)
    for (const [holder, name] of optional(file)) delete holder[name]
    expect(again(JSON.stringify(file))).not.toBe(undefined)
  })
})

const VALUES = [
  null,
  -1,
  0.5,
  3,
  1e300,
  2 ** 53,
  '',
  'x',
  'NaN',
  'y'.repeat(4001),
  '2026-11-01T12:00:00Z',
  '20261101T120000Z-00000001',
  true,
  false,
  [],
  [null],
  [['a']],
  {},
  { kind: 'of-the-future' },
  [{ kind: 'usage-missing' }],
  JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}'),
]
const NAMES = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'of-the-future',
  'arm',
  'kind',
  'items',
]

/** A file with one or two members replaced, taken out or added. */
function changedFile(texts: readonly string[]): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'take out', 'add'),
    value: fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 3 })),
    name: fc.constantFrom(...NAMES),
  })
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([text, changes]) => {
      const file: unknown = JSON.parse(text)
      for (const { at, how, value, name } of changes) {
        const all = holdersOf(file)
        const [holder, member] = all[at % all.length] ?? [{}, '']
        if (how === 'take out') Reflect.deleteProperty(holder, member)
        else {
          const key = how === 'add' ? name : member
          Object.defineProperty(holder, key, {
            value: structuredClone(value),
            enumerable: true,
            configurable: true,
            writable: true,
          })
        }
      }
      return JSON.stringify(file)
    })
}

function holdersOf(value: unknown): (readonly [Holder, string])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([member, inner]) => [
    [value as Holder, member] as const,
    ...holdersOf(inner),
  ])
}

describe('the kinds of warnings that a run file can have', () => {
  it('are those that there are', () => {
    expect([...WARNING_KINDS].sort()).toEqual(Object.keys(WARNINGS).sort())
  })
})
