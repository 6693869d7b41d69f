// The base branch's question where no config says it: inputs are the workflow's word, and on a pull
// request the workflow is the pull request's own. What the base branch was asked is known from its
// recorded runs, so that edited inputs lead nowhere around the gate.

import { combineTrusted, configOfInputs, GATE_OF_INPUTS } from '../../config/config.ts'
import type { Config } from '../../model/config.ts'
import type { StoreContents } from '../../model/history.ts'
import type { Run } from '../../model/run.ts'
import type { BaselineStore } from '../../model/store.ts'
import { ConfigProblems, readConfig } from '../config-source.ts'
import { issueLine } from '../issue-lines.ts'
import type { JobConfig } from './configs.ts'
import type { Job } from './job.ts'

/** As read, where the base branch has a config or has recorded nothing by inputs. */
export async function besideRecorded(
  job: Job,
  read: JobConfig,
  store: BaselineStore,
): Promise<JobConfig> {
  const { base: event } = job.event
  if (event === undefined || read.base !== undefined) return read
  const base = await recordedConfig(job, { store, branch: event.branch, like: read.config })
  if (base === undefined) return read
  const { reach } = read
  const origins = base.gates.map(({ endpoint }) => new URL(endpoint.url).origin)
  return {
    ...read,
    ...combineTrusted(base, read.head?.config ?? read.config),
    base,
    reach:
      reach.kind === 'anywhere' ? reach : { ...reach, origins: [...reach.origins, ...origins] },
  }
}

export type Recorded = {
  readonly store: BaselineStore
  readonly branch: string | undefined
  /** Of two steps with inputs each is asked its own question again. */
  readonly like: Config
}

/** Undefined where the branch has no accepted run that inputs asked for. */
export async function recordedConfig(
  job: Job,
  { store, branch, like }: Recorded,
): Promise<Config | undefined> {
  const run = newestOf(await store.read(GATE_OF_INPUTS), branch, like)
  const inputs = run?.provenance.inputs
  if (run === undefined || inputs === undefined) return undefined
  const url = urlOf(run) ?? like.gates[0]?.endpoint.url ?? ''
  try {
    const { config } = await readConfig({
      file: `the inputs of run ${run.id}`,
      read: async () => configOfInputs({ ...inputs, url }),
      env: job.env,
      overrides: {},
    })
    return config
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    const [first] = error.issues
    job.screen.step(
      `what run ${run.id} was asked cannot be asked again${first === undefined ? '' : `: ${issueLine(first)}`}`,
    )
    return undefined
  }
}

function newestOf(
  { runs }: StoreContents,
  branch: string | undefined,
  like: Config,
): Run | undefined {
  const own = runs.flatMap(({ run, standing }) =>
    standing === 'accepted' &&
    run.provenance.inputs !== undefined &&
    run.provenance.branch === branch
      ? [run]
      : [],
  )
  const asked = new Set(
    like.gates.map(({ endpoint }) => JSON.stringify([endpoint.url, endpoint.model])),
  )
  return (
    own.findLast((run) => asked.has(JSON.stringify([urlOf(run), run.subject.model]))) ?? own.at(-1)
  )
}

/** Values of its parameters are not recorded: then there is no URL that could be asked. */
function urlOf({ subject: { url } }: Run): string | undefined {
  return url === undefined || url.includes('?') || !URL.canParse(url) ? undefined : url
}
