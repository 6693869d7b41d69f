// Gating a change: measure (or take saved runs), judge against the baseline branch, publish.

import { storeOfConfig } from '../../baseline/baseline.ts'
import { MissingLogin } from '../../cloud/cloud.ts'
import {
  heldFor,
  historyOf,
  jobResultOf,
  judgedBetween,
  judgeSaved,
  runGate,
} from '../../gate/gate.ts'
import { annotate, maskSecret } from '../../github/github.ts'
import { isCounted } from '../../model/asked.ts'
import { GateError } from '../../model/errors.ts'
import { exitCodeOfVerdicts, exitCodeWithoutSecrets } from '../../model/exit-codes.ts'
import type { GateRequest, GateRun } from '../../model/ports.ts'
import type { BaselineStore } from '../../model/store.ts'
import { ownerOf } from '../config-owner.ts'
import { gatePorts } from '../ports.ts'
import { asAsked, asProposed, configsOf, questionsOf } from '../questions.ts'
import { keepRuns, runFiles } from '../report-folder.ts'
import { gateRequests, runAll, withTurns } from '../run-gates.ts'
import { nowIso } from '../run-identity.ts'
import { mergedByGate, readRuns, runsOfConfig } from '../saved-runs.ts'
import { type BranchPlace, withBranchStore } from '../stores.ts'
import { inOrderOf, unaffectedGates } from './affected.ts'
import { issueAnnotations } from './annotations.ts'
import { besideEarlier } from './beside-earlier.ts'
import { type JobConfig, readJobConfig } from './configs.ts'
import { acceptedBy, baselineContext, configOfJob, provenanceOf, reportContext } from './context.ts'
import { type Job, remoteUrl } from './job.ts'
import { publishProblem, publishResult } from './publish-report.ts'
import { besideRecorded } from './recorded-inputs.ts'
import { isWithoutLogin } from './trust.ts'

export async function gate(job: Job): Promise<number> {
  const read = await readGateConfig(job)
  annotate(issueAnnotations(read.warnings))
  const acceptance = await acceptedBy(job, read.config.policy.acceptLabel)
  const context = await baselineContext(job)
  const unaffected = await unaffectedGates(job, read, async () => context)
  const questions = questionsOf(read.base, read.config, acceptance.accept !== undefined)
  const planned = gateRequests({
    ...configsOf(questions, read),
    context,
    provenance: provenanceOf(job),
    accept: acceptance.accept,
  }).filter(({ gate: { name } }) => !unaffected.has(name))
  const requests = await besideEarlier(job, asProposed(planned, questions))
  const taken = await measuredUnlessWithoutLogin(job, read, requests)
  if (taken === 'without-login') return await noSecrets(job, read)
  const measured = judgedBetween(taken, requests).map((one) => asAsked(one, questions))
  const gateRuns = inOrderOf(questions, [...unaffected.values(), ...measured])
  if (isWithoutSecrets(job, gateRuns)) return await noSecrets(job, read)
  const results = gateRuns.map(({ result }) => result)
  const jobResult = jobResultOf(results, reportContext(job, read, acceptance))
  const twins = gateRuns.flatMap(({ gate: name, twins: one }) =>
    one ? [{ gate: name, ...one }] : [],
  )
  await publishResult(job, jobResult, { runs: runFiles(gateRuns), twins })
  return exitCodeOfVerdicts(
    results.filter(isCounted).map(({ verdict }) => verdict),
    read.config.policy,
    jobResult.context.dropped,
  )
}

/** Who is given no secrets has no login either. */
async function measuredUnlessWithoutLogin(
  job: Job,
  read: JobConfig,
  requests: readonly GateRequest[],
): Promise<readonly GateRun[] | 'without-login'> {
  try {
    return requests.length === 0 ? [] : await measureOrTake(job, read, requests)
  } catch (error) {
    const isExpected = error instanceof MissingLogin && job.event.withoutSecrets !== undefined
    if (isExpected) return 'without-login'
    throw error
  }
}

/** With the base branch's question, from its config or from what it has recorded. */
export async function readGateConfig(job: Job): Promise<JobConfig> {
  const read = await readJobConfig(job)
  if (read.base !== undefined || job.event.base === undefined) return read
  return await withBranchStore(placeOf(job, read), (store) => besideRecorded(job, read, store))
}

