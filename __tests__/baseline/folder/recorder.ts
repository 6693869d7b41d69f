// A program that records sample runs into a folder, for tests that need real processes.

import { folderStore } from '../../../src/baseline/folder/folder.ts'
import { DAY_MS, NOON_MS, stored } from '../../baseline-samples.ts'

const [directory = '', first = '1', last = '1'] = process.argv.slice(2)
for (let seed = Number(first); seed <= Number(last); seed += 1) {
  const run = stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 200 })
  const result = await folderStore(directory).append([{ gate: 'chat', runs: [run], epochs: [] }], {
    branch: 'inference-gate',
    keep: 500,
    maxAgeMs: 30 * DAY_MS,
    nowIso: new Date(NOON_MS + DAY_MS).toISOString(),
  })
  process.stdout.write(`${result.stored}\n`)
}
