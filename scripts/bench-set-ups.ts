// What each set-up of docs/set-ups.md costs and says, by the built action against a simulated endpoint in a
// process of its own; how often an unaffected pull request fails on the mornings of real endpoints; and how
// often a prompt that is a fifth longer is found.
//
//   npm run build && node scripts/bench-set-ups.ts [--comments FOLDER] [--trials 20]
//
// The comments go to the folder as Markdown. Takes about five minutes, and twenty with the trials.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
import { isAffected } from '../src/config/config.ts'

const { values } = parseArgs({
  options: { comments: { type: 'string' }, trials: { type: 'string', default: '0' } },
})
const MODEL = { ttftMedianMs: 80, ttftPerInputTokenMs: 0.1, tokenGapMs: 2 } as const
const forge = await startForge()
for (const version of ['one', 'two']) await forge.simulator.control({ version, behaviour: MODEL })
const at = (version: string) => forge.simulator.url.replace('/v1', `/${version}/v1`)

type Gate = { readonly name?: string; readonly version: string; readonly more?: string }

/** Few requests: what is shown is what a set-up sends, not what it finds. */
const gateText = ({ name = 'chat', version, more = '' }: Gate, endpoint = '') => `  ${name}:
    endpoint: {url: "${at(version)}", model: sim${endpoint}}
${more}    workload: {requests: 100, probes: 0, max_output_tokens: 16, max_client_delay: 30s}
    limits: {ttft_p50: {increase: 20%}, ttft_p95: off, ttft_p99: off, cost_per_answer: {increase: 10%}}
    prices: {input: $0.60/M, output: $2.40/M}
`
const configText = (...gates: readonly string[]) =>
  `gates:\n${gates.join('')}confirm: none\npolicy: {allowed_hosts: ["http://127.0.0.1:*"]}\n`

type SetUp = {
  readonly what: string
  readonly base: string
  readonly head: string
  /** Pushes before it, which record the base branch. */
  readonly recorded?: number
  readonly inputs?: Readonly<Record<string, string>>
  /** A job that measures first, and what happens to the endpoint then. */
  readonly between?: () => Promise<unknown>
  /** A file that the pull request changes. */
  readonly changes?: string
}

function publish(base: string, head: string, changed?: string): void {
  const { files } = forge.github.state
  files.splice(0, files.length, { path: CONFIG_PATH, ref: BASE_SHA, text: base })
  files.push({ path: CONFIG_PATH, ref: HEAD_SHA, text: head })
  if (changed !== undefined) files.push({ path: changed, ref: HEAD_SHA, text: 'changed' })
}

async function rowOf(setUp: SetUp): Promise<string> {
  const { what, base, head, recorded = 0, inputs, between, changes } = setUp
  publish(base, head, changes)
  const path = workspace(forge, { [CONFIG_PATH]: base })
  for (let run = 0; run < recorded; run++) await runAction(pushJob(forge, { workspace: path }))
  const before = (await forge.simulator.log()).length
  const checkout = workspace(forge, { [CONFIG_PATH]: head })
  let usd = 0
  if (between !== undefined) {
    const measuring = { mode: 'measure', 'report-dir': 'before', comment: 'never' }
    const { outputs } = await runAction(pullJob(forge, { workspace: checkout, inputs: measuring }))
    usd += Number(outputs['spent-usd'])
    await between()
  }
  const given = { comment: 'never', ...inputs }
  const { outputs } = await runAction(pullJob(forge, { workspace: checkout, inputs: given }))
  usd += Number(outputs['spent-usd'])
  keepComment(what, checkout)
  const sent = (await forge.simulator.log()).length - before
  return `| ${what} | ${outputs.verdict} | ${sent} | $${usd.toFixed(3)} |`
}

function keepComment(what: string, checkout: string): void {
  if (values.comments === undefined) return
  mkdirSync(values.comments, { recursive: true })
  const text = readFileSync(join(checkout, 'inference-gate-report/comment.md'), 'utf8')
  writeFileSync(join(values.comments, `${what.replaceAll(/[^a-z0-9]+/gi, '-')}.md`), text)
}

const one = configText(gateText({ version: 'one' }))
const two = configText(gateText({ version: 'two' }))
const provider = configText(gateText({ version: 'one', more: '    affected_by: [config]\n' }))
const preview = (version: string) =>
  configText(gateText({ version, more: '    reference: {differs: 8%}\n' }, ', ready: {}'))
