// Run files that were measured earlier in the job, or on the base branch within the hour, to be judged
// as the reference arm: of which gate each is, and why one cannot stand for it.

import { comparableOf, endpointMembers } from '../measure/measure.ts'
import type { Endpoint } from '../model/config.ts'
import { GateError } from '../model/errors.ts'
import { changesBetween } from '../model/member-changes.ts'
import type { GateRequest } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { invalidityWords } from '../report/report.ts'
import { mergedByGate, readRuns } from './saved-runs.ts'

/** Provider and machine are then another hour's: nothing is known of what they moved by. */
const OLDEST_MS = 3_600_000
/** Clocks of two machines. */
const AHEAD_MS = 120_000

export type EarlierFiles = {
  readonly patterns: readonly string[]
  readonly folder: string
  /** How the entrypoint calls it: an input or an option. */
  readonly asked: string
  readonly nowIso: string
}

/** The requests with their earlier runs; as they are where none is asked for. */
export async function withEarlierRuns(
  requests: readonly GateRequest[],
  files: EarlierFiles,
): Promise<readonly GateRequest[]> {
  if (files.patterns.length === 0 || requests.length === 0) return requests
  const read = await readRuns(files.patterns, files.folder)
  const runs = mergedByGate(read.filter(({ arm }) => arm === 'candidate'))
  return requests.map((request) => {
    const run = runs.get(request.gate.name)
    if (run !== undefined) return withEarlier(request, run, files)
    // What a pull request proposes to ask may have no run of before.
    if (request.asked === 'proposed') return request
    throw refusal(
      files,
      `no run file of the gate ${request.gate.name} matches ${files.patterns.join(', ')}; found are ${[...runs.keys()].join(', ') || 'none'}`,
      'Measure this gate in the earlier step too (`mode: measure`), with the same config.',
    )
  })
}

function withEarlier(request: GateRequest, run: Run, files: EarlierFiles): GateRequest {
  const why =
    emptiness(run) ?? shapeProblem(run, request) ?? endpointProblem(run, request) ?? age(run, files)
  if (why !== undefined) throw refusal(files, `the run of ${run.gate} ${why.fact}`, why.remedy)
  return { ...request, earlier: run }
}

function refusal({ asked }: EarlierFiles, fact: string, remedy: string): GateError {
  return new GateError('usage', `${asked}: ${fact}`, remedy)
}

type Why = { readonly fact: string; readonly remedy: string }

function emptiness({ records, invalidities }: Run): Why | undefined {
  const [first] = invalidities
  if (first !== undefined) {
    const { fact, remedy } = invalidityWords(first)
    return { fact: `is void: ${fact.replace(/\.$/, '')}`, remedy }
  }
  if (records.length > 0) return undefined
  return { fact: 'has no request in it', remedy: 'Measure again, and look at that step’s log.' }
}

function shapeProblem(run: Run, { gate }: GateRequest): Why | undefined {
  const { loadShape, loadShapeHash, ttftDefinition } = comparableOf(gate)
  if (run.ttftDefinition !== ttftDefinition) {
    return {
      fact: `defines TTFT as ${run.ttftDefinition}, this version as ${ttftDefinition}`,
      remedy: 'Measure both with the same version.',
    }
  }
  if (run.loadShapeHash === loadShapeHash) return undefined
  const members = changesBetween(run.loadShape, loadShape).map(({ member }) => member)
  return {
    fact: `is of another load shape than the gate (changed: ${members.join(', ')})`,
    remedy: 'Measure before and after with the same workload.',
  }
}

/**
 * Before and after at one URL are what it is for, whatever was deployed there; another URL has to be
 * one that the gate is compared with anyway.
 */
function endpointProblem(run: Run, request: GateRequest): Why | undefined {
  const { gate, reference, ofBase } = request
  const known = [gate.endpoint, reference, ofBase?.endpoint].flatMap((one) => one ?? [])
  const urls = [...new Set(known.map(urlOf))]
  const own = run.subject.url ?? 'an endpoint that its file does not name'
  if (urls.includes(own)) return undefined
  return {
    fact: `is of ${own}, which is neither what the gate asks nor its reference (${urls.join(', ')})`,
    remedy: 'Measure the endpoint that this one takes the place of, or name it as `reference`.',
  }
}

function urlOf(endpoint: Endpoint): string {
  return endpointMembers(endpoint).url ?? ''
}

function age({ startedAt }: Run, { nowIso }: EarlierFiles): Why | undefined {
  const ms = Date.parse(nowIso) - Date.parse(startedAt)
  if (ms >= -AHEAD_MS && ms <= OLDEST_MS) return undefined
  const minutes = Math.round(Math.abs(ms) / 60_000)
  return Number.isFinite(ms) && ms > 0
    ? {
        fact: `was measured ${minutes} minutes ago; at most ${OLDEST_MS / 60_000} are counted in`,
        remedy: 'Measure the old version again, in this job.',
      }
    : {
        fact: `is dated ${startedAt}, after now`,
        remedy: 'Set the clocks of both machines right.',
      }
}