function measureOrTake(
  job: Job,
  read: JobConfig,
  requests: readonly GateRequest[],
): Promise<readonly GateRun[]> {
  return withStore(job, read, (store) =>
    job.inputs.results === ''
      ? measureAll(job, read, { requests, store })
      : judgeAllSaved(job, { requests, store }),
  )
}

type Work = { readonly requests: readonly GateRequest[]; readonly store: BaselineStore }

export function withStore<Result>(
  job: Job,
  read: JobConfig,
  act: (store: BaselineStore) => Promise<Result>,
): Promise<Result> {
  const owner = ownerOf(configOfJob(job), read.config, read.base)
  return withBranchStore(placeOf(job, read), (store) => act(storeOfConfig(store, owner)))
}

function placeOf(job: Job, { config }: JobConfig): BranchPlace {
  const { event, inputs, env, signal } = job
  return {
    remoteUrl: remoteUrl(event),
    branch: config.baseline.branch,
    token: inputs.githubToken === '' ? undefined : inputs.githubToken,
    reportDir: inputs.reportDir,
    working: workingBranches(job),
    env,
    signal,
  }
}

function workingBranches({ event, env }: Job): readonly string[] {
  const { defaultBranch, base, branch } = event
  return [defaultBranch, base?.branch, branch, env.GITHUB_HEAD_REF].flatMap((name) => name || [])
}

export function portsOf(job: Job, { config, reach }: JobConfig, store: BaselineStore) {
  const { inputs, env, signal, screen } = job
  return gatePorts({
    env,
    store,
    keys: {
      candidate: inputs.apiKey || undefined,
      reference: inputs.referenceApiKey || undefined,
    },
    policy: config.policy,
    reach,
    signal,
    screen,
    mask: maskSecret,
    withoutLogin: isWithoutLogin(job),
  })
}

async function measureAll(job: Job, read: JobConfig, { requests, store }: Work) {
  const ports = portsOf(job, read, store)
  return await runAll<GateRun>(
    await withTurns(requests, ports),
    (request) => runGate(request, ports),
    await keepRuns(job.reportDir),
  )
}

/** Judges run files of other jobs. A gate without one is refused: it would pass unseen. */
async function judgeAllSaved(job: Job, { requests, store }: Work): Promise<readonly GateRun[]> {
  const { results } = job.inputs
  const read = runsOfConfig(await readRuns([results], job.workspace), configOfJob(job))
  const saved = mergedByGate(read)
  return await runAll<GateRun>(
    requests,
    async (request) => {
      const run = saved.get(request.gate.name)
      if (run === undefined) {
        throw new GateError(
          'usage',
          `no run file of the gate ${request.gate.name} matches ${results}; found are ${[...saved.keys()].join(', ')}`,
          'Let every shard job upload its report folder, and download all of them before this step.',
        )
      }
      const contents = await store.read(request.gate.name)
      const stored = { contents, nowIso: nowIso(), held: heldFor(request) }
      const history = historyOf(run, request, stored)
      return judgeSaved(run, request, history)
    },
    await keepRuns(job.reportDir),
  )
}

/** A fork's job that the endpoint refused for want of a key was not measured, whatever it sent. */
function isWithoutSecrets({ event, inputs }: Job, gateRuns: readonly GateRun[]): boolean {
  if (event.withoutSecrets === undefined || inputs.apiKey !== '') return false
  return gateRuns.some(({ invalidities }) =>
    invalidities.some(
      (one) => one.kind === 'nothing-completed' && (one.status === 401 || one.status === 403),
    ),
  )
}

async function noSecrets(job: Job, { config }: JobConfig): Promise<number> {
  const who = job.event.withoutSecrets ?? 'fork'
  const level = 'notice' as const
  const message =
    'This run is given no secrets, so the endpoint could not be asked: nothing was judged.'
  const isBlocking = config.policy.noSecrets === 'fail'
  await publishProblem(job, { kind: 'no-secrets', who, isBlocking }, [
    { level, title: 'Not measured', message },
  ])
  return exitCodeWithoutSecrets(config.policy)
}
