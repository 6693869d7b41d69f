// Recording on the base branch: measure, judge by the history, and store what is sound. A regression
// that was merged fails this job and is kept apart until somebody accepts the new level.

import { join } from 'node:path'
import { jobResultOf, type Opening, type RecordedGate } from '../../gate/gate.ts'
import { annotate } from '../../github/github.ts'
import { isCounted } from '../../model/asked.ts'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import { EXIT } from '../../model/exit-codes.ts'
import type { BaselineStore } from '../../model/store.ts'
import type { Acceptance } from '../../model/verdict.ts'
import { writeHistory } from '../history-files.ts'
import { exitCodeOfRecord, recordGates, standingLines } from '../record-gates.ts'
import { recordSeries } from '../record-series.ts'
import { keepRuns, runFiles } from '../report-folder.ts'
import { gateRequests } from '../run-gates.ts'
import { mergedByGate, readRuns, requestsOfSaved, runsOfConfig } from '../saved-runs.ts'
import { issueAnnotations } from './annotations.ts'
import { type JobConfig, readJobConfig } from './configs.ts'
import { baselineContext, configOfJob, openingOf, provenanceOf, reportContext } from './context.ts'
import { firstRunsOf, withFirstRuns } from './first-runs.ts'
import { portsOf, withStore } from './gate.ts'
import type { Job } from './job.ts'
import { withMergedTwins } from './merged-twins.ts'
import { publishResult } from './publish-report.ts'

export async function record(job: Job): Promise<number> {
  const read = await readJobConfig(job)
  annotate(issueAnnotations(read.warnings))
  const opening = await openingOf(job, read.config.policy.acceptLabel)
  const { signal, screen } = job
  const setting = {
    series: job.inputs.series,
    signal,
    announce: (text: string) => screen.step(text),
  }
  // Whoever accepts means what is measured now: the runs after the first have to keep up with it.
  const recorded = await recordSeries(
    setting,
    (isFirst) => recordOnce(job, read, isFirst ? opening : undefined),
    (gates) => codeOf(gates) === EXIT.passed,
  )
  const jobResult = jobResultOf(
    recorded.map(({ result }) => result),
    reportContext(job, read),
  )
  await publishResult(job, jobResult, { runs: runFiles(recorded) })
  return codeOf(recorded)
}

function codeOf(recorded: readonly RecordedGate[]): number {
  const hasFailed = recorded.some(({ result }) => isCounted(result) && result.verdict === 'failed')
  return exitCodeOfRecord(recorded, hasFailed)
}

async function recordOnce(
  job: Job,
  read: JobConfig,
  opening: Opening | undefined,
): Promise<readonly RecordedGate[]> {
  const { config } = read
  const rest = {
    context: await baselineContext(job),
    provenance: provenanceOf(job),
    accept: acceptanceOf(opening, config.policy.acceptLabel),
  }
  const requests = await withMergedTwins(job, gateRequests({ config, ...rest }))
  const { results } = job.inputs
  const saved =
    results === ''
      ? undefined
      : mergedByGate(runsOfConfig(await readRuns([results], job.workspace), configOfJob(job)))
  return await withStore(job, read, async (store) => {
    const ports = portsOf(job, read, store)
    const isMeasured = saved === undefined && opening === undefined
    const firstRuns = isMeasured ? await firstRunsOf(job, config, store) : []
    const gates = await recordGates({
      config,
      requests:
        saved === undefined
          ? withFirstRuns(requests, firstRuns, (gate) =>
              gateRequests({ config: { ...config, gates: [gate] }, ...rest }),
            )
          : requestsOfSaved(requests, saved),
      ports,
      opening,
      keep: await keepRuns(job.reportDir),
      saved,
    })
    for (const line of standingLines(gates, store.place)) job.screen.step(line)
    await keepHistory(job, config, store)
    return gates
  })
}

/** The page and the badge, to be published by a later step. The recording does not depend on them. */
async function keepHistory(job: Job, config: Config, store: BaselineStore): Promise<void> {
  try {
    await writeHistory({
      folder: join(job.reportDir, 'history'),
      title: `Inference history of ${job.event.owner}/${job.event.repo}`,
      gates: config.gates,
      config: configOfJob(job),
      store,
    })
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    job.screen.step(`there is no history page: ${error.message}`)
  }
}

function acceptanceOf(opening: Opening | undefined, label: string): Acceptance | undefined {
  if (opening === undefined) return undefined
  const { by, reason } = opening
  return opening.how === 'label' ? { label, by } : { reason, by }
}
