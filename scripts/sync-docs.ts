// Writes the files that are derived from others, or with --check names those that are stale and
// exits 1: docs/configuration.md and the compiled validators from the schema, the README's tables
// of inputs and outputs from action.yml.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configValidators, VALIDATORS } from './derived/config-validators.ts'
import { CONFIGURATION_PAGE, configurationPage } from './derived/configuration-page.ts'
import { README, readmeWithTables } from './derived/readme-tables.ts'

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

function derivedFiles(): readonly (readonly [string, string])[] {
  const schema = JSON.parse(source('schema/config.schema.json'))
  return [
    [VALIDATORS, configValidators(schema)],
    [CONFIGURATION_PAGE, configurationPage(schema)],
    [README, readmeWithTables(source(README), source('action.yml'))],
  ]
}

function sync(isCheck: boolean): number {
  const stale = derivedFiles().filter(([path, text]) => read(path) !== text)
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
