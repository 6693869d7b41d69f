// What every reader of a part of a configuration is given: a way to report problems, and what is
// trusted. Readers never stop at a problem; they report it and go on with a stand-in value.

import type { Policy } from '../model/config.ts'
import type { CatalogueAnswer } from '../model/price-catalogue.ts'
import type { Path, PointAt } from './yaml/yaml.ts'

export type OnProblem = (problem: Problem) => void

export type Problem = {
  readonly path: Path
  readonly message: string
  /** Default: the value. */
  readonly pointAt?: PointAt
  /** Default: an error. */
  readonly severity?: 'error' | 'warning'
  /** A place in another file, when the problem is not in the configuration itself. */
  readonly elsewhere?: { readonly file: string; readonly line?: number; readonly column?: number }
}

export type ConfigReading = {
  readonly report: OnProblem
  readonly files: ReadonlyMap<string, string>
  readonly catalogue: ReadonlyMap<string, CatalogueAnswer>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whose hosts and variables are allowed: the base branch's policy where there is one. */
  readonly trusted: Pick<Policy, 'allowedHosts' | 'allowedEnv'>
  readonly unsetEnv: 'refuse' | 'blank'
  /** URLs from outside the file, by an input or an argument. Absent = the file's own. */
  readonly endpointUrl?: string
  readonly referenceUrl?: string
}
