// Reads run files that were measured earlier or by other jobs, and puts the shards of one gate together.

import { resolve } from 'node:path'
import { findFiles, readText } from '../io/files/files.ts'
import { GateError } from '../model/errors.ts'
import type { Run } from '../model/run.ts'
import { mergeRuns } from '../stages/merge-runs.ts'
import { decodeRun } from '../wire/run-file.ts'

/** Every run the patterns name. Throws GateError naming a pattern without files or a foreign file. */
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
    runs.push(decoded.run)
  }
  return runs
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

/** The shards of each gate as one run, in the order in which the gates first appear. */
export function mergedByGate(runs: readonly Run[]): ReadonlyMap<string, Run> {
  const byGate = Map.groupBy(runs, ({ gate }) => gate)
  return new Map([...byGate].map(([gate, shards]) => [gate, mergeRuns(shards)]))
}
