// What the built action does when the world around it breaks: GitHub's API at each call, git's push,
// the disk, the endpoint, and the process itself. Prints what it ended with, what was lost and what it
// said, and ends with 1 where a row breaks the promise: an exit code that means something, in time, a
// message, and nothing lost that was measured.
//
//   node scripts/bench-chaos.ts [--only TEXT] [--at-once 3]

import { parseArgs } from 'node:util'
import { gitRows } from './bench/chaos/git-rows.ts'
import { cleanRunSeconds, githubRows } from './bench/chaos/github-rows.ts'
import { killRows, otherRows } from './bench/chaos/kill-rows.ts'
import { HEADINGS, type Outcome, outcomeOf, type Row } from './bench/chaos/row.ts'
import { table } from './bench/percentiles.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '3' },
  },
})

/** Rows that mostly wait: they take no processor time from the others. */
const WAITING = new Set(['time-out', 'hung'])

const WAITING_AT_ONCE = 8

async function inTurn(rows: readonly Row[], atOnce: number, done: Map<Row, Outcome>) {
  let next = 0
  const worker = async () => {
    for (let row = rows[next++]; row !== undefined; row = rows[next++]) {
      const outcome = await outcomeOf(row, cleanSeconds)
      done.set(row, outcome)
      process.stderr.write(outcome.problems.map((problem) => `${problem}\n`).join('') || '.')
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const begun = performance.now()
const cleanSeconds = await cleanRunSeconds()
const all = [...(await githubRows()), ...gitRows(), ...otherRows(), ...killRows()]
const rows = all.filter(({ where, fault }) => `${where}, ${fault}`.includes(values.only))
const done = new Map<Row, Outcome>()
const waiting = rows.filter(({ fault }) => WAITING.has(fault))
const busy = rows.filter(({ fault }) => !WAITING.has(fault))
await Promise.all([
  inTurn(waiting, WAITING_AT_ONCE, done),
  inTurn(busy, Number(values['at-once']), done),
])
const outcomes = rows.flatMap((row) => done.get(row) ?? [])
process.stdout.write(`\n${table([HEADINGS, ...outcomes.map(({ cells }) => cells)])}\n\n`)
const problems = outcomes.flatMap((outcome) => outcome.problems)
const seconds = ((performance.now() - begun) / 1000).toFixed(0)
process.stdout.write(`${rows.length} rows in ${seconds} s; ${problems.length} break the promise\n`)
for (const problem of problems) process.stdout.write(`  ${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
