// Which gates a pull request cannot have changed anything for. The base branch's config says by what a
// gate is affected; the two configs and the changed files say whether that differs. Whatever is not
// known counts as a change: then the gate measures.

import { isAffected, isReadAlike, unmatchedGlobs } from '../../config/config.ts'
import { unaffectedRun } from '../../gate/gate.ts'
import { annotate, type ChangedFiles } from '../../github/github.ts'
import type { Config, Gate } from '../../model/config.ts'
import type { BaselineContext, GateRun } from '../../model/ports.ts'
import { issueAnnotations } from './annotations.ts'
import { configAt, type JobConfig } from './configs.ts'
import type { Job } from './job.ts'
import { unlessUnknown } from './unless-unknown.ts'

export type Unaffected = ReadonlyMap<string, GateRun>

const NONE: Unaffected = new Map()

/** By name, with the result that says so: nothing has to be sent for them. */
export async function unaffectedGates(
  job: Job,
  read: JobConfig,
  contextOf: () => Promise<Pick<BaselineContext, 'mergeBase'>>,
): Promise<Unaffected> {
  const says = [...read.config.gates, ...(read.head?.config.gates ?? [])]
  if (says.every(({ affectedBy }) => affectedBy === undefined)) return NONE
  const { mergeBase } = await contextOf()
  const files = await changedFilesOf(job, mergeBase)
  warnOfGlobs(job, read, files)
  if (files === undefined || read.base === undefined || mergeBase === undefined) return NONE
  const before = await configsBefore(job, read.base, mergeBase)
  const gates = read.config.gates.filter((gate) => {
    const { affectedBy: globs } = gate
    if (globs === undefined || !before.some((config) => hasAlike(config, gate))) return false
    return !isAffected(files.changed, { globs, always: ownWorkflow(job) })
  })
  const changed = files.changed.size
  return new Map(gates.map((gate) => [gate.name, unaffectedRun(gate, changed)]))
}

/**
 * The tip of the base branch and the commit where the branches parted: a checkout of the merge equals
 * the first, one of the branch itself the second, where the pull request changes nothing of a gate.
 */
async function configsBefore(job: Job, tip: Config, mergeBase: string): Promise<readonly Config[]> {
  if (mergeBase === job.event.base?.sha) return [tip]
  const parted = await unlessUnknown(job, { ask: () => configAt(job, mergeBase) })
  return parted === undefined ? [tip] : [tip, parted]
}

function hasAlike({ gates }: Config, gate: Gate): boolean {
  return gates.some((one) => one.name === gate.name && isReadAlike(one, gate))
}

async function changedFilesOf(
  job: Job,
  mergeBase: string | undefined,
): Promise<ChangedFiles | undefined> {
  const { github, event } = job
  if (github === undefined || mergeBase === undefined) return undefined
  const range = { mergeBase, head: event.headSha, pullRequest: event.pullRequest }
  const files = await unlessUnknown(job, { ask: () => github.changedFiles(range) })
  if (files === undefined) {
    job.screen.step('the changed files are not known, so every gate is measured')
  }
  return files
}

/** What hands this job its inputs and environment: `owner/repo/PATH@ref`. */
function ownWorkflow({ env, event }: Job): readonly string[] {
  const [path = ''] = (env.GITHUB_WORKFLOW_REF ?? '').split('@')
  const own = `${event.owner}/${event.repo}/`
  return path.startsWith(own) ? [path.slice(own.length)] : []
}

function warnOfGlobs({ inputs }: Job, { head }: JobConfig, files: ChangedFiles | undefined): void {
  if (files?.all === undefined || head === undefined) return
  const source = { file: inputs.config, text: head.text }
  annotate(issueAnnotations(unmatchedGlobs(head.config.gates, source, files.all)))
}

/** As they are asked, whether they were measured or not. */
export function inOrderOf(
  questions: readonly { readonly gate: Gate }[],
  runs: readonly GateRun[],
): readonly GateRun[] {
  const names = questions.map(({ gate }) => gate.name)
  return runs.toSorted((a, b) => names.indexOf(a.result.gate) - names.indexOf(b.result.gate))
}
