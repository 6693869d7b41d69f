// What a public catalogue of prices says of one model.

/** USD per token and per request. */
export type CataloguePrices = {
  readonly kind: 'prices'
  readonly input: number
  readonly cachedInput: number
  readonly output: number
  readonly reasoning: number
  readonly request: number
  /** The package with its version, and the model as the catalogue names it. */
  readonly source: string
}

export type CatalogueAnswer =
  | CataloguePrices
  /** `known`: some that it has. */
  | { readonly kind: 'no-provider'; readonly provider: string; readonly known: readonly string[] }
  | { readonly kind: 'no-model'; readonly model: string; readonly known: readonly string[] }
  /** It is billed by something else than text tokens: images, seconds, pages. */
  | { readonly kind: 'no-token-prices'; readonly model: string }
