// What two deployments of the same thing differ by is learnt from merged pull requests: the job that
// records the base branch reads it from the gate's own comment and stores it with its run. Of a pull request
// nothing is taken but two numbers, which can move what is learnt by little.

import { isTwinsOf } from '../../github/github.ts'
import type { GateRequest } from '../../model/ports.ts'
import type { Job } from './job.ts'
import { unlessUnknown } from './unless-unknown.ts'

/** The requests, each with what the pull request that was just merged has shown of its gate. */
export async function withMergedTwins(
  job: Job,
  requests: readonly GateRequest[],
): Promise<readonly GateRequest[]> {
  // A token that may not read pull requests takes nothing from the recording.
  const merged = await unlessUnknown(job, {
    ask: () => mergedTwins(job),
    what: 'what the merged pull request measured is not known',
  })
  if (merged === undefined) return requests
  return requests.map((request) => {
    const found = merged.twins.find((one) => isTwinsOf(one, request.gate.name))
    if (found === undefined) return request
    const { difference, error } = found
    const { pullRequest } = merged
    const provenance = { ...request.provenance, merged: { pullRequest, difference, error } }
    return { ...request, provenance }
  })
}

/**
 * Only of a pull request of this repository that was merged into this branch, and of the commit that was
 * merged: a fork's figures are a stranger's.
 */
async function mergedTwins({ github, event, inputs }: Job) {
  if (github === undefined || event.name !== 'push') return undefined
  const pull = await github.mergedPullRequestOf(event.headSha)
  if (pull?.merged === undefined || pull.isFork || pull.baseRef !== event.branch) return undefined
  const { number: pullRequest, headSha } = pull
  const marker = await github.ownMarker({ key: inputs.config, pullRequest })
  if (marker?.twins === undefined || marker.headCommit !== headSha.toLowerCase()) return undefined
  return { pullRequest, twins: marker.twins }
}
