// A repository of our own in a temporary folder that holds the tip of the data branch and nothing
// else: no work tree, no history, and only the blobs that somebody asks for. It needs no checkout.
// By hand, with git's plumbing: see `git-process.ts`.

import { mkdir, readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { GateError } from '../../model/errors.ts'
import { type Access, gitEnvironment, readUserConfig, redactor } from './git-environment.ts'
import { type GitRun, type GitSettings, runGit } from './git-process.ts'
import { type Trouble, troubleOf } from './git-trouble.ts'
import { type Listing, listing } from './listing.ts'

export type Tip = Listing & {
  /** Absent while the branch does not exist. */
  readonly commit?: string
}
export type Blob = { readonly oid: string; readonly text: string } | { readonly problem: string }

export type DataRepository = {
  readonly git: (args: readonly string[], options?: GitOptions) => Promise<GitRun>
  readonly gitDir: string
  readonly branch: string
  readonly filtered: boolean
}

export type GitOptions = {
  readonly input?: string | Buffer
  readonly environment?: Readonly<Record<string, string>>
}

export type RepositoryOptions = {
  readonly remoteUrl: string
  readonly branch: string
  readonly token?: string
  readonly workDir: string
  readonly signal: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds left for the next command. */
  readonly remainingMs: () => number
  /** Bytes that may be on the disk of what a remote sends, packed. */
  readonly mostFetched?: number
}

/** Thrown inside this folder when the remote said no; the store decides whether to go on. */
export class RemoteTrouble extends Error {
  override readonly name = 'RemoteTrouble'
  readonly trouble: Trouble

  constructor(trouble: Trouble) {
    super(trouble.problem)
    this.trouble = trouble
  }
}

/** Packed; a run file of 500 kB is about 60. */
const MOST_FETCHED = 256 * 1024 * 1024

/** The first that can be kept from reading the user's configuration (GIT_CONFIG_GLOBAL). */
const OLDEST_GIT: readonly [number, number] = [2, 32]

export async function openRepository(
  options: RepositoryOptions,
  filtered: boolean,
): Promise<DataRepository> {
  refuseCredentials(options.remoteUrl)
  refuseRelativePath(options.remoteUrl)
  const gitDir = join(options.workDir, filtered ? 'baseline.git' : 'baseline-whole.git')
  await mkdir(gitDir, { recursive: true })
  const access: Access = {
    remoteUrl: options.remoteUrl,
    environment: options.environment,
    gitDir,
    home: options.workDir,
    token: options.token,
  }
  const settings = (): Omit<GitSettings, 'environment'> => ({
    cwd: options.workDir,
    signal: options.signal,
    timeoutMs: Math.max(1_000, options.remainingMs()),
    redact: redactor(options.token),
    room: { folder: join(gitDir, 'objects'), mostBytes: options.mostFetched ?? MOST_FETCHED },
  })
  const environment = gitEnvironment(access, await readUserConfig(access, settings()))
  const git: DataRepository['git'] = (args, { input = '', environment: extra = {} } = {}) =>
    runGit(args, { ...settings(), environment: { ...environment, ...extra } }, input)
  await checkVersion(git)
  await init(git, gitDir, options.branch)
  return { git, gitDir, branch: options.branch, filtered }
}

/** The newest state of the branch, without its blobs where the server can leave them out. */
export async function fetchTip(repository: DataRepository): Promise<Tip> {
  const { git, branch, filtered } = repository
  const filter = filtered ? ['--filter=blob:none'] : []
  const refspec = `+refs/heads/${branch}:refs/tip`
  const run = await git(['fetch', '-q', '--depth=1', ...filter, '--no-tags', 'origin', refspec])
  if (run.code !== 0) {
    const trouble = troubleOf(run)
    if (trouble.kind === 'no-branch') return { files: [], trees: new Map() }
    throw new RemoteTrouble(trouble)
  }
  const commit = await fetchedCommit(repository)
  const listed = await expectSuccess(git(['ls-tree', '-r', '-t', '-z', '--full-tree', commit]))
  return { commit, ...listing(listed.stdout.toString('utf8')) }
}

/** Git writes what a fetch brought there, its name first. */
async function fetchedCommit({ gitDir }: DataRepository): Promise<string> {
  const [commit = ''] = /^[0-9a-f]+/.exec(await readFile(join(gitDir, 'FETCH_HEAD'), 'utf8')) ?? []
  return commit
}

export type Wanted = {
  /** What is wanted is below it. */
  readonly tree: string
  readonly oids: readonly string[]
  /** Bytes of one blob: what is larger is not even fetched. */
  readonly largest: number
  /** Bytes of all of them: what comes first has the room. */
  readonly most: number
}

/** The texts of blobs by oid. Sizes are asked before contents, by the server where it can. */
export async function readBlobs(
  repository: DataRepository,
  wanted: Wanted,
): Promise<ReadonlyMap<string, Blob>> {
  const { oids, largest, most } = wanted
  const blobs = new Map<string, Blob>()
  if (oids.length === 0) return blobs
  const left = await fetchSmall(repository, wanted)
  for (const oid of left) blobs.set(oid, tooLarge(largest))
  const sizes = await expectSuccess(
    repository.git(['cat-file', '--batch-check=%(objectname) %(objectsize)'], {
      input: lines(oids.filter((oid) => !left.has(oid))),
    }),
  )
  const small: string[] = []
  let total = 0
  for (const line of textOf(sizes).split('\n').filter(Boolean)) {
    const [oid = '', size = ''] = line.split(' ')
    const bytes = Number(size)
    if (bytes > largest) blobs.set(oid, tooLarge(largest))
    else if (total + bytes > most) {
      blobs.set(oid, { problem: `does not fit beside newer ones: at most ${most} bytes are read` })
    } else {
      total += bytes
      small.push(oid)
    }
  }
  const batch = await expectSuccess(
    repository.git(['cat-file', '--batch=%(objectname) %(objectsize)'], { input: lines(small) }),
  )
  for (const blob of parseBatch(batch.stdout)) blobs.set(blob.oid, blob)
  return blobs
}

function tooLarge(largest: number): Blob {
  return { problem: `is over ${largest} bytes` }
}

/**
 * Fetches what is below the folder and not too large, in one go: the server leaves the rest out, which
 * is the answer. Asking for blobs by name would bring them whatever their size. Depth and negotiation
 * are named because git would not ask for a tree that it has, or would say that it has it.
 */
async function fetchSmall(
  repository: DataRepository,
  { tree, oids, largest }: Wanted,
): Promise<ReadonlySet<string>> {
  const missing = await missingOf(repository, oids)
  if (missing.size === 0) return missing
  const { git } = repository
  const filter = `--filter=blob:limit=${largest + 1}`
  const quiet = ['-q', '--depth=1', '--no-tags', '--no-write-fetch-head', filter]
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', ...quiet, 'origin', tree]
  const run = await git(args)
  if (run.code !== 0) throw new RemoteTrouble(troubleOf(run))
  return await missingOf(repository, oids)
}

/** `rev-list --missing=print` asks nobody. */
async function missingOf(
  { git, filtered }: DataRepository,
  oids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (!filtered) return new Set()
  const listed = await expectSuccess(git(['rev-list', '--objects', '--missing=print', 'refs/tip']))
  const missing = new Set(
    textOf(listed)
      .split('\n')
      .filter((line) => line.startsWith('?'))
      .map((line) => line.slice(1)),
  )
  return new Set(oids.filter((oid) => missing.has(oid)))
}

/** Each is a head line, the bytes, a line feed. */
function parseBatch(output: Buffer): readonly { readonly oid: string; readonly text: string }[] {
  const blobs: { oid: string; text: string }[] = []
  let start = 0
  while (start < output.length) {
    const headEnd = output.indexOf(10, start)
    const [oid = '', size = ''] = output.toString('utf8', start, headEnd).split(' ')
    const bodyEnd = headEnd + 1 + Number(size)
    if (headEnd < 0 || !(bodyEnd <= output.length)) break
    blobs.push({ oid, text: output.toString('utf8', headEnd + 1, bodyEnd) })
    start = bodyEnd + 1
  }
  return blobs
}

/** For commands that talk to nobody: their failure is no expected event. */
export async function expectSuccess(running: Promise<GitRun>): Promise<GitRun> {
  const run = await running
  if (run.code === 0) return run
  if (run.timedOut || run.overgrown !== undefined) throw new RemoteTrouble(troubleOf(run))
  throw new GateError(
    'baseline',
    `git failed on the baseline branch: ${troubleOf(run).problem}`,
    'Check that the disk has free space; delete the data branch if its content is broken.',
  )
}

export function textOf(run: GitRun): string {
  return run.stdout.toString('utf8').trim()
}

async function checkVersion(git: DataRepository['git']): Promise<void> {
  const said = textOf(await expectSuccess(git(['--version'])))
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said) ?? []
  const [oldMajor, oldMinor] = OLDEST_GIT
  const isNew =
    Number(major) > oldMajor || (Number(major) === oldMajor && Number(minor) >= oldMinor)
  if (isNew) return
  throw new GateError(
    'baseline',
    `git is too old for the baseline branch: ${said.slice(0, 80)}; ${OLDEST_GIT.join('.')} is needed`,
    'Update git, or keep baselines in a folder.',
  )
}

