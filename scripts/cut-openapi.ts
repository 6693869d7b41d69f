// Cuts the operations that the tests' GitHub server checks requests against out of GitHub's own
// description of its REST API. Run it with the path of @octokit/openapi's
// generated/api.github.com.json, which is too large to be a dependency.

import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Json = null | boolean | number | string | Json[] | { [member: string]: Json }
type Members = { [member: string]: Json }

/** Path and methods; everything they refer to comes along. */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/comments/{comment_id}': ['get', 'patch', 'delete'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/timeline': ['get'],
  '/repos/{owner}/{repo}/activity': ['get'],
  '/repos/{owner}/{repo}/git/ref/{ref}': ['get'],
  '/repos/{owner}/{repo}/pulls': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['get'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/files': ['get'],
  '/repos/{owner}/{repo}/git/trees/{tree_sha}': ['get'],
  '/repos/{owner}/{repo}/commits': ['get'],
  '/repos/{owner}/{repo}/commits/{commit_sha}/pulls': ['get'],
  '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
  '/repos/{owner}/{repo}/contents/{path}': ['get'],
  '/user': ['get'],
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(root, '__tests__/fixtures/github-openapi.json')

function cut(source: Members): Members {
  const paths: Members = {}
  for (const [path, methods] of Object.entries(OPERATIONS)) {
    const item = membersOf(membersOf(source.paths)[path])
    paths[path] = Object.fromEntries(
      Object.entries(item).filter(([name]) => methods.includes(name) || name === 'parameters'),
    )
  }
  const info = membersOf(source.info)
  return {
    openapi: source.openapi ?? null,
    info: {
      title: info.title ?? null,
      version: info.version ?? null,
      license: info.license ?? null,
      'x-source':
        'A subset of generated/api.github.com.json of @octokit/openapi 23.0.2 (MIT), made by scripts/cut-openapi.ts',
    },
    paths: lean(paths),
    components: components(source, paths),
  }
}

/** Follows references until no new one turns up. */
function components(source: Members, paths: Members): Members {
  const found: Members = {}
  let open = referencesIn(paths)
  while (open.length > 0) {
    const next: string[] = []
    for (const reference of open) {
      const [, , group = '', name = ''] = reference.split('/')
      const place = membersOf(found[group] ?? {})
      found[group] = place
      if (place[name] !== undefined) continue
      const value = lean(membersOf(membersOf(source.components)[group])[name] ?? null)
      place[name] = value
      next.push(...referencesIn(value))
    }
    open = next
  }
  return found
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  )
}

/** Prose is left out; examples stay whole, as the server answers with them. */
function lean(value: Json): Json {
  if (Array.isArray(value)) return value.map(lean)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(
    ([name, inner]) =>
      !(name === 'description' && typeof inner === 'string') &&
      !(name === 'x-github' || name === 'externalDocs' || name === 'x-multi-segment'),
  )
  const lighter = Object.fromEntries(
    kept.map(([name, inner]) => [name, isExample(name, inner) ? inner : lean(inner)]),
  )
  // Ajv takes "nullable" beside a type only: the alternative null says the same.
  if (lighter.nullable === true && lighter.type === undefined) {
    const { nullable: _, ...rest } = lighter
    const alternatives = rest.oneOf === undefined ? 'anyOf' : 'oneOf'
    return { ...rest, [alternatives]: [...listOf(rest[alternatives]), { enum: [null] }] }
  }
  // A response must have a description, even an empty one.
  return 'description' in value && 'content' in value ? { description: '', ...lighter } : lighter
}

function listOf(value: Json | undefined): Json[] {
  if (!Array.isArray(value)) throw new Error('nullable stands beside neither type nor anyOf')
  return value
}

/** A property may bear such a name as well: then it holds a schema. */
function isExample(name: string, value: Json): boolean {
  const isSchema =
    value !== null &&
    typeof value === 'object' &&
    ['type', '$ref', 'allOf', 'anyOf', 'oneOf'].some((key) => key in value)
  return EXAMPLES.has(name) && !isSchema
}

const EXAMPLES: ReadonlySet<string> = new Set(['example', 'value'])

function membersOf(value: Json | undefined): Members {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error('the description does not have the expected members')
  }
  return value
}

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('usage: node scripts/cut-openapi.ts PATH/TO/api.github.com.json')
  process.exit(2)
}
const text = `${JSON.stringify(cut(JSON.parse(readFileSync(path, 'utf8'))))}\n`
writeFileSync(target, text)
console.log(`${target}: ${Math.round(text.length / 1000)} kB`)
