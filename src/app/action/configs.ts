// The configs of a job: the head's says what is measured, the base branch's says by which limits. A
// pull request cannot loosen the gate that judges it.

import { combineTrusted, hasGateInputs, mostInFlight } from '../../config/config.ts'
import { annotate, maskSecret } from '../../github/github.ts'
import type { Config, ConfigIssue, Policy } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { MemberChange } from '../../model/history.ts'
import { COMMON_IN_FLIGHT } from '../../model/in-flight.ts'
import {
  type ConfigOverrides,
  ConfigProblems,
  type ConfigRequest,
  filesOf,
  firstOf,
  type ReadConfig,
  type ReadFile,
  readConfig,
  readConfigIfThere,
} from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import { refuseTwoProofs } from '../logins.ts'
import type { Reach } from '../ports.ts'
import { readConfigOfInputs } from './config-of-inputs.ts'
import type { Job } from './job.ts'
import {
  type Rules,
  reachOf,
  refuseRecording,
  refuseUntrusted,
  refuseUntrustedLogin,
} from './trust.ts'

export type JobConfig = {
  readonly config: Config
  /** The base branch's own; absent where it has none or the event has no base. */
  readonly base?: Config
  readonly reach: Reach
  readonly limitsFrom: 'base' | 'head'
  readonly proposedChanges: readonly MemberChange[]
  /** The head's file as it stands there, with its own rules; absent where inputs stand for it. */
  readonly head?: ReadConfig
  readonly warnings: readonly ConfigIssue[]
}

export async function readJobConfig(job: Job): Promise<JobConfig> {
  const { inputs, env } = job
  if (hasGateInputs(inputs.gate)) return await configWithoutFile(job)
  const rules = await readRules(job)
  refuseUntrusted(job, rules)
  const base = rules.kind === 'known' ? rules.config : undefined
  const head = await readConfig({
    file: inputs.config,
    read: headFiles(job),
    env,
    overrides: overridesOf(job),
    trusted: trustedBy(rules),
    mostInFlight: mostInFlightBy(rules),
    judged: job.mode === 'measure' || inputs.results !== '' ? 'elsewhere' : 'here',
  })
  for (const secret of head.secrets) maskSecret(secret)
  refuseUntrustedLogin(job, rules, head.config)
  refuseTwoProofs(head.config, {
    ...(inputs.apiKey === '' ? {} : { key: 'api-key' }),
    ...(inputs.referenceApiKey === '' ? {} : { referenceKey: 'reference-api-key' }),
  })
  return {
    ...combineTrusted(base, head.config),
    base,
    head,
    reach: reachOf(job, rules),
    warnings: head.warnings,
  }
}

/**
 * Rules that a pull request brings itself, unless the workflow that says them is the base branch's.
 * Whoever wrote the workflow holds its secrets, and says here where they go.
 */
async function configWithoutFile(job: Job): Promise<JobConfig> {
  refuseRecording(job)
  const files = [headFiles(job), ...baseFiles(job)]
  const config = await readConfigOfInputs(job, { files, overrides: overridesOf(job) })
  const base = job.event.name === 'pull_request_target' ? config : undefined
  return { ...combineTrusted(base, config), reach: { kind: 'anywhere' }, warnings: [] }
}

/** Throws GateError where nobody could see whether the base branch has a config, which would win. */
function baseFiles({ github, event: { base } }: Job): readonly ReadFile[] {
  if (base === undefined) return []
  if (github === undefined) {
    throw new GateError(
      'usage',
      `whether ${base.branch} has a config cannot be seen without a github-token, so nothing was sent`,
      "Leave the input github-token away: the job's own token is the default.",
    )
  }
  return [async (path) => github.readFile(path, await github.branchTip(base.branch))]
}

/** Without rules no variable may be named; there is no key that a host could be given. */
function trustedBy(rules: Rules): Pick<Policy, 'allowedHosts' | 'allowedEnv'> | undefined {
  if (rules.kind === 'own') return undefined
  return rules.kind === 'known' ? rules.config.policy : { allowedHosts: [], allowedEnv: [] }
}

/** Also where nobody's rules are known: what runs then has no word of the base branch behind it. */
function mostInFlightBy(rules: Rules): number | undefined {
  if (rules.kind === 'own') return undefined
  return rules.kind === 'known' ? mostInFlight(rules.config) : COMMON_IN_FLIGHT
}

function overridesOf({ inputs }: Job): ConfigOverrides {
  return {
    endpointUrl: inputs.endpointUrl || undefined,
    referenceUrl: inputs.referenceUrl || undefined,
  }
}

/** The checkout where there is one; else the API at the judged commit. */
function headFiles(job: Job): ReadFile {
  const { workspace, github, event } = job
  const checkout = filesOf(workspace)
  if (github === undefined || event.headSha === '') return checkout
  return firstOf(checkout, (path) => github.readFile(path, event.headSha))
}

/**
 * Those of the base branch as it is now, read through the API and never from the working tree, which
 * the pull request wrote.
 */
async function readRules(job: Job): Promise<Rules> {
  const { github, event, inputs } = job
  const { base } = event
  if (base === undefined) return { kind: 'own' }
  if (github === undefined)
    return unknown(`the config of ${base.branch} cannot be read without a github-token`)
  const tip = await github.branchTip(base.branch)
  const read: ReadFile = (path) => github.readFile(path, tip)
  try {
    const found = await readBase(job, read)
    if (found === undefined) return unknown(`${base.branch} has no ${inputs.config}`)
    const config = inputs.referenceUrl === '' ? found : await withReference(job, read, found)
    return { kind: 'known', config }
  } catch (error) {
    if (!(error instanceof ConfigProblems) || error instanceof InputProblems) throw error
    const [first] = error.issues
    const where = first === undefined ? '' : ` (${issueLine(first)})`
    return unknown(`${inputs.config} on ${base.branch} cannot be read${where}`)
  }
}

/** Said where it is not refused: the change is then judged by limits of its own. */
function unknown(why: string): Rules {
  annotate([
    {
      level: 'warning',
      title: 'Config of the base branch',
      message: `This change is judged by its own limits, if at all, because ${why}.`,
    },
  ])
  return { kind: 'unknown', why }
}

async function readBase(
  { inputs, env }: Job,
  read: ReadFile,
  more: Pick<ConfigRequest, 'trusted'> & { readonly referenceUrl?: string } = {},
): Promise<Config | undefined> {
  const { trusted, ...overrides } = more
  const found = await readConfigIfThere({
    file: inputs.config,
    read,
    env,
    overrides,
    trusted,
    unsetEnv: 'blank',
  })
  return found?.config
}

/** A problem of an input, which takes nothing from the base branch's word. */
class InputProblems extends ConfigProblems {}

/** The base's own settings at the URL of the input, where the base lets a key go there. */
async function withReference(job: Job, read: ReadFile, base: Config): Promise<Config> {
  const { referenceUrl } = job.inputs
  try {
    return (await readBase(job, read, { referenceUrl, trusted: base.policy })) ?? base
  } catch (error) {
    if (error instanceof ConfigProblems) throw new InputProblems('reference-url', error.issues)
    throw error
  }
}

/** The config as it is at a commit, with its own endpoint; undefined where it has none. */
export async function configAt(job: Job, commit: string): Promise<Config | undefined> {
  const { github, inputs, env } = job
  if (github === undefined) return undefined
  const { endpointUrl: _, ...overrides } = overridesOf(job)
  const read = await readConfigIfThere({
    file: inputs.config,
    read: (path) => github.readFile(path, commit),
    env,
    overrides,
    unsetEnv: 'blank',
  })
  return read?.config
}
