// Prices: by tokens and requests, by GPU hour, or as a catalogue says; never two of them.

import type { Prices } from '../model/config.ts'
import type { CatalogueAnswer, CataloguePrices } from '../model/price-catalogue.ts'
import { shown } from '../model/shown.ts'
import { parseMoney, parseTokenPrice } from './quantities.ts'
import type { RawPrices } from './raw-config.ts'
import type { ConfigReading } from './reading.ts'
import { nearestName } from './schema/schema.ts'
import type { Path } from './yaml/yaml.ts'

const BY_TOKENS = ['input', 'cached_input', 'output', 'reasoning', 'per_request'] as const

export function readPrices(raw: RawPrices | undefined, path: Path, reading: ConfigReading): Prices {
  if (raw === undefined) return { kind: 'none' }
  for (const { member, message } of problemsOf(raw)) {
    reading.report({ path: [...path, member], message })
  }
  const per = raw.per === 'valid_answer' ? ({ per: 'valid-answer' } as const) : {}
  if (raw.gpu_hour !== undefined) {
    const usdPerHour = parseMoney(raw.gpu_hour)
    return { kind: 'gpu-hour', usdPerHour, gpus: raw.gpus ?? 1, ...per }
  }
  if (raw.catalogue !== undefined) {
    return { ...readCatalogue(raw.catalogue, [...path, 'catalogue'], reading), ...per }
  }
  const input = price(raw.input, 0)
  const output = price(raw.output, 0)
  return {
    kind: 'tokens',
    input,
    cachedInput: price(raw.cached_input, input),
    output,
    reasoning: price(raw.reasoning, output),
    request: raw.per_request === undefined ? 0 : parseMoney(raw.per_request),
    ...per,
  }
}

/** A name that the catalogue does not have is told, and stands for prices of nothing. */
function readCatalogue(name: string, path: Path, reading: ConfigReading): Prices {
  const answer = reading.catalogue.get(name)
  if (answer?.kind === 'prices') return { ...answer, kind: 'tokens' }
  const problem = answer === undefined ? `${shown(name)} was not looked up` : unknownName(answer)
  reading.report({ path, message: `${problem}; name another, or write \`input\` and \`output\`` })
  return { kind: 'tokens', input: 0, cachedInput: 0, output: 0, reasoning: 0, request: 0 }
}

function unknownName(answer: Exclude<CatalogueAnswer, CataloguePrices>): string {
  switch (answer.kind) {
    case 'no-provider': {
      const { provider, known } = answer
      return `the catalogue has no provider ${shown(provider)}${meant(provider, known)}; among those it has are ${known.join(', ')}`
    }
    case 'no-model':
      return `the catalogue has no model ${shown(answer.model)} of that provider${meant(answer.model, answer.known)}`
    case 'no-token-prices':
      return `${shown(answer.model)} is not billed by text tokens`
  }
}

function meant(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known)
  return nearest === undefined ? '' : ` (did you mean \`${nearest}\`?)`
}

function price(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseTokenPrice(text)
}

type PriceProblem = { readonly member: string; readonly message: string }

function problemsOf(raw: RawPrices): readonly PriceProblem[] {
  const problems: PriceProblem[] = []
  const needs = (member: keyof RawPrices, other: keyof RawPrices): void => {
    if (raw[member] === undefined || raw[other] !== undefined) return
    problems.push({ member, message: `\`${member}\` needs \`${other}\` beside it; add it` })
  }
  needs('input', 'output')
  needs('output', 'input')
  needs('gpus', 'gpu_hour')
  if (raw.input === undefined && raw.output === undefined) {
    needs('cached_input', 'input')
    needs('reasoning', 'output')
  }
  if (Object.keys(raw).every((member) => member === 'per')) {
    const message = '`per` divides a cost, and there are no prices beside it; add them'
    problems.push({ member: 'per', message })
  }
  const byTokens = BY_TOKENS.find((member) => raw[member] !== undefined)
  if (raw.gpu_hour !== undefined && byTokens !== undefined) {
    const message = `\`gpu_hour\` and \`${byTokens}\` cannot stand together; keep the one you are billed by`
    problems.push({ member: 'gpu_hour', message })
  }
  const other = Object.keys(raw).find((member) => member !== 'catalogue' && member !== 'per')
  if (raw.catalogue !== undefined && other !== undefined) {
    const message = `\`catalogue\` and \`${other}\` cannot stand together; keep one of them`
    problems.push({ member: 'catalogue', message })
  }
  return problems
}