const sleeping = configText(gateText({ version: 'one' }, ', cold_start: {idle: 1s}'))
const services = configText(
  gateText({ name: 'search', version: 'one', more: "    affected_by: ['search/**']\n" }),
  gateText({ name: 'support', version: 'one', more: "    affected_by: ['support/**']\n" }),
)
const DEPLOYED = { ...MODEL, ttftMedianMs: 130 } as const
const deploy = (behaviour: typeof MODEL | typeof DEPLOYED) => () =>
  forge.simulator.control({ version: 'one', behaviour })
const beside = { 'reference-results': 'before/runs/*.json' } as const

const SET_UPS: readonly SetUp[] = [
  { what: 'base and head side by side', base: one, head: two },
  { what: 'one server at a time', base: one, head: one, between: deploy(MODEL), inputs: beside },
  {
    what: 'a preview deployment',
    base: preview('one'),
    head: preview('one'),
    inputs: { 'endpoint-url': at('two') },
  },
  {
    what: 'a URL deployed over, 50 ms slower',
    base: one,
    head: one,
    between: deploy(DEPLOYED),
    inputs: beside,
  },
  {
    what: 'a provider, another file changed',
    base: provider,
    head: provider,
    changes: 'README.md',
  },
  { what: 'a private network, three recorded runs', base: one, head: one, recorded: 3 },
  { what: 'scale to zero, three recorded runs', base: sleeping, head: sleeping, recorded: 3 },
  {
    what: 'a monorepo, one of two services changed',
    base: services,
    head: services,
    changes: 'search/rank.ts',
  },
]

const words = (count: number) => Array.from({ length: count }, (_, i) => `word${i % 10}`).join(' ')
const asking = (scale: number, seed: number) =>
  configText(
    gateText({ version: 'prompted' })
      .replace(
        'probes: 0',
        `probes: 0, seed: ${seed}, prompts: [{name: a, prompt: "${words(667 * scale)}"}, {name: b, prompt: "${words(267 * scale)}"}]`,
      )
      .replace(/ {4}limits: .*\n/, ''),
  )

async function longerPromptsFound(trials: number): Promise<number> {
  const behaviour = { ttftMedianMs: 20, ttftPerInputTokenMs: 0.1, tokenGapMs: 0.5 }
  await forge.simulator.control({ version: 'prompted', behaviour })
  let found = 0
  for (let seed = 1; seed <= trials; seed++) {
    const [base, head] = [asking(1, seed), asking(1.2, seed)]
    publish(base, head)
    const path = workspace(forge, { [CONFIG_PATH]: head })
    await runAction(pullJob(forge, { workspace: path, inputs: { comment: 'never' } }))
    const report = readFileSync(join(path, 'inference-gate-report/report.json'), 'utf8')
    const gates: readonly { readonly name: string; readonly verdict: string }[] =
      JSON.parse(report).gates
    found += gates.some(({ name, verdict }) => name.endsWith('proposed') && verdict === 'failed')
      ? 1
      : 0
  }
  return found
}

/** Each recorded morning as that of a pull request which changes a file that the gate does not name. */
function unaffectedMornings(): string {
  const path = join(import.meta.dirname, 'bench-verdict/recorded/hosted-daily.json')
  const { series } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly series: readonly { readonly runs: readonly unknown[] }[]
  }
  const mornings = series.flatMap(({ runs }) => runs)
  const changed = new Set(['README.md'])
  const judged = mornings.filter(() => isAffected(changed, { globs: [], always: [] }))
  return `${judged.length} of ${mornings.length} mornings of real endpoints are measured for an unaffected pull request, so ${judged.length} can fail it`
}

try {
  process.stdout.write('| set-up | verdict | requests | money |\n| --- | --- | --: | --: |\n')
  for (const setUp of SET_UPS) {
    await forge.simulator.control({ version: 'one', behaviour: MODEL })
    process.stdout.write(`${await rowOf(setUp)}\n`)
  }
  process.stdout.write(`\n${unaffectedMornings()}\n`)
  const trials = Number(values.trials)
  if (trials > 0) {
    const found = await longerPromptsFound(trials)
    process.stdout.write(`prompts 20 % longer: the gate failed ${found} of ${trials}\n`)
  }
} finally {
  await forge.stop()
}
