// Baselines on a git data branch. A write fetches the tip, puts its files on top and pushes with
// compare-and-swap; whoever loses the race starts again from the new tip, so nothing is lost however
// many write at once. Tries are spread out at random and bounded in number and time.

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
  readBlobs,
  type Tip,
  type Wanted,
} from './data-repository.ts'
import { isPlain, type TreeFile } from './listing.ts'
import { hasReadme, refuseForeignBranch, refuseWorkingBranch } from './own-branch.ts'
import { notOpened, type Reopened, type TryOptions, withTries } from './tries.ts'

export type BranchStoreOptions = TryOptions & {
  readonly attempts: number
  readonly author: { readonly name: string; readonly email: string }
  /** Of all files of a gate that are read at once. Default: enough for any that we keep. */
  readonly mostBytes?: number
  /** Branches that people work on. */
  readonly working?: readonly string[]
  /** Where the run files are that could not be stored. */
  readonly reportDir: string
}

const READ_ATTEMPTS = 4
/** Between the reads of two gates of one job. */
const SAME_MOMENT_MS = 2_000
/** A run file has some hundred kilobytes, and no more than a few dozen are kept. */
const MOST_BYTES = 64 * 1024 * 1024
/** What is larger is neither stored nor fetched: 14 000 requests of 64 tokens fit. */
const LARGEST_FILE = 16 * 1024 * 1024

export function branchStore(options: BranchStoreOptions): BaselineStore {
  refuseWorkingBranch(options.branch, options.working ?? [])
  const place = `branch ${options.branch}`
  const store: Store = { ...options, ...notOpened(), seen: undefined }
  return {
    place,
    read: (gate) => readGate(store, gate, place),
    append: (additions, settings) => appendAll(store, additions, settings),
  }
}

type Store = BranchStoreOptions &
  Reopened & {
    /** What the last read fetched: a job's gates are read one after the other. */
    seen:
      | { readonly repository: DataRepository; readonly tip: Tip; readonly atMs: number }
      | undefined
  }

async function readGate(options: Store, gate: string, place: string): Promise<StoreContents> {
  const ended = await withTries(options, READ_ATTEMPTS, async (repository) => {
    const tip = await recentTip(options, repository)
    refuseForeignBranch(options.branch, tip.files)
    const folder = gateFolder(gate)
    const files = tip.files.filter((file) => file.path.startsWith(`${folder}/`))
    const mostBytes = options.mostBytes ?? MOST_BYTES
    return contentsOf(
      gate,
      await readFiles(repository, files, {
        tree: tip.trees.get(folder) ?? '',
        largest: LARGEST_FILE,
        most: mostBytes,
      }),
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

/** As it is now, or was a moment ago when another gate was read. */
async function recentTip(store: Store, repository: DataRepository): Promise<Tip> {
  const { seen } = store
  const atMs = store.nowMs()
  if (seen?.repository === repository && atMs - seen.atMs < SAME_MOMENT_MS) return seen.tip
  const tip = await fetchTip(repository)
  store.seen = { repository, tip, atMs }
  return tip
}

async function appendAll(
  options: Store,
  additions: readonly Addition[],
  settings: AppendSettings,
): Promise<AppendResult> {
  const prepared = additions.map(prepare)
  const texts = prepared.flatMap(({ files }) => [...files.values()])
  const largest = Math.max(...texts.map((text) => Buffer.byteLength(text)))
  if (largest > LARGEST_FILE) return tooLargeToKeep(options, largest)
  const written = new WeakMap<DataRepository, ReadonlyMap<string, string>>()
  options.seen = undefined
  const ended = await withTries(options, options.attempts, async (repository, attempt) => {
    const oids = written.get(repository) ?? (await writeBlobs(repository, texts))
    written.set(repository, oids)
    const tip = await fetchTip(repository)
    refuseForeignBranch(options.branch, tip.files)
    const readme = hasReadme(tip.files) ? [] : await writeBlobs(repository, [STORE_README])
    const store = await changeOfAll(repository, tip, { additions: prepared, settings })
    const commit = await buildCommit(repository, tip, {
      store,
      settings: {
        author: options.author,
        nowIso: settings.nowIso,
        message: messageOf(additions),
        withParent: attempt.withParent,
        oids: new Map([...oids, ...readme]),
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
      epochs: await epochsOf(repository, files, tip.trees.get(folder) ?? ''),
    }
    const change = changeOf(addition, before, wanted.settings)
    for (const [path, text] of change.puts) puts.set(path, text)
    for (const path of change.deletes) deletes.add(path)
  }
  return { puts, deletes }
}

async function epochsOf(repository: DataRepository, files: readonly TreeFile[], tree: string) {
  const epochFiles = files.filter((file) => entryOf(file.path)?.kind === 'epoch')
  // Small enough to leave out what is a run.
  const bounds = { tree, largest: LARGEST_EPOCH_FILE, most: MOST_BYTES }
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
  const oids = files.filter(isPlain).map((file) => file.oid)
  const wanted = { ...bounds, oids: [...new Set(oids.toReversed())] }
  const blobs = await readBlobs(repository, wanted)
  return files.map((file): StoreFile => {
    const { path, oid } = file
    if (!isPlain(file)) return { path, problem: 'is no plain file' }
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
