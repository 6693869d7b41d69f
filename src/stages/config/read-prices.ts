// Prices: by tokens and requests, or by GPU hour, never both.

import type { Prices } from '../../model/config.ts'
import type { Path } from './locate.ts'
import { parseMoney, parseTokenPrice } from './quantities.ts'
import type { RawPrices } from './raw-config.ts'
import type { Reading } from './reading.ts'

const BY_TOKENS = ['input', 'cached_input', 'output', 'reasoning', 'per_request'] as const

export function readPrices(raw: RawPrices | undefined, path: Path, reading: Reading): Prices {
  if (raw === undefined) return { kind: 'none' }
  for (const { member, message } of problemsOf(raw)) {
    reading.report({ path: [...path, member], message })
  }
  if (raw.gpu_hour !== undefined) {
    return { kind: 'gpu-hour', usdPerHour: parseMoney(raw.gpu_hour), gpus: raw.gpus ?? 1 }
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
    source: 'the config',
  }
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
  const byTokens = BY_TOKENS.find((member) => raw[member] !== undefined)
  if (raw.gpu_hour !== undefined && byTokens !== undefined) {
    const message = `\`gpu_hour\` and \`${byTokens}\` cannot stand together; keep the one you are billed by`
    problems.push({ member: 'gpu_hour', message })
  }
  return problems
}
