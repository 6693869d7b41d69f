// `inference-gate import`: result files of other load engines as run files, which compare, record and
// the action's `results` then judge like our own.

import { resolve } from 'node:path'
import { findFiles, writeFolder } from '../../../disk/disk.ts'
import type { Config, Gate } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { isGateName } from '../../../model/gate-name.ts'
import type { Run, Unknown } from '../../../model/run.ts'
import { encodeRun } from '../../../wire/files/files.ts'
import type { ImportFormat } from '../../../wire/imports/imports.ts'
import { IMPORT_FORMATS } from '../../../wire/imports/imports.ts'
import { type ImportedFile, importFiles } from '../../imported-runs.ts'
import { type Arguments, type Command, type Invocation, wholeNumber } from '../command.ts'
import { CONFIG_OPTION, chosenGate, configOf, DEFAULT_REPORT_DIR } from '../run-options.ts'
import { provenanceOf } from '../terminal.ts'

const FORMAT_NAMES = IMPORT_FORMATS.map(({ name }) => name).join(', ')

export const importResults: Command = {
  name: 'import',
  summary: 'Turn result files of other load engines into run files.',
  operands: 'FILE…',
  options: [
    {
      name: 'format',
      value: 'NAME',
      help: `one of ${FORMAT_NAMES} (default: detected from the content)`,
    },
    { name: 'gate', value: 'NAME', help: 'the gate the runs belong to (default imported)' },
    { ...CONFIG_OPTION, help: "prices, so that the cost is known, and the gate's limits" },
    { name: 'run', value: 'N', help: 'only the Nth run of a file that holds several' },
    {
      name: 'ttft-metric',
      value: 'NAME',
      help: 'k6: the Trend of the script that holds TTFT in ms',
    },
    {
      name: 'report-dir',
      value: 'DIR',
      help: `where runs/<gate>.json is written (default ${DEFAULT_REPORT_DIR})`,
    },
  ],
  notes: `Then: inference-gate compare ${DEFAULT_REPORT_DIR}/runs/NAME.json --with OLD.json…
What a file cannot say is never gated; runs of different engines are never compared.
Formats, and how each engine writes them: docs/imports.md`,
  run: importFrom,
}

async function importFrom(args: Arguments, invocation: Invocation): Promise<number> {
  const paths = pathsOf(args, invocation)
  const format = formatOf(args)
  const gate = await gateOf(args, invocation)
  const ttftMetric = args.text('ttft-metric')
  const files = await importFiles(paths, {
    folder: invocation.folder,
    gate: gate.name,
    prices: gate.prices,
    provenance: provenanceOf(invocation),
    format,
    ttftMetric,
  })
  const chosen = files.flatMap((file) => chosenRuns(file, args))
  const folder = resolve(invocation.folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR)
  const written = new Map<string, string>()
  for (const { run, file } of chosen) {
    const name = freeName(run.gate, written)
    written.set(name, encodeRun(run))
    invocation.out(`${name}: ${described(run, file, gate)}`)
  }
  await writeFolder(folder, Object.fromEntries(written))
  return EXIT.passed
}

function pathsOf({ operands }: Arguments, { folder }: Invocation): readonly string[] {
  if (operands.length === 0) {
    throw new GateError(
      'usage',
      'inference-gate import needs result files',
      'As in: inference-gate import benchmarks.json --gate chat',
    )
  }
  const paths = operands.flatMap((pattern) => {
    const found = findFiles(pattern, folder)
    if (found.length > 0) return found
    throw new GateError('file', `no file matches ${pattern}`, 'Check the path.')
  })
  return [...new Set(paths)]
}

function formatOf(args: Arguments): ImportFormat | undefined {
  const name = args.text('format')
  if (name === undefined) return undefined
  const format = IMPORT_FORMATS.find((one) => one.name === name)
  if (format !== undefined) return format
  throw new GateError(
    'usage',
    `--format is "${name}"; the formats are ${FORMAT_NAMES}`,
    'Name one of these, or leave the option out.',
  )
}

type NamedGate = Pick<Gate, 'name' | 'prices' | 'limits'>

async function gateOf(args: Arguments, invocation: Invocation): Promise<NamedGate> {
  if (args.given('config')) return gateIn(await configOf(args, invocation), args)
  const name = args.text('gate') ?? 'imported'
  if (isGateName(name)) return { name, prices: { kind: 'none' }, limits: [] }
  throw new GateError(
    'usage',
    `--gate is "${name}", which is not a valid gate name`,
    'Use letters, digits, ".", "_" and "-", at most 64.',
  )
}

function gateIn(config: Config, args: Arguments): Gate {
  const name = chosenGate(args, config)
  const [first, ...others] = config.gates.filter((gate) => name === undefined || gate.name === name)
  if (first !== undefined && others.length === 0) return first
  throw new GateError(
    'usage',
    `the config has several gates: ${config.gates.map((gate) => gate.name).join(', ')}`,
    'Name the one that these results are of with --gate.',
  )
}

type Chosen = { readonly run: Run; readonly file: ImportedFile }

/** Runs of one file under different loads are gates of their own: they are never compared. */
function chosenRuns(file: ImportedFile, args: Arguments): readonly Chosen[] {
  const number = wholeNumber(args, 'run')
  if (number !== undefined) {
    const run = file.runs[number - 1]
    if (run !== undefined) return [{ run, file }]
    throw new GateError(
      'usage',
      `--run is ${number}; ${file.path} holds ${file.runs.length}`,
      'Count from 1.',
    )
  }
  const differ = new Set(file.runs.map(({ loadShapeHash }) => loadShapeHash)).size > 1
  return file.runs.map((run) => ({ file, run: differ ? namedByLoad(run) : run }))
}

function namedByLoad(run: Run): Run {
  const load = (run.loadShape.load ?? '').replace(/[^A-Za-z0-9.]+/g, '-')
  return { ...run, gate: `${run.gate}-${load}`.slice(0, 64) }
}

/** `runs/chat.json`, then `runs/chat.2.json`. */
function freeName(gate: string, taken: ReadonlyMap<string, string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `runs/${gate}.json` : `runs/${gate}.${number}.json`
    if (!taken.has(name)) return name
  }
}

function described(run: Run, { path, format }: ImportedFile, gate: NamedGate): string {
  const failed = run.records.filter(({ outcome }) => outcome !== 'completed')
  const kinds = [...Map.groupBy(failed, ({ outcome }) => outcome)]
    .map(([outcome, some]) => `${some.length} ${outcome}`)
    .join(', ')
  const unknowns = run.unknowns ?? []
  const unjudged = gate.limits.filter(({ family }) => unknowns.some((one) => one.family === family))
  const lines = [
    `${run.records.length} requests of ${format.title} from ${path}${kinds === '' ? '' : `, ${kinds}`}`,
    `  TTFT as ${run.ttftDefinition}; load: ${run.loadShape.load}`,
    ...(run.costUnknown === 'no-prices' ? ['  cost not known: no prices, see --config'] : []),
    ...neverGated(unknowns),
    ...(unjudged.length === 0
      ? []
      : [
          `  limits that are therefore not judged: ${unjudged.map(({ metric }) => metric).join(', ')}`,
        ]),
  ]
  return `${lines.join('\n')}\n`
}

/** One line for each thing that the file does not say. */
function neverGated(unknowns: readonly Unknown[]): readonly string[] {
  return [...Map.groupBy(unknowns, ({ what }) => what)].map(([what, some]) => {
    const families = some.map(({ family }) => family).join(', ')
    return `  never gated: ${families}; the file says nothing of ${what}`
  })
}
