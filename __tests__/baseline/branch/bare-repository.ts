// Real bare repositories for tests, in a temporary folder of their own.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BranchStoreOptions, branchStore } from '../../../src/baseline/branch/branch.ts'

export const BRANCH = 'inference-gate'

export type BareRepository = {
  readonly folder: string
  readonly gitDir: string
  readonly url: string
  readonly git: (...args: readonly string[]) => string
  /** Text of a server hook, without the first line. */
  readonly hook: (name: string, body: string) => void
  /** A new folder for a writer or a reader. */
  readonly workDir: () => string
  readonly remove: () => void
}

export function bareRepository(...config: readonly (readonly [string, string])[]): BareRepository {
  const folder = mkdtempSync(join(tmpdir(), 'gate-baseline-'))
  const gitDir = join(folder, 'remote.git')
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', gitDir, ...args], { encoding: 'utf8' }).trim()
  mkdirSync(gitDir)
  git('init', '-q', '--bare', '-b', BRANCH)
  for (const [key, value] of config) git('config', key, value)
  let writers = 0
  return {
    folder,
    gitDir,
    url: pathToFileURL(gitDir).href,
    git,
    hook: (name, body) => {
      mkdirSync(join(gitDir, 'hooks'), { recursive: true })
      writeFileSync(join(gitDir, 'hooks', name), `#!/bin/sh\n${body}\n`)
      chmodSync(join(gitDir, 'hooks', name), 0o755)
    },
    workDir: () => {
      writers += 1
      const path = join(folder, `work-${writers}`)
      mkdirSync(path)
      return path
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A store with short pauses, so that tests do not wait. */
export function storeOf(repository: BareRepository, more: Partial<BranchStoreOptions> = {}) {
  return branchStore({
    remoteUrl: repository.url,
    branch: BRANCH,
    workDir: repository.workDir(),
    signal: new AbortController().signal,
    environment: process.env,
    nowMs: () => performance.now(),
    random: () => 0,
    attempts: 10,
    totalTimeMs: 20_000,
    author: { name: 'inference-gate', email: 'inference-gate@example.com' },
    reportDir: 'inference-gate-report',
    ...more,
  })
}

/** A folder with a `git` that runs `body` first; `$real` is the true git. */
export function folderWithGit(repository: BareRepository, body: string): string {
  const folder = repository.workDir()
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim()
  writeFileSync(join(folder, 'git'), `#!/bin/sh\nreal=${real}\n${body}\n`)
  chmodSync(join(folder, 'git'), 0o755)
  return folder
}
