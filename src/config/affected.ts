// Whether a pull request can have changed what a gate measures: only where the base branch's config
// says by what (`affected_by`), and only where nothing of that differs. In doubt it is measured.

import picomatch from 'picomatch/posix.js'
import type { ConfigIssue, Gate } from '../model/config.ts'
import { shown } from '../model/shown.ts'
import { isSameEndpoint } from './same-endpoint.ts'
import { nearestName } from './schema/schema.ts'
import { readYaml } from './yaml/yaml.ts'

/** The word of `affected_by` for a gate's own endpoint, workload and prices. They always count. */
export const OWN_SETTINGS = 'config'

/** Two readings of a gate by which the same would be measured, prompts' content and prices included. */
export function isReadAlike(a: Gate, b: Gate): boolean {
  return (
    isSameEndpoint(a.endpoint, b.endpoint) &&
    JSON.stringify([a.workload, a.prices, a.endpoint.idleMs, a.endpoint.auth]) ===
      JSON.stringify([b.workload, b.prices, b.endpoint.idleMs, b.endpoint.auth])
  )
}

export type AffectedBy = {
  readonly globs: readonly string[]
  /** Counts whatever the globs say: what hands this job its inputs and environment. */
  readonly always: readonly string[]
}

export function isAffected(changed: Iterable<string>, { globs, always }: AffectedBy): boolean {
  const matches = matcherOf(globs)
  return [...changed].some((path) => always.includes(path) || matches(path))
}

/** Dotted folders are folders like others: `**` is everything. */
function matcherOf(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false
  return picomatch([...globs], { dot: true, noextglob: true })
}

/** A glob that no file matches is a slip that would hide every change: each with the nearest path. */
export function unmatchedGlobs(
  gates: readonly Gate[],
  source: { readonly file: string; readonly text: string },
  paths: readonly string[],
): readonly ConfigIssue[] {
  const yaml = readYaml(source.text)
  return gates.flatMap(({ name, affectedBy = [] }) => {
    const missing = affectedBy.filter((glob) => !paths.some(matcherOf([glob])))
    return missing.map((glob): ConfigIssue => {
      const place = yaml.locate(['gates', name, 'affected_by'], 'value')
      return {
        file: source.file,
        ...place,
        path: `gates.${name}.affected_by`,
        message: `${shown(glob)} matches no file of the repository, so no change of one is noticed${suggestion(glob, paths)}`,
        severity: 'warning',
      }
    })
  })
}

function suggestion(glob: string, paths: readonly string[]): string {
  const nearest = nearestPath(glob, paths)
  return nearest === undefined ? '' : `; the nearest path is ${shown(nearest)}`
}

/** Longer lists are looked through in part: a suggestion is worth a moment, not more. */
const MOST_PATHS = 20_000

/** What stands before the first wildcard, against every file and folder. */
function nearestPath(glob: string, paths: readonly string[]): string | undefined {
  const literal = glob.replace(/[*?[{(].*$/, '').replace(/\/$/, '')
  const isFolder = literal !== glob
  const folders = paths.slice(0, MOST_PATHS).flatMap(foldersOf)
  const candidates = new Set(isFolder ? folders : [...paths.slice(0, MOST_PATHS), ...folders])
  return nearestName(literal, [...candidates])
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
