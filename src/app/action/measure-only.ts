// One shard of a load that is larger than one runner: measure, judge nothing, keep the run files.
// Another job judges all shards together with the input `results`.

import { measureShard } from '../../gate/gate.ts'
import { annotate, setOutputs } from '../../github/github.ts'
import { sumOfCosts } from '../../model/cost.ts'
import { EXIT } from '../../model/exit-codes.ts'
import type { Invalidity } from '../../model/run.ts'
import type { BaselineStore } from '../../model/store.ts'
import { invalidityWords } from '../../report/report.ts'
import { configsOf, questionsOf } from '../questions.ts'
import { keepRuns } from '../report-folder.ts'
import { gateRequests, runAll, withTurns } from '../run-gates.ts'
import { unaffectedGates } from './affected.ts'
import { issueAnnotations } from './annotations.ts'
import { baselineContext, provenanceOf } from './context.ts'
import { portsOf, readGateConfig } from './gate.ts'
import type { Job } from './job.ts'

/** A shard is compared with nothing: no store is read or written. */
const NO_STORE: BaselineStore = {
  place: 'nowhere',
  read: async () => ({ runs: [], epochs: [], unreadable: [], place: 'nowhere' }),
  append: async () => {
    throw new TypeError('a shard stores nothing')
  },
}

export async function measureOnly(job: Job): Promise<number> {
  const read = await readGateConfig(job)
  annotate(issueAnnotations(read.warnings))
  const unaffected = await unaffectedGates(job, read, () => baselineContext(job))
  const questions = questionsOf(read.base, read.config)
  const requests = gateRequests({
    ...configsOf(questions, read),
    context: {},
    provenance: provenanceOf(job),
  }).filter(({ gate: { name } }) => !unaffected.has(name))
  const ports = portsOf(job, read, NO_STORE)
  // Gates that are compared with each other share their minutes in a shard as they do in one run.
  const shards = await runAll(
    await withTurns(requests, ports),
    async (request) => request.measured ?? (await measureShard(request, ports)),
    await keepRuns(job.reportDir),
  )
  const runs = shards.flatMap((shard) => shard.runs)
  setOutputs({
    requests: runs.reduce((sum, { records }) => sum + records.length, 0),
    'spent-usd': sumOfCosts(runs.map(({ spent }) => spent)).usd,
  })
  const invalid = shards.filter(({ invalidities }) => invalidities.length > 0)
  annotate(
    invalid.map(({ gate, invalidities }) => ({
      level: 'error' as const,
      title: `Inference Gate: ${gate}`,
      message: `This shard cannot be used. ${invalidities.map(inWords).join(' ')}`,
    })),
  )
  return invalid.length > 0 ? EXIT.couldNotMeasure : EXIT.passed
}

function inWords(invalidity: Invalidity): string {
  const { fact, remedy } = invalidityWords(invalidity)
  return `${fact} ${remedy}`
}
