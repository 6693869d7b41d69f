// Node strips the types itself, so line numbers and coverage are true.

import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

// The workers of Jest and the programs that the tests start are compiled once, and then read from here.
process.env.NODE_COMPILE_CACHE = fileURLToPath(
  new URL('node_modules/.cache/compiled', import.meta.url),
)

// A worker is forked for each git and each program that a test starts, and a fork copies the page table: of
// large pages that is little. Only the allocator of glibc reads this.
process.env.GLIBC_TUNABLES ??= 'glibc.malloc.hugetlb=1:glibc.malloc.arena_max=2'

/** Files of types alone have no line that could run, so none that could be covered. */
function hasCode(path) {
  const source = readFileSync(path, 'utf8')
  if (/^(?:export )?(?:async )?(?:class|const|function) /m.test(source)) return true
  const code = stripTypeScriptTypes(source, { mode: 'transform' })
  return (
    code
      .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      .replace(/export \{\s*\};?/g, '')
      .trim() !== ''
  )
}

const typesOnly = readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && !hasCode(`src/${name}`))
  .map((name) => `!src/${name}`)

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/__tests__', '<rootDir>/src'],
  testMatch: ['**/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-transform.mjs' },
  coverageProvider: 'babel',
  // Compiled validators are generated; the schemas they are made from have tests of their own.
  collectCoverageFrom: ['src/**/*.ts', '!src/**/schema-validators.ts', ...typesOnly],
  coverageReporters: ['text-summary', 'json-summary'],
  // For what never ends: how long a test takes on a busy machine says nothing about what it tests.
  testTimeout: 180_000,
  // More than a small machine has cores: much of a test's time is waiting for processes of its own.
  maxWorkers: Math.max(3, availableParallelism()),
  // Within a file that says that its tests run side by side.
  maxConcurrency: 3,
}
