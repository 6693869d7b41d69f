// Against which stored runs a job is judged, who accepted what, and what the report says of the job.

import { hasGateInputs } from '../../config/config.ts'
import type { Opening } from '../../gate/gate.ts'
import { annotate, type GithubClient, type PullRequest } from '../../github/github.ts'
import { blockingOf, droppedOf } from '../../model/blocking.ts'
import { GateError } from '../../model/errors.ts'
import type { BaselineContext } from '../../model/ports.ts'
import type { Provenance } from '../../model/run.ts'
import { TOOL } from '../../model/tool.ts'
import type { Dropped, ReportContext } from '../../model/verdict.ts'
import { configPath } from '../config-owner.ts'
import { droppedGates } from '../questions.ts'
import type { JobConfig } from './configs.ts'
import type { Job } from './job.ts'

/** Runs of older commits than these are hardly kept: see baseline.keep. */
const ANCESTORS = 500

export async function baselineContext(job: Job): Promise<BaselineContext> {
  const { event } = job
  const { base, defaultBranch } = event
  const own = base?.branch ?? event.branch ?? defaultBranch
  return {
    baseBranch: own,
    defaultBranch,
    ...(await commonHistory(job)),
  }
}

/** Where the branches parted. Without it later runs may be taken, and the report says so. */
async function commonHistory(job: Job): Promise<Pick<BaselineContext, 'mergeBase' | 'ancestors'>> {
  const { github, event, screen } = job
  if (github === undefined || event.base === undefined) return {}
  try {
    const { mergeBase } = await github.mergeBase(event.base.sha, event.headSha)
    return { mergeBase, ancestors: await github.ancestors(mergeBase, ANCESTORS) }
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    screen.step(`the merge base is not known: ${error.message}`)
    return {}
  }
}

/** Absent where inputs stand for a config. */
export function configOfJob({ inputs, workspace }: Job): string | undefined {
  return hasGateInputs(inputs.gate) ? undefined : configPath(inputs.config, { folder: workspace })
}

export function provenanceOf(job: Job): Provenance {
  const { event, mode } = job
  const { headSha, branch, base, runUrl, actor } = event
  const spokenFor = mode === 'record' ? (branch ?? event.defaultBranch) : base?.branch
  return {
    commit: headSha || undefined,
    branch: spokenFor,
    runUrl,
    actor,
    config: configOfJob(job),
    inputs: inputsOfJob(job),
  }
}

/** What a pull request will be asked as the base branch asked it, whatever inputs it brings itself. */
function inputsOfJob({ inputs: { gate } }: Job): Provenance['inputs'] {
  if (!hasGateInputs(gate)) return undefined
  const { model, api, limits, requests } = gate
  return { model, api, limits, requests }
}

/**
 * The accept label, as far as it speaks of this very commit: a label that was there before the last
 * push accepted something else and has to be set again.
 */
export async function acceptedBy(job: Job, label: string): Promise<LabelAcceptance> {
  const { event, github } = job
  const { pullRequest: number } = event
  if (number === undefined) return {}
  const accept = { label, by: event.sender }
  const isThisEvent = event.action === 'labeled' && event.label === label
  if (github === undefined) return isThisEvent ? { accept } : {}
  const pull = await ifAllowed(() => github.pullRequest(number))
  if (isThisEvent && (pull === undefined || pull.labels.includes(label))) return { accept }
  if (pull === undefined || pull.headSha !== event.headSha) return {}
  return await labelSpeaks(github, pull, label)
}

export type LabelAcceptance = {
  readonly accept?: { readonly label: string; readonly by?: string }
  /** The label is there and was set for an earlier commit: it accepts nothing of this one. */
  readonly isStale?: true
}

export async function labelSpeaks(
  github: GithubClient,
  pull: PullRequest,
  label: string,
): Promise<LabelAcceptance> {
  if (!pull.labels.includes(label)) return {}
  const found = await ifAllowed(() => github.labelOnHead(pull, label))
  if (found?.kind === 'set') return { accept: { label, by: found.by } }
  const message = `The label ${label} is not known to have been set after ${pull.headSha.slice(0, 7)} was pushed, so it does not count: take it off and set it again.`
  annotate([{ level: 'notice', title: 'Accepted for an older commit', message }])
  return { isStale: true }
}

/** What GitHub refuses to tell is said and done without: it takes nothing from the measurement. */
async function ifAllowed<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    const message = `${error.message} ${error.remedy}`
    annotate([{ level: 'warning', title: 'Labels are not known', message }])
    return undefined
  }
}

/** Who opens a new level with the run about to be recorded; undefined when nobody does. */
export async function openingOf(job: Job, label: string): Promise<Opening | undefined> {
  const { github, event } = job
  if (event.acceptInput !== undefined) {
    return { by: event.actor, reason: event.acceptInput.reason, how: 'dispatch' }
  }
  if (github === undefined || event.name !== 'push') return undefined
  const merged = await ifAllowed(() => github.mergedPullRequestOf(event.headSha))
  if (merged === undefined || (await labelSpeaks(github, merged, label)).accept === undefined) {
    return undefined
  }
  return {
    by: merged.merged?.by ?? event.actor,
    reason: `#${merged.number} was merged with the label ${label}`,
    how: 'label',
  }
}

/** What the head drops of the base's gates; a label that speaks for this commit accepts it. */
function droppedHere(
  { base, config: { policy }, head }: JobConfig,
  { accept }: LabelAcceptance,
): Dropped | undefined {
  const gates = head === undefined ? [] : droppedGates(base, head.config)
  return droppedOf(gates, policy, accept !== undefined)
}

export function reportContext(
  job: Job,
  read: JobConfig,
  acceptance: LabelAcceptance = {},
): ReportContext {
  const { event, mode } = job
  const { config, ...trust } = read
  return {
    tool: TOOL,
    mode: mode === 'record' ? 'record' : 'gate',
    preview: job.inputs.endpointUrl === '' ? undefined : true,
    headCommit: event.headSha || undefined,
    ...(event.base === undefined
      ? {}
      : { baseCommit: event.base.sha, baseBranch: event.base.branch }),
    runUrl: event.runUrl,
    config: configOfJob(job),
    limitsFrom: trust.limitsFrom,
    proposedChanges: trust.proposedChanges,
    dropped: droppedHere(read, acceptance),
    acceptLabel: config.policy.acceptLabel,
    acceptLabelIsStale: acceptance.isStale,
    blocking: blockingOf(config.policy),
  }
}
