// One run of git: arguments as a list, no shell, nothing to prompt, output bounded, ended with its
// children when time is up. What it prints is never shown with a secret in it.
// By hand: the git of the machine knows partial fetches, pushes that compare and swap, and credentials;
// a library would start the same program, or do without two of the three.

import { spawn } from 'node:child_process'
import { GateError } from '../../model/errors.ts'
import { type FolderBound, watchGrowth } from './growth.ts'

export type GitRun = {
  readonly code: number
  readonly stdout: Buffer
  /** Redacted. */
  readonly stderr: string
  /** True when it was ended because its time was up. */
  readonly timedOut: boolean
  /** It was ended because its folder, or what it printed, had grown beyond so many bytes. */
  readonly overgrown?: number
  /** The signal that somebody else ended it with. */
  readonly killedBy?: string
}

export type GitSettings = {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly timeoutMs: number
  readonly redact: (text: string) => string
  /** What it writes there, and how much of it may come. Absent = it takes nothing from anybody. */
  readonly room?: FolderBound
}

/** Twice what is read of a gate: a tree of millions of names, or what is no answer. */
const MOST_OUTPUT = 128 * 1024 * 1024
const MOST_STDERR = 64 * 1024

/** Resolves for every exit code; rejects with a GateError when git cannot be started or the job is
 * being cancelled. */
export function runGit(
  args: readonly string[],
  settings: GitSettings,
  input: string | Buffer = '',
): Promise<GitRun> {
  const { promise, resolve, reject } = Promise.withResolvers<GitRun>()
  if (settings.signal.aborted) return Promise.reject(cancelled())
  const ownGroup = process.platform !== 'win32'
  const child = spawn('git', args, {
    cwd: settings.cwd,
    env: settings.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: ownGroup,
  })
  let timedOut = false
  const end = () => {
    if (child.pid === undefined) return
    try {
      process.kill(ownGroup ? -child.pid : child.pid, 'SIGKILL')
    } catch {
      // It ended by itself in the meantime.
    }
  }
  const timer = setTimeout(() => {
    timedOut = true
    end()
  }, settings.timeoutMs)
  const growth = settings.room && watchGrowth(settings.room, end)
  settings.signal.addEventListener('abort', end, { once: true })
  const stdout = collect(child.stdout, MOST_OUTPUT, end)
  const stderr = collect(child.stderr, MOST_STDERR)
  // Git may stop reading before the end of its input: its exit code tells the rest.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const tidy = () => {
    clearTimeout(timer)
    growth?.stop()
    settings.signal.removeEventListener('abort', end)
  }
  child.once('error', (error) => {
    tidy()
    reject(notStarted(error))
  })
  child.once('close', (code, killedBy) => {
    tidy()
    if (settings.signal.aborted) return reject(cancelled())
    const said = settings.redact(stderr.bytes().toString('utf8'))
    const ended = { code: code ?? -1, stdout: stdout.bytes(), stderr: said, timedOut }
    const overgrown = growth?.beyond() ?? (stdout.isTooMuch() ? MOST_OUTPUT : undefined)
    if (overgrown !== undefined) return resolve({ ...ended, code: -1, overgrown })
    resolve(killedBy === null || timedOut ? ended : { ...ended, killedBy })
  })
  return promise
}

function collect(stream: NodeJS.ReadableStream, limit: number, onTooMuch?: () => void) {
  const chunks: Buffer[] = []
  let size = 0
  stream.on('data', (chunk: Buffer) => {
    if (size > limit) return
    size += chunk.length
    chunks.push(chunk)
    if (size > limit) onTooMuch?.()
  })
  return { bytes: () => Buffer.concat(chunks), isTooMuch: () => size > limit }
}

function notStarted(error: Error): GateError {
  return new GateError(
    'baseline',
    `git could not be started: ${'code' in error ? error.code : error.message}`,
    'Install git 2.32 or newer on the machine that runs the gate, or keep baselines in a folder.',
    { cause: error },
  )
}

function cancelled(): GateError {
  return new GateError('baseline', 'the work on the baseline branch was cancelled', 'Run it again.')
}
