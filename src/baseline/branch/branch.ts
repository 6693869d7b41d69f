// Baselines on a git data branch. A write fetches the tip, puts its files on top and pushes with
// compare-and-swap; whoever loses the race starts again from the new tip, so nothing is lost however
// many write at once. Tries are spread out at random and bounded in number and time.

import { setTimeout as sleep } from 'node:timers/promises'
import { GateError } from '../../model/errors.ts'
import type { StoreContents } from '../../model/history.ts'
import type { Addition, AppendResult, AppendSettings, BaselineStore } from '../../model/store.ts'
import {
  changeOf,
  contentsOf,
  decodeEpoch,
  entryOf,
  gateFolder,
  LARGEST_EPOCH_FILE,
  type PreparedAddition,
  prepare,
  STORE_README,
  type StoreChange,
  type StoreFile,
} from '../../wire/files/files.ts'
import { buildCommit, pushCommit, writeBlobs } from './data-commit.ts'
import {
  type DataRepository,
  fetchTip,
  openRepository,
  RemoteTrouble,
  type RepositoryOptions,
  readBlobs,
  type Tip,
  type TreeFile,
  type Wanted,
} from './data-repository.ts'
import type { Trouble } from './git-trouble.ts'
import { refuseForeignBranch, refuseWorkingBranch } from './own-branch.ts'

export type BranchStoreOptions = Omit<RepositoryOptions, 'remainingMs'> & {
  /** Milliseconds of any clock that never steps back. */
  readonly nowMs: () => number
  /** 0 up to 1, to spread the tries of many writers. */
  readonly random: () => number
  readonly attempts: number
  /** For one read or one append, all tries together. */
  readonly totalTimeMs: number
  readonly author: { readonly name: string; readonly email: string }
  /** Of all files of a gate that are read at once. Default: enough for any that we keep. */
  readonly mostBytes?: number
  /** Branches that people work on. */
  readonly working?: readonly string[]
  /** Where the run files are that could not be stored. */
  readonly reportDir: string
}

const SHORTEST_UNIT_MS = 100
const LONGEST_UNIT_MS = 1_500
const MOST_KILLED = 3
const READ_ATTEMPTS = 4
/** A run file has some hundred kilobytes, and no more than a few dozen are kept. */
const MOST_BYTES = 64 * 1024 * 1024
/** What is larger is neither stored nor fetched: 14 000 requests of 64 tokens fit. */
const LARGEST_FILE = 16 * 1024 * 1024

export function branchStore(options: BranchStoreOptions): BaselineStore {
  refuseWorkingBranch(options.branch, options.working ?? [])
  const place = `branch ${options.branch}`
  const store: Store = { ...options, learnt: { filtered: true, withParent: false } }
  return {
    place,
    read: (gate) => readGate(store, gate, place),
    append: (additions, settings) => appendAll(store, additions, settings),
  }
}

/** What the server turned out to allow; remembered for the store's next work. */
type Learnt = { readonly filtered: boolean; readonly withParent: boolean }
type Store = BranchStoreOptions & { learnt: Learnt }
type Attempt = Learnt & { readonly number: number }

async function readGate(options: Store, gate: string, place: string): Promise<StoreContents> {
  const ended = await withTries(options, READ_ATTEMPTS, async (repository) => {
    const tip = await fetchTip(repository)
    refuseForeignBranch(options.branch, tip.files)
    const folder = gateFolder(gate)
    const files = tip.files.filter((file) => file.path.startsWith(`${folder}/`))
    const mostBytes = options.mostBytes ?? MOST_BYTES
    return contentsOf(
      gate,
      await readFiles(repository, files, { folder, largest: LARGEST_FILE, most: mostBytes }),
      place,
    )
  })
  if (ended.done) return ended.value
  throw new GateError(
    'baseline',
    `the baseline branch ${options.branch} cannot be read: ${ended.problem}`,
    ended.remedy,
  )
}

