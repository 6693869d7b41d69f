// `inference-gate demo`: the main job on a simulated endpoint, without key or network. It records a
// history, gates a harmless and a regressed change, and prints both comments.

import { rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { folderStore } from '../../../baseline/folder/folder.ts'
import { writeText } from '../../../disk/disk.ts'
import { jobResultOf, runGate } from '../../../gate/gate.ts'
import type { Config } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import type { Ports } from '../../../model/ports.ts'
import type { ReportDocument } from '../../../model/report-document.ts'
import { milliseconds, text } from '../../../report/report.ts'
import { contextHere } from '../../compare-runs.ts'
import { filesOf, readConfig } from '../../config-source.ts'
import { gatePorts } from '../../ports.ts'
import { logProgress, SILENT_PROGRESS, terminalProgress } from '../../progress.ts'
import { recordGates } from '../../record-gates.ts'
import { keepRuns, reportOf, runFiles, writeReport } from '../../report-folder.ts'
import { gateRequests, runAll } from '../../run-gates.ts'
import { type Command, type Invocation, wholeNumber } from '../command.ts'
import { demoConfig } from '../demo-config.ts'
import { type DemoEndpoint, startDemoEndpoint } from '../demo-endpoint.ts'
import { DEFAULT_REPORT_DIR } from '../run-options.ts'

const DEFAULT_RUNS = 10
const FEWEST_RUNS = 2
const DEFAULT_SEED = 11

export const demo: Command = {
  name: 'demo',
  summary: 'See it work on a simulated endpoint: no key, no network, under a minute.',
  options: [
    { name: 'seed', value: 'N', help: `of the simulated endpoint (default ${DEFAULT_SEED})` },
    { name: 'runs', value: 'N', help: `recorded as the baseline (default ${DEFAULT_RUNS})` },
    {
      name: 'report-dir',
      value: 'DIR',
      help: `the folder for the reports (default ${DEFAULT_REPORT_DIR})`,
    },
  ],
  run: async (args, invocation) => {
    const folder = resolve(invocation.folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR)
    const seed = wholeNumber(args, 'seed') ?? DEFAULT_SEED
    const runs = wholeNumber(args, 'runs') ?? DEFAULT_RUNS
    if (runs < FEWEST_RUNS) {
      throw new GateError(
        'usage',
        `--runs is ${runs}; a baseline has at least ${FEWEST_RUNS}`,
        'Correct the option.',
      )
    }
    const endpoint = await startDemoEndpoint(invocation.script, seed)
    try {
      await showAll({ invocation, folder, endpoint, runs })
    } finally {
      await endpoint.stop()
    }
    return EXIT.passed
  },
}

type Demo = {
  readonly invocation: Invocation
  readonly folder: string
  readonly endpoint: DemoEndpoint
  /** In the baseline. */
  readonly runs: number
}

async function showAll(demonstration: Demo): Promise<void> {
  const { invocation, folder, endpoint, runs } = demonstration
  await rm(join(folder, 'baseline'), { recursive: true, force: true })
  const base = await configFor(demonstration, { name: 'main', url: endpoint.url })
  invocation.out(`Recording ${runs} runs of a simulated endpoint at ${endpoint.url}\n`)
  await recordHistory(demonstration, base)
  invocation.out(
    '\nFirst pull request: it sets temperature to 0.2 in the config. The endpoint is as fast as before.\n\n',
  )
  const harmless = await configFor(demonstration, {
    name: 'harmless',
    url: endpoint.url,
    body: '{temperature: 0.2}',
  })
  await gateChange(demonstration, {
    base,
    head: harmless,
    run: runs + 1,
    into: join(folder, 'harmless'),
  })
  invocation.out(
    '\nSecond pull request: it moves to another deployment of the model (/slow/v1), which is slower.\n\n',
  )
  const regressed = await configFor(demonstration, { name: 'regressed', url: endpoint.slowUrl })
  await gateChange(demonstration, { base, head: regressed, run: runs + 2, into: folder })
  invocation.out(`
Your own endpoint: inference-gate init --url URL --model NAME
`)
}

type Written = { readonly name: string; readonly url: string; readonly body?: string }

/** Written to the report folder and read like any other config. */
async function configFor(
  { invocation, folder }: Demo,
  { name, ...change }: Written,
): Promise<Config> {
  const file = join(folder, `${name}.yml`)
  await writeText(file, demoConfig(change))
  const request = { file, read: filesOf(folder), env: invocation.env, overrides: {} }
  return (await readConfig(request)).config
}

function portsFor(
  { invocation, folder }: Demo,
  config: Config,
  progress: 'shown' | 'silent',
): Ports {
  const screen =
    progress === 'silent'
      ? SILENT_PROGRESS
      : (invocation.terminal ? terminalProgress : logProgress)(invocation.out)
  return gatePorts({
    store: folderStore(join(folder, 'baseline')),
    keys: { candidate: undefined, reference: undefined },
    policy: config.policy,
    reach: { kind: 'anywhere' },
    env: invocation.env,
    signal: invocation.signal,
    screen,
  })
}

async function recordHistory(demonstration: Demo, config: Config): Promise<void> {
  const { invocation, endpoint } = demonstration
  const ports = portsFor(demonstration, config, 'silent')
  for (let run = 1; run <= demonstration.runs; run++) {
    await endpoint.nextRun(run)
    const requests = gateRequests({ config })
    const [recorded] = await recordGates({
      config,
      requests,
      ports,
      opening: undefined,
      keep: async () => undefined,
    })
    refuseStopped(invocation)
    const p50 = recorded?.result.metrics.find(({ id }) => id === 'ttft_p50')?.candidate
    const stands = recorded?.standing.kind === 'accepted' ? 'recorded' : recorded?.standing.kind
    invocation.out(
      `  run ${run}: TTFT p50 ${p50 === undefined ? '–' : milliseconds(p50)}, ${stands}\n`,
    )
  }
}

/** Stopped half-way there is nothing to show, and that is no success. */
function refuseStopped({ signal }: Invocation): void {
  if (!signal.aborted) return
  throw new GateError('measurement', 'the demonstration was stopped', 'Start it again.')
}

/** The verdict, the table and what to do: what is folded in the comment stands in the page. */
function onOneScreen(document: ReportDocument): ReportDocument {
  const sections = document.sections.map((section) => ({ ...section, details: [] }))
  return { ...document, sections, details: [] }
}

/** A folder elsewhere is named as it was given, not by the way to it. */
function shownFrom(invocation: Invocation, folder: string): string {
  const beside = relative(invocation.folder, folder) || '.'
  return beside.startsWith('..') ? folder : beside
}

type Change = {
  readonly base: Config
  readonly head: Config
  readonly run: number
  readonly into: string
}

async function gateChange(demonstration: Demo, change: Change): Promise<void> {
  const { invocation, endpoint } = demonstration
  const { base, head, run, into } = change
  await endpoint.nextRun(run)
  const ports = portsFor(demonstration, head, 'shown')
  const requests = gateRequests({ config: head, base })
  const gateRuns = await runAll(
    requests,
    (request) => runGate(request, ports),
    await keepRuns(into),
  )
  refuseStopped(invocation)
  const results = gateRuns.map(({ result }) => result)
  const context = { ...contextHere('gate', head.policy, {}), entrypoint: 'action' as const }
  const report = reportOf(jobResultOf(results, context))
  await writeReport(into, report, runFiles(gateRuns))
  const page = join(shownFrom(invocation, into), 'report.html')
  invocation.out(
    `\n${text(onOneScreen(report.document), { color: invocation.terminal, width: invocation.width })}`,
  )
  invocation.out(
    `  All of it, with charts: ${page}\n  As the comment on the pull request: ${join(shownFrom(invocation, into), 'comment.md')}\n`,
  )
}
