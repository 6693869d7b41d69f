// Which variables of the environment a config fills into headers and into the parameters of a URL: their
// values are secrets, wherever else they turn up, and whatever is written before and behind them.

import { variablesOf } from './endpoint/endpoint.ts'
import { readYaml } from './yaml/yaml.ts'

/** Names, each once. None for text that cannot be read. */
export function secretVariablesOf(text: string): readonly string[] {
  const gates = membersOf(membersOf(readYaml(text).data).gates)
  const texts = Object.values(gates).flatMap((gate) => {
    const { endpoint, reference } = membersOf(gate)
    return [endpoint, reference].flatMap((arm) => {
      const { url, headers } = membersOf(arm)
      const query = typeof url === 'string' ? url.replace(/^[^?]*/, '') : ''
      return [query, ...Object.values(membersOf(headers))]
    })
  })
  const names = texts.flatMap((value) => (typeof value === 'string' ? variablesOf(value) : []))
  return [...new Set(names)]
}

function membersOf(value: unknown): { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
