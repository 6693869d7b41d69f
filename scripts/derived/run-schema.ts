// The parts of the run files' schema that other tables say: outcomes, engines, metrics and the like from
// the model, why a run is void and what it warns of from the report's schema, which says them as well.

import { ANSWER_FAULTS, VALIDITIES } from '../../src/model/expectation.ts'
import { FAMILIES } from '../../src/model/metric.ts'
import { FINISHES, OUTCOMES } from '../../src/model/request-record.ts'
import { MOST_RECORDS } from '../../src/model/run.ts'
import { ENGINES } from '../../src/model/server-metrics.ts'
import { formatted } from './formatted.ts'

type Member = {
  readonly const?: string
  readonly enum?: readonly (string | null)[]
  readonly type?: string
  readonly minimum?: number
}

type Kind = {
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, Member>>
}

type OfKinds = { readonly oneOf: readonly Kind[] }

type RunSchema = {
  readonly properties: {
    readonly invalidities: { items: object }
    readonly warnings: { items: object }
    readonly unknowns: { readonly items: { readonly properties: { family: object } } }
    readonly serverMetrics: { readonly properties: { engine: object } }
    readonly invalidAnswers: { maxItems: number; items: { properties: { kind: object } } }
    readonly costsUsd: Column
    readonly records: { readonly properties: { readonly count: { maximum: number } } }
  }
  readonly $defs: Record<'outcomeColumn' | 'validityColumn' | 'finishColumn', Column>
}

type Column = { items: object; maxItems?: number }

/** Both are texts of schemas; of the report's, only what it says of a run is used. */
export function runSchemaOfTables(text: string, report: string): string {
  const schema: RunSchema = JSON.parse(text)
  const { $defs: ofReport }: { readonly $defs: Record<'invalidity' | 'warning', OfKinds> } =
    JSON.parse(report)
  const { properties, $defs } = schema
  properties.invalidities.items = ofKinds(ofReport.invalidity)
  properties.warnings.items = ofKinds(ofReport.warning)
  properties.unknowns.items.properties.family = { enum: FAMILIES }
  properties.serverMetrics.properties.engine = { enum: ENGINES }
  properties.invalidAnswers.items.properties.kind = { enum: ANSWER_FAULTS }
  properties.invalidAnswers.maxItems = ANSWER_FAULTS.length
  $defs.outcomeColumn.items = { enum: OUTCOMES }
  $defs.validityColumn.items = { enum: [...VALIDITIES, null] }
  $defs.finishColumn.items = { enum: [...FINISHES, null] }
  properties.records.properties.count.maximum = MOST_RECORDS
  for (const column of [properties.costsUsd, ...Object.values($defs)]) {
    if (column.maxItems !== undefined) column.maxItems = MOST_RECORDS
  }
  return formatted(schema)
}

/** Of no run, but of a gate that a report leaves out. */
const OF_NO_RUN = 'not-reported'
const LONGEST_TEXT = 4000

/** Closed, so that a reader leaves out what it does not know. */
function ofKinds({ oneOf }: OfKinds): object {
  const kinds = oneOf.filter(({ properties }) => properties.kind?.const !== OF_NO_RUN)
  return {
    type: 'object',
    required: ['kind'],
    discriminator: { propertyName: 'kind' },
    oneOf: kinds.map(({ required, properties }) => ({
      required,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, member]) => [
          name,
          ofRun(member, required.includes(name)),
        ]),
      ),
      additionalProperties: false,
    })),
  }
}

/** Null counts as absent; texts are as long as everywhere in a run file, and any number is one. */
function ofRun({ minimum: _, ...member }: Member, isRequired: boolean): object {
  if (member.type === undefined) return isRequired ? member : orNull(member)
  const type = member.type === 'integer' ? 'number' : member.type
  const longest = type === 'string' ? { maxLength: LONGEST_TEXT } : {}
  return { ...member, type: isRequired ? type : [type, 'null'], ...longest }
}

function orNull({ const: only, ...member }: Member): object {
  return { ...member, enum: [...(member.enum ?? [only ?? '']), null] }
}
