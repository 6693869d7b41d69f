// Reads run files that were measured earlier or by other jobs, and puts the shards of one gate together.

import { resolve } from 'node:path'
import { findFiles, readText } from '../disk/disk.ts'
import { mergeRuns } from '../measure/measure.ts'
import { GateError } from '../model/errors.ts'
import { isGateName } from '../model/gate-name.ts'
import type { GateRequest } from '../model/ports.ts'
import type { Run } from '../model/run.ts'
import { decodeRun } from '../wire/files/files.ts'

/** Every run the patterns name, each once however often it is found. Throws GateError naming a pattern without files or a foreign file. */
export async function readRuns(
  patterns: readonly string[],
  folder: string,
): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (const path of patterns.flatMap((pattern) => matching(pattern, folder))) {
    const decoded = decodeRun(await readText(resolve(folder, path)), path)
    if (!decoded.ok) {
      throw new GateError(
        'file',
        `${path}: ${decoded.problem}`,
        'Give run files that inference-gate wrote (runs/*.json of a report folder).',
      )
    }
    refuseName(decoded.run.gate, path)
    const isKnown = runs.some(({ id, gate }) => id === decoded.run.id && gate === decoded.run.gate)
    if (!isKnown) runs.push(decoded.run)
  }
  return runs
}

/** The name becomes a file's, so a foreign one could lead away. */
function refuseName(gate: string, path: string): void {
  if (isGateName(gate)) return
  throw new GateError(
    'file',
    `${path}: the gate's name ${JSON.stringify(gate.slice(0, 80))} is not one that a config can have`,
    'Give run files that inference-gate wrote (runs/*.json of a report folder).',
  )
}

/** The requests of the gates that have a saved run. Throws GateError('usage') for a run of no gate. */
export function requestsOfSaved(
  requests: readonly GateRequest[],
  saved: ReadonlyMap<string, Run>,
): readonly GateRequest[] {
  const names = requests.map(({ gate }) => gate.name)
  const foreign = [...saved.keys()].filter((name) => !names.includes(name))
  if (foreign.length === 0) return requests.filter(({ gate }) => saved.has(gate.name))
  throw new GateError(
    'usage',
    `there are run files of ${foreign.join(', ')}; the gates here are ${names.join(', ')}`,
    'Give run files of these gates only.',
  )
}

function matching(pattern: string, folder: string): readonly string[] {
  const paths = findFiles(pattern, folder)
  if (paths.length > 0) return paths
  throw new GateError(
    'file',
    `no file matches ${pattern}`,
    'Check that the jobs that measure have written their run files there.',
  )
}

/**
 * Without those of gates of the same name in other configs, where a pattern finds the files of several:
 * they are no shards of one run. Files that all say one config are taken, wherever it lay.
 */
export function runsOfConfig(runs: readonly Run[], config: string | undefined): readonly Run[] {
  if (config === undefined) return runs
  const configs = Map.groupBy(runs, ({ gate }) => gate)
  return runs.filter(({ gate, provenance }) => {
    const named = new Set(configs.get(gate)?.flatMap((run) => run.provenance.config ?? []))
    return named.size < 2 || provenance.config === undefined || provenance.config === config
  })
}

/** The shards of each gate as one run, in the order in which the gates first appear. */
export function mergedByGate(runs: readonly Run[]): ReadonlyMap<string, Run> {
  const byGate = Map.groupBy(runs, ({ gate }) => gate)
  return new Map([...byGate].map(([gate, shards]) => [gate, mergeRuns(shards)]))
}
