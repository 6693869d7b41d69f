// JSON Schemas as the code that Ajv makes of them, written ahead of time: compiling one when a file is
// read takes 90 ms. The code is long, so it is written as short as it can be, without a line break: a
// schema's texts for people stay out, and names in it say nothing.

import type { Ajv2020 } from 'ajv/dist/2020.js'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { transformSync } from 'esbuild'

/** Annotations of our own: legal values as a person reads them, and defaults that are computed. */
export const ANNOTATIONS = ['x-legal', 'x-default']

/** What no code asks for. `x-legal` stays: messages are made of it. */
const TEXTS = new Set(['title', 'description', 'examples', 'x-default'])
/** Keywords whose members are named by people, and those whose value is data. */
const NAMES = new Set(['properties', 'patternProperties', '$defs'])
const DATA = new Set(['const', 'default', 'enum'])

export function withoutTexts<T extends object>(schema: T): T {
  const copy: T = structuredClone(schema)
  takeOutTexts(copy)
  return copy
}

function takeOutTexts(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return
  for (const [keyword, value] of Object.entries(schema)) {
    if (TEXTS.has(keyword)) Reflect.deleteProperty(schema, keyword)
    else if (NAMES.has(keyword)) Object.values(value).forEach(takeOutTexts)
    else if (Array.isArray(value) && !DATA.has(keyword)) value.forEach(takeOutTexts)
    else if (!DATA.has(keyword)) takeOutTexts(value)
  }
}

/** Run time and types disagree about where the function of this CommonJS module is. */
type Standalone = (ajv: Ajv2020, exported: Readonly<Record<string, string>>) => string
const standalone = standaloneModule as unknown as Standalone

/** What generated code may use of Ajv when it runs: lengths in characters, as JSON Schema counts them. */
const UCS2LENGTH = 'require("ajv/dist/runtime/ucs2length").default'

/** Which keyword of which schema a complaint is of: nobody asks, and it is a tenth of the code. */
const SCHEMA_PATH = /schemaPath:"(?:[^"\\]|\\.)*",/g

/** The text of a TypeScript module; `exported` is each validator's name and the `$id` of its schema. */
export function compiledSchemas(
  ajv: Ajv2020,
  exported: Readonly<Record<string, string>>,
  header: string,
): string {
  const code = standalone(ajv, exported)
  const usesLength = code.includes(UCS2LENGTH)
  const used = code.replaceAll(UCS2LENGTH, 'ucs2length.default').replaceAll(SCHEMA_PATH, '')
  const short = shortened(used)
  if (short.includes('require(')) {
    throw new Error('the schema uses a keyword whose compiled code needs Ajv at run time')
  }
  return `${header}
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
// @ts-nocheck: generated

import type { ErrorObject } from 'ajv/dist/2020.js'
${usesLength ? "import ucs2length from 'ajv/dist/runtime/ucs2length.js'\n" : ''}
type Validator = { (data: unknown): boolean; errors?: readonly Omit<ErrorObject, 'schemaPath'>[] | null }

${short}
`
}

/** Minified, with the validators' types. */
function shortened(code: string): string {
  const { code: short } = transformSync(code, { minify: true, format: 'esm', target: 'node22' })
  const [all, list] = /export\{([^}]*)\};?\s*$/.exec(short) ?? []
  if (all === undefined || list === undefined) throw new Error('the validators export nothing')
  const typed = list.split(',').map((one) => {
    const [local, name] = one.split(' as ')
    return `export const ${name}: Validator = ${local}`
  })
  return `${short.slice(0, -all.length)}\n${typed.join('\n')}`
}