async function appendAll(
  options: Store,
  additions: readonly Addition[],
  settings: AppendSettings,
): Promise<AppendResult> {
  const prepared = additions.map(prepare)
  const texts = [STORE_README, ...prepared.flatMap(({ files }) => [...files.values()])]
  const largest = Math.max(...texts.map((text) => Buffer.byteLength(text)))
  if (largest > LARGEST_FILE) return tooLargeToKeep(options, largest)
  const written = new WeakMap<DataRepository, ReadonlyMap<string, string>>()
  const ended = await withTries(options, options.attempts, async (repository, attempt) => {
    const oids = written.get(repository) ?? (await writeBlobs(repository, texts))
    written.set(repository, oids)
    const tip = await fetchTip(repository)
    refuseForeignBranch(options.branch, tip.files)
    const store = await changeOfAll(repository, tip, { additions: prepared, settings })
    const commit = await buildCommit(repository, tip, {
      store,
      settings: {
        author: options.author,
        nowIso: settings.nowIso,
        message: messageOf(additions),
        withParent: attempt.withParent,
        oids,
        attempt: attempt.number,
      },
    })
    if (commit !== undefined) await pushCommit(repository, tip, commit)
    return attempt.number
  })
  if (ended.done) return { stored: true, attempts: ended.value }
  return {
    stored: false,
    problem: `the baseline branch ${options.branch} could not be written: ${ended.problem}. ${ended.remedy}`,
    command: storeLater(options),
  }
}

/** What is stored and never read again would look like a baseline. */
function tooLargeToKeep(options: Store, bytes: number): AppendResult {
  return {
    stored: false,
    problem: `a run file has ${bytes} bytes, and the branch keeps files of at most ${LARGEST_FILE}. Ask for fewer requests, or keep baselines in a folder`,
    command: storeLater(options),
  }
}

type Ended<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly problem: string; readonly remedy: string }

/** Tries until it works, cannot work, or tries or time are spent. */
async function withTries<T>(
  options: Store,
  attempts: number,
  work: (repository: DataRepository, attempt: Attempt) => Promise<T>,
): Promise<Ended<T>> {
  const deadlineMs = options.nowMs() + options.totalTimeMs
  const remainingMs = () => deadlineMs - options.nowMs()
  let repository: DataRepository | undefined
  let attempt: Attempt = { number: 1, ...options.learnt }
  for (;;) {
    const startedMs = options.nowMs()
    try {
      if (repository?.filtered !== attempt.filtered) {
        repository = await openRepository({ ...options, remainingMs }, attempt.filtered)
      }
      return { done: true, value: await work(repository, attempt) }
    } catch (error) {
      if (!(error instanceof RemoteTrouble)) throw error
      const next = attemptAfter(error.trouble, attempt)
      if ('remedy' in next) return { done: false, problem: error.message, remedy: next.remedy }
      const tookMs = options.nowMs() - startedMs
      if (next.number > attempts || remainingMs() <= tookMs) {
        return { done: false, ...givenUp(error.message, attempt.number) }
      }
      const pauseMs = pauseAfter(tookMs, attempt.number, options.random())
      await pause(Math.min(pauseMs, remainingMs() / 2), options.signal)
      attempt = next
      options.learnt = { filtered: next.filtered, withParent: next.withParent }
    }
  }
}

function attemptAfter(trouble: Trouble, attempt: Attempt): Attempt | { readonly remedy: string } {
  const next = { ...attempt, number: attempt.number + 1 }
  if (trouble.kind === 'final') return { remedy: trouble.remedy }
  if (trouble.kind === 'killed' && attempt.number >= MOST_KILLED) {
    return { remedy: 'Check the memory of the machine, and what else ends its processes.' }
  }
  if (trouble.kind === 'no-filter') {
    return attempt.filtered
      ? { ...next, filtered: false }
      : { remedy: 'The server does not hand out the branch; ask who runs it.' }
  }
  if (trouble.kind === 'no-force') {
    return attempt.withParent
      ? { remedy: 'Exclude the data branch from the branch protection or ruleset.' }
      : { ...next, withParent: true }
  }
  return next
}

