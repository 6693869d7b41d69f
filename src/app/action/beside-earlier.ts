// Run files of before, as the input names them: what the job measured, and nothing that the pull request
// brings along.

import { findFiles } from '../../disk/disk.ts'
import { GateError } from '../../model/errors.ts'
import type { GateRequest } from '../../model/ports.ts'
import { withEarlierRuns } from '../earlier-runs.ts'
import { nowIso } from '../run-identity.ts'
import type { Job } from './job.ts'

const INPUT = 'reference-results'

/** The requests with their earlier runs; as they are where the input names none. */
export async function besideEarlier(
  job: Job,
  requests: readonly GateRequest[],
): Promise<readonly GateRequest[]> {
  const { inputs, workspace } = job
  const { referenceResults } = inputs
  if (referenceResults === '') return requests
  await refuseCommitted(job, referenceResults)
  return await withEarlierRuns(requests, {
    patterns: [referenceResults],
    folder: workspace,
    asked: INPUT,
    nowIso: nowIso(),
  })
}

/** Whoever writes the run of before decides the verdict. */
async function refuseCommitted({ github, event, workspace }: Job, pattern: string): Promise<void> {
  if (github === undefined || event.headSha === '') return
  for (const path of findFiles(pattern, workspace)) {
    if ((await github.readFile(path, event.headSha)) === undefined) continue
    throw new GateError(
      'usage',
      `${INPUT}: ${path} is a file of the commit that is judged, so it is no measurement of this job`,
      'Let the job measure into a folder that is not in the repository.',
    )
  }
}
