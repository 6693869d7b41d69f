// The parts of the config's schema that name metrics and dialects, made from their tables: which limits and
// dialects a config may have. What a limit already says of itself (its default, its examples) stays as it is
// written in the schema.

import { DIALECTS } from '../../src/model/config.ts'
import { METRICS, type MetricRow, PERCENTILE_FAMILIES } from '../../src/model/metric.ts'
import { formatted } from './formatted.ts'

type Limits = {
  properties: Record<string, object>
  patternProperties: Record<string, object>
}

type Names = { enum: readonly string[]; 'x-legal': string }

/** Metrics whose default limits the schema spells out, beside the pattern for any percentile. */
const SPELLED_OUT = /^ttft_p(50|95|99)$/

export function configSchemaOfTables(text: string): string {
  const schema: { readonly $defs: { readonly limits: Limits; readonly api: Names } } =
    JSON.parse(text)
  const { limits, api } = schema.$defs
  api.enum = DIALECTS
  api['x-legal'] = `${DIALECTS.slice(0, -1).join(', ')} or ${DIALECTS.at(-1)}`
  const spelled = Object.entries(limits.properties).filter(([name]) => SPELLED_OUT.test(name))
  const others = METRICS.filter((row) => !row.percentiles).map((row): [string, object] => [
    row.family,
    limits.properties[row.family] ?? limitOf(row),
  ])
  limits.properties = Object.fromEntries([...spelled, ...others])
  const [pattern] = Object.values(limits.patternProperties)
  limits.patternProperties = {
    [`^(?!ttft_p(50|95|99)$)(${PERCENTILE_FAMILIES.join('|')})_p[0-9]{1,2}(\\.[0-9]{1,3})?$`]: {
      ...pattern,
      description: `${METRICS.filter((row) => row.percentiles)
        .map(({ family, definition }) => `\`${family}\`: ${definition}`)
        .join('; ')}. Any percentile above 0 and below 100.`,
    },
  }
  return formatted(schema)
}

function limitOf({ label, definition, unit, better, statistic }: MetricRow): object {
  const isRate = statistic === 'rate'
  const ofRate = better === 'lower' ? 'errorRateLimit' : 'goodputLimit'
  const ofShare = better === 'lower' ? 'shareLimit' : 'shareFloorLimit'
  const kinds = {
    ms: 'latencyLimit',
    USD: 'costLimit',
    tokens: 'tokensLimit',
    'tokens/s': 'speedLimit',
    'items/s': 'speedLimit',
    count: 'countLimit',
    ratio: isRate ? ofRate : ofShare,
  } as const
  const relative = isRate ? '2pp' : '50%'
  return {
    title: label,
    description: `${definition.charAt(0).toUpperCase()}${definition.slice(1)}.`,
    $ref: `#/$defs/${kinds[unit]}`,
    'x-default': 'not gated',
    examples: [better === 'lower' ? { increase: relative } : { decrease: relative }],
  }
}