/** Git refuses a new repository whose branch has no name that a branch can have. */
async function init(git: DataRepository['git'], gitDir: string, branch: string): Promise<void> {
  const run = await git(['init', '-q', '--bare', `--initial-branch=${branch}`, gitDir])
  if (!run.stderr.includes('invalid initial branch name')) {
    await expectSuccess(Promise.resolve(run))
    return
  }
  throw new GateError(
    'baseline',
    `${JSON.stringify(branch)} cannot be the name of a git branch`,
    'Change baseline.branch; the default is inference-gate.',
  )
}

/** An address is printed in errors and seen by other processes. */
function refuseCredentials(remoteUrl: string): void {
  const isWeb = /^https?:/i.test(remoteUrl)
  const hasPassword = /^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(remoteUrl)
  const isKey = isWeb && (/^https?:\/\/[^/]*@/i.test(remoteUrl) || /[?#]/.test(remoteUrl))
  if (!hasPassword && !isKey) return
  throw new GateError(
    'baseline',
    'the address of the baseline remote carries a password, a token or a query',
    'Give the address without it, and the token by its own input.',
  )
}

/** Git does not run in the caller's folder. */
function refuseRelativePath(remoteUrl: string): void {
  if (isAbsolute(remoteUrl) || /^[^/\\]+:/.test(remoteUrl)) return
  throw new GateError(
    'baseline',
    `the baseline remote ${JSON.stringify(remoteUrl)} is a relative path`,
    'Give an absolute path or an address.',
  )
}

function lines(oids: readonly string[]): string {
  return oids.map((oid) => `${oid}\n`).join('')
}