function givenUp(problem: string, tries: number) {
  return {
    problem: `${problem} (${tries} ${tries === 1 ? 'try' : 'tries'})`,
    remedy: 'Run the command below once the remote can be reached.',
  }
}

/**
 * Full jitter over a window of 2, 4, 8, 16 and again 2 times what the last try took: many writers
 * need room in proportion to their work, and one that has waited long is not made to wait longer.
 */
function pauseAfter(tookMs: number, attempt: number, random: number): number {
  const unitMs = Math.min(LONGEST_UNIT_MS, Math.max(SHORTEST_UNIT_MS, tookMs))
  return SHORTEST_UNIT_MS / 2 + random * unitMs * 2 ** (1 + ((attempt - 1) % 4))
}

async function pause(pauseMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(pauseMs, undefined, { signal })
  } catch {
    // Cancelled: the next command says so.
  }
}

async function changeOfAll(
  repository: DataRepository,
  tip: Tip,
  wanted: { readonly additions: readonly PreparedAddition[]; readonly settings: AppendSettings },
): Promise<StoreChange> {
  const puts = new Map<string, string>()
  const deletes = new Set<string>()
  for (const addition of wanted.additions) {
    const folder = gateFolder(addition.gate)
    const files = tip.files.filter((file) => file.path.startsWith(`${folder}/`))
    const before = {
      paths: files.map((file) => file.path),
      epochs: await epochsOf(repository, files, folder),
    }
    const change = changeOf(addition, before, wanted.settings)
    for (const [path, text] of change.puts) puts.set(path, text)
    for (const path of change.deletes) deletes.add(path)
  }
  return { puts, deletes }
}

async function epochsOf(repository: DataRepository, files: readonly TreeFile[], folder: string) {
  const epochFiles = files.filter((file) => entryOf(file.path)?.kind === 'epoch')
  // Small enough to leave out what is a run.
  const bounds = { folder, largest: LARGEST_EPOCH_FILE, most: MOST_BYTES }
  return (await readFiles(repository, epochFiles, bounds)).flatMap((file) => {
    const decoded = 'text' in file ? decodeEpoch(file.text, file.path) : undefined
    return decoded?.ok === true ? [decoded.epoch] : []
  })
}

async function readFiles(
  repository: DataRepository,
  files: readonly TreeFile[],
  bounds: Omit<Wanted, 'oids'>,
): Promise<readonly StoreFile[]> {
  // By path, so the newest run is last, and what there is no room for is old.
  const oids = files.filter((file) => file.plain).map((file) => file.oid)
  const wanted = { ...bounds, oids: [...new Set(oids.toReversed())] }
  const blobs = await readBlobs(repository, wanted)
  return files.map(({ path, oid, plain }): StoreFile => {
    if (!plain) return { path, problem: 'is no plain file' }
    const blob = blobs.get(oid)
    if (blob === undefined) return { path, problem: 'cannot be had from the remote' }
    return 'text' in blob ? { path, text: blob.text } : { path, problem: blob.problem }
  })
}

function messageOf(additions: readonly Addition[]): string {
  const names = additions.map(({ gate, runs, epochs }) => {
    const what = [...runs.map(({ run }) => run.id), ...epochs.map((epoch) => `epoch ${epoch.id}`)]
    return `${JSON.stringify(gate).slice(0, 80)}: ${what.join(', ')}`
  })
  return `Keep baselines\n\n${names.slice(0, 50).join('\n')}\n`
}

function storeLater(options: BranchStoreOptions): string {
  const { reportDir, remoteUrl, branch } = options
  const results = quoted(`${reportDir}/runs/*.json`)
  const remote = `--remote ${quoted(remoteUrl)} --branch ${quoted(branch)}`
  return `inference-gate record --results ${results} ${remote}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
