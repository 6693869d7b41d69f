// Asks the command line of a cloud that somebody has logged in. What it prints is a secret, and what it says
// of failing is not repeated.

import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import type { LoginJob } from './proof.ts'
import { MOST_SAID_BYTES } from './proof.ts'

const TIMEOUT_MS = 60_000

/** Its output; undefined where it is not installed, not logged in or too slow. */
export function runLogin(
  command: 'aws' | 'az' | 'gcloud',
  args: readonly string[],
  { env, signal }: LoginJob,
): Promise<string | undefined> {
  // On Windows they are scripts, which only a shell runs. Everything that it is given is ours.
  const shell = process.platform === 'win32'
  // Nothing that a checkout brings along is found in its folder.
  const options = { cwd: homedir(), env: { ...env }, signal, shell, windowsHide: true }
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { ...options, timeout: TIMEOUT_MS, maxBuffer: MOST_SAID_BYTES, encoding: 'utf8' },
      (error, output) => resolve(error === null ? output.trim() : undefined),
    )
  })
}
