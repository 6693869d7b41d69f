// usage: node judge.mjs NEW.json OLD.json…
// Judges a saved run by others and says which metric decided. `npm install inference-gate` first.

import { GateError, judge, readRuns } from 'inference-gate'

const [candidate, ...history] = process.argv.slice(2)

try {
  const judged = judge(await readRuns([candidate]), { with: await readRuns(history) })
  console.log(judged.headline)
  for (const { gate, metrics } of judged.gates) {
    for (const { label, verdict, change } of metrics) {
      const by = change === undefined ? '' : ` (${(100 * change).toFixed(1)} %)`
      console.log(`${gate}: ${label}: ${verdict}${by}`)
    }
  }
  process.exitCode = judged.exitCode
} catch (error) {
  // Whatever is wrong with the files; anything else is a bug and keeps its trace.
  if (!(error instanceof GateError)) throw error
  console.error(`${error.message}. ${error.remedy}`)
  process.exitCode = 2
}
