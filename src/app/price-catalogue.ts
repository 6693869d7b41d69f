// Prices by the name of a model, from the catalogue that Pydantic keeps. It comes with the package, so
// nothing is asked of a network, and the same version gives the same prices. Only a config that names it
// pays for reading it.

import type { ModelPrice, Provider } from '@pydantic/genai-prices'
import manifest from '../../package.json' with { type: 'json' }
import type { CatalogueAnswer } from '../model/price-catalogue.ts'

const PACKAGE = '@pydantic/genai-prices'

/** The package cannot list its providers: these are asked for by name when one is not found. */
const WELL_KNOWN = [
  'anthropic',
  'aws',
  'azure',
  'cerebras',
  'cohere',
  'deepseek',
  'fireworks',
  'google',
  'groq',
  'mistral',
  'novita',
  'openai',
  'openrouter',
  'together',
  'x-ai',
]

/**
 * The prices of each `provider/model` on the day of `atIso`. Where they change with the hour, those of noon UTC,
 * or a run in the evening would seem cheaper than its baseline. Where they depend on the length of the
 * prompt, those of short prompts; `source` says up to which length they hold.
 */
export async function lookUpPrices(
  names: readonly string[],
  atIso: string,
): Promise<ReadonlyMap<string, CatalogueAnswer>> {
  if (names.length === 0) return new Map()
  const { calcPrice, findProvider } = await import('@pydantic/genai-prices')
  const noon = new Date(`${atIso.slice(0, 10)}T12:00:00Z`)

  function lookUp(name: string): CatalogueAnswer {
    const slash = name.indexOf('/')
    const providerId = name.slice(0, slash)
    const model = name.slice(slash + 1)
    const provider = providerNamed(providerId)
    if (provider === undefined) {
      const known = WELL_KNOWN.filter((id) => providerNamed(id) !== undefined)
      return { kind: 'no-provider', provider: providerId, known }
    }
    const found = calcPrice({ input_tokens: 0 }, model, { provider, timestamp: noon })
    if (found === null) {
      return { kind: 'no-model', model, known: provider.models.map(({ id }) => id) }
    }
    return pricesOf(`${provider.id}/${found.model.id}`, found.model_price)
  }

  /** By its id alone: the package itself would also take a name that merely contains one. */
  function providerNamed(id: string): Provider | undefined {
    const provider = findProvider({ providerId: id })
    return provider?.id === id ? provider : undefined
  }

  return new Map(names.map((name) => [name, lookUp(name)]))
}

function pricesOf(model: string, prices: ModelPrice): CatalogueAnswer {
  const input = perToken(prices.input_mtok)
  const output = perToken(prices.output_mtok)
  if (input === undefined || output === undefined) return { kind: 'no-token-prices', model }
  const longest = longestPrompt(prices)
  const upTo = longest === undefined ? '' : `, prompts up to ${longest} tokens`
  return {
    kind: 'prices',
    input,
    output,
    cachedInput: perToken(prices.cache_read_mtok) ?? input,
    reasoning: perToken(prices.output_reasoning_mtok) ?? output,
    request: (firstTier(prices.requests_kcount) ?? 0) / 1000,
    source: `${PACKAGE} ${manifest.dependencies[PACKAGE]}: ${model}${upTo}`,
  }
}

function perToken(perMillion: ModelPrice[string]): number | undefined {
  const usd = firstTier(perMillion)
  return usd === undefined ? undefined : usd / 1e6
}

function firstTier(price: ModelPrice[string]): number | undefined {
  return typeof price === 'object' ? price.base : price
}

/** Where the first more expensive tier begins; undefined where there is none. */
function longestPrompt(prices: ModelPrice): number | undefined {
  const starts = [prices.input_mtok, prices.output_mtok].flatMap((price) =>
    typeof price === 'object' ? price.tiers.map(({ start }) => start) : [],
  )
  return starts.length === 0 ? undefined : Math.min(...starts)
}
