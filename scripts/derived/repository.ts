// Who owns the repository. package.json's `repository` is the one place that says it; every other
// file that names an address is written from there by `npm run docs`.

/** Stands for the owner until there is one. No release is made with it. */
export const PLACEHOLDER = 'OWNER'

export type Repository = { readonly owner: string; readonly name: string }

/** Throws where package.json names no GitHub repository. */
export function repositoryOf(manifest: { readonly repository?: string }): Repository {
  const match = /^github:([\w.-]+)\/([\w.-]+)$/.exec(manifest.repository ?? '')
  const [, owner, name] = match ?? []
  if (owner === undefined || name === undefined) {
    throw new Error('package.json needs "repository": "github:OWNER/NAME"')
  }
  return { owner, name }
}

/** Files that name the repository, below these folders or by themselves. */
export const NAMING = [
  'README.md',
  'SECURITY.md',
  'docs',
  'examples',
  'schema',
  '.github',
  'Dockerfile',
] as const

/** A text with every address of the repository moved to its owner, whoever it was before. */
export function withOwner(text: string, { owner, name }: Repository): string {
  const used = new RegExp(`(?<![\\w./-])[\\w-]+(?=/${name}(?:@v\\d|['"]?:))`, 'g')
  const hosted = new RegExp(`((?:github|githubusercontent)\\.com/)[\\w-]+(?=/${name}\\b)`, 'g')
  const asked = new RegExp(`(--repo )[\\w-]+(?=/${name}\\b)`, 'g')
  const image = new RegExp(`(ghcr\\.io/)[\\w-]+(?=/${name}\\b)`, 'g')
  return text
    .replace(used, owner)
    .replace(hosted, `$1${owner}`)
    .replace(asked, `$1${owner}`)
    .replace(image, `$1${owner.toLowerCase()}`)
    .replaceAll(`@${PLACEHOLDER}\n`, `@${owner}\n`)
}
