// Holds line coverage of src/ against its floor, from the summary the last test run wrote.

import { readFileSync } from 'node:fs'

const FLOOR_PERCENT = 90

type CoverageSummary = { total: { lines: { pct: number; covered: number; total: number } } }

const { lines } = (
  JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')) as CoverageSummary
).total
console.log(`${lines.pct} % of ${lines.total} lines are covered; the floor is ${FLOOR_PERCENT} %`)
if (!(lines.pct >= FLOOR_PERCENT)) process.exitCode = 1
