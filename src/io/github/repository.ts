// Which repository is spoken of.

export type Repository = { readonly owner: string; readonly repo: string }
