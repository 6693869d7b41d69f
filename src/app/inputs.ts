// The action's inputs, read once from the environment the runner gives and checked all together.

import { posix } from 'node:path'
import { type GateInputs, gateInputProblems, hasGateInputs } from '../config/config.ts'
import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'
import { type RunSeries, seriesOf } from './record-series.ts'

export const MODES = ['auto', 'gate', 'record', 'measure', 'publish'] as const
export type Mode = (typeof MODES)[number]

export const COMMENT_POLICIES = ['always', 'on-change', 'on-failure', 'never'] as const
export type CommentPolicy = (typeof COMMENT_POLICIES)[number]

export type Inputs = {
  readonly config: string
  /** A gate without a config file; every member empty where there is one. */
  readonly gate: GateInputs
  readonly mode: Mode
  /** Empty text means "not given" for the seven below. */
  readonly endpointUrl: string
  readonly referenceUrl: string
  readonly apiKey: string
  readonly referenceApiKey: string
  readonly results: string
  /** For a recording: how many runs, and how often one begins. */
  readonly series: RunSeries
  readonly referenceResults: string
  readonly githubToken: string
  readonly comment: CommentPolicy
  readonly reportDir: string
}

/**
 * Reads the inputs as the runner passes them: `INPUT_` and the upper-case name, hyphens kept.
 * Throws GateError('usage') naming every input that has an illegal value, with the legal ones.
 */
export function readInputs(env: Environment): Inputs {
  const text = (name: string) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
  const problems: string[] = []
  const choice = <T extends string>(name: string, legal: readonly T[], fallback: T): T => {
    const value = text(name)
    const found = legal.find((item) => item === value)
    if (found === undefined && value !== '') {
      problems.push(`input ${name} is "${value}"; legal values: ${legal.join(', ')}`)
    }
    return found ?? fallback
  }
  const gate = {
    url: text('url'),
    model: text('model'),
    api: text('api'),
    limits: text('limits'),
    requests: text('requests'),
  }
  const { series, problems: wrongSeries } = seriesOf(
    { times: text('times'), every: text('every') },
    (option) => `input ${option}`,
  )
  problems.push(...wrongSeries)
  if (series.times > 1 && text('results') !== '') {
    problems.push('input times cannot repeat the saved runs of results')
  }
  if (hasGateInputs(gate)) problems.push(...gateInputProblems(gate))
  const inputs: Inputs = {
    // As the API and annotations name a file: from the root, without `./`, whatever the system's signs.
    config: posix.normalize(text('config').replaceAll('\\', '/') || '.github/inference-gate.yml'),
    gate,
    mode: choice('mode', MODES, 'auto'),
    endpointUrl: text('endpoint-url'),
    referenceUrl: text('reference-url'),
    apiKey: text('api-key'),
    referenceApiKey: text('reference-api-key'),
    results: text('results'),
    series,
    referenceResults: text('reference-results'),
    githubToken: text('github-token'),
    comment: choice('comment', COMMENT_POLICIES, 'always'),
    reportDir: text('report-dir') || 'inference-gate-report',
  }
  if (problems.length > 0) {
    throw new GateError(
      'usage',
      problems.join('; '),
      'Correct the `with:` block of the workflow step.',
    )
  }
  return inputs
}
