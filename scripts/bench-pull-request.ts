// What a pull request costs, by the built action against a simulated endpoint in a process of its own: the
// requests that arrived there, the money by the tokens it reported, and the seconds of the whole job.
// The table of the README is its output.
//
//   npm run build && node scripts/bench-pull-request.ts [--runs 3]
//
// Takes about ten minutes: TTFT 300 ms and 15 ms a token, as a hosted model of middle size has them.

import { parseArgs } from 'node:util'
import { runAction } from '../__tests__/app/action-process.ts'
import {
  BASE_SHA,
  CONFIG_PATH,
  HEAD_SHA,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from '../__tests__/app/forge.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } })
const LIKE_A_MODEL = { ttftMedianMs: 300, ttftPerInputTokenMs: 0.1, tokenGapMs: 15 } as const
const forge = await startForge()
const config = (url: string, more = ''): string => `gates:
  chat:
    endpoint: {url: "${url}", model: sim}
${more}    workload: {max_client_delay: 1s}
    prices: {input: $0.60/M, output: $2.40/M}
policy: {allowed_hosts: ["http://127.0.0.1:*"]}
`

type Job = 'push' | 'pull'
type Row = {
  readonly what: string
  readonly job: Job
  readonly base: string
  readonly head: string
}

async function measured({ what, job, base, head }: Row): Promise<string> {
  const { files } = forge.github.state
  files.splice(0, files.length, { path: CONFIG_PATH, ref: BASE_SHA, text: base })
  files.push({ path: CONFIG_PATH, ref: HEAD_SHA, text: head })
  const parts = {
    workspace: workspace(forge, { [CONFIG_PATH]: head }),
    inputs: { comment: 'never' },
  }
  const before = (await forge.simulator.log()).length
  const startMs = performance.now()
  const { outputs } = await runAction(
    job === 'push' ? pushJob(forge, parts) : pullJob(forge, parts),
  )
  const seconds = Math.round((performance.now() - startMs) / 1000)
  const requests = (await forge.simulator.log()).length - before
  const usd = Number(outputs['spent-usd'])
  return `| ${what} | ${outputs.verdict} | ${requests} | $${usd.toFixed(3)} | ${seconds} s |`
}

try {
  await forge.simulator.control({ behaviour: LIKE_A_MODEL })
  await forge.simulator.control({
    version: 'slow',
    behaviour: { ...LIKE_A_MODEL, ttftMedianMs: 450 },
  })
  const same = config(forge.simulator.url)
  const slow = config(forge.simulator.slowUrl)
  const affected = config(forge.simulator.url, '    affected_by: [config]\n')
  const record = { what: 'a push, which records', job: 'push', base: same, head: same } as const
  const lines: string[] = []
  for (let run = 1; run < Number(values.runs); run++) await measured(record)
  lines.push(await measured(record))
  const rows: readonly Row[] = [
    {
      what: 'a pull request that the gate is not affected by',
      job: 'pull',
      base: affected,
      head: affected,
    },
    { what: 'a pull request that changes nothing measurable', job: 'pull', base: same, head: same },
    {
      what: 'a pull request to a new endpoint, first tokens 50 % slower',
      job: 'pull',
      base: same,
      head: slow,
    },
  ]
  for (const row of rows) lines.push(await measured(row))
  process.stdout.write(
    `${['| job | verdict | requests | money | time |', '| --- | --- | --: | --: | --: |', ...lines].join('\n')}\n`,
  )
} finally {
  await forge.stop()
}
