// Writes the files that are derived from others, or with --check names those that are stale and
// exits 1: the metrics that schemas name from the metric table, docs/configuration.md and the
// compiled validators from the schema, the README's tables
// of inputs and outputs from action.yml, version and address of the project from package.json, the pins
// of `init` from an example.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CHART_LIBRARY, chartLibrarySource } from './derived/chart-library.ts'
import { configSchemaOfTables } from './derived/config-schema.ts'
import { configValidators, VALIDATORS } from './derived/config-validators.ts'
import { CONFIGURATION_PAGE, configurationPage } from './derived/configuration-page.ts'
import { FILE_VALIDATORS, fileValidators } from './derived/file-validators.ts'
import { PINNED_ACTIONS, PINNING_EXAMPLE, pinnedActionsSource } from './derived/pinned-actions.ts'
import { README, readmeWithTables } from './derived/readme-tables.ts'
import { NAMING, repositoryOf, withOwner } from './derived/repository.ts'
import { runSchemaOfTables } from './derived/run-schema.ts'
import { TOOL_FILE, toolSource } from './derived/tool.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function read(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function source(path: string): string {
  const text = read(path)
  if (text === undefined) throw new Error(`${path} is missing: nothing can be derived from it`)
  return text
}

/** The files at a path: itself, or all below it. None where it is not there. */
function filesAt(path: string): readonly string[] {
  const stats = statSync(join(root, path), { throwIfNoEntry: false })
  if (stats?.isFile()) return [path]
  if (stats === undefined) return []
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|ya?ml|json|toml)$|^[A-Z]\w+$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

function derivedFiles(): ReadonlyMap<string, string> {
  const manifest = JSON.parse(source('package.json'))
  const repository = repositoryOf(manifest)
  const owned = (text: string): string => withOwner(text, repository)
  const configSchema = configSchemaOfTables(owned(source('schema/config.schema.json')))
  const schema = JSON.parse(configSchema)
  const runSchema = runSchemaOfTables(
    owned(source('schema/run.schema.json')),
    source('schema/report.schema.json'),
  )
  const files = new Map([
    ['schema/config.schema.json', configSchema],
    ['schema/run.schema.json', runSchema],
    [VALIDATORS, configValidators(schema)],
    [
      FILE_VALIDATORS,
      fileValidators({
        run: JSON.parse(runSchema),
        epoch: JSON.parse(owned(source('schema/epoch.schema.json'))),
      }),
    ],
    [CONFIGURATION_PAGE, owned(configurationPage(schema))],
    [README, owned(readmeWithTables(source(README), source('action.yml')))],
    [TOOL_FILE, toolSource(manifest)],
    [PINNED_ACTIONS, pinnedActionsSource(source(PINNING_EXAMPLE))],
    [CHART_LIBRARY, chartLibrarySource()],
  ])
  for (const path of NAMING.flatMap(filesAt)) {
    if (!files.has(path)) files.set(path, owned(source(path)))
  }
  return files
}

function sync(isCheck: boolean): number {
  const stale = [...derivedFiles()].filter(([path, text]) => read(path) !== text)
  for (const [path, text] of stale) {
    console.log(isCheck ? `${path} is stale: run \`npm run docs\` and commit it` : `wrote ${path}`)
    if (isCheck) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return isCheck && stale.length > 0 ? 1 : 0
}

try {
  process.exitCode = sync(process.argv.includes('--check'))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
