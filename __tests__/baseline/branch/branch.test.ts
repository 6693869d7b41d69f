import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { GateError } from '../../../src/model/errors.ts'
import type { BaselineStore } from '../../../src/model/store.ts'
import { runPath } from '../../../src/wire/files/store-layout.ts'
import { DAY_MS, NOON_MS, type SampleOptions, sampleEpoch, stored } from '../../baseline-samples.ts'
import {
  type BareRepository,
  BRANCH,
  bareRepository,
  folderWithGit,
  storeOf,
} from './bare-repository.ts'

const SETTINGS = {
  branch: BRANCH,
  keep: 20,
  maxAgeMs: 30 * DAY_MS,
  nowIso: new Date(NOON_MS + DAY_MS).toISOString(),
}
const opened: BareRepository[] = []

function repositoryWith(...config: readonly (readonly [string, string])[]): BareRepository {
  const repository = bareRepository(...config)
  opened.push(repository)
  return repository
}

afterEach(() => {
  for (const repository of opened.splice(0)) repository.remove()
})

function add(store: BaselineStore, seed: number, more: SampleOptions = {}) {
  const run = stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 3, ...more })
  return store.append([{ gate: run.run.gate, runs: [run], epochs: [] }], SETTINGS)
}

async function seedsIn(store: BaselineStore, gate = 'chat'): Promise<readonly number[]> {
  const { runs } = await store.read(gate)
  return runs.map(({ run }) => Number.parseInt(run.id.slice(-8), 16))
}

async function rejection(promise: Promise<unknown>): Promise<GateError> {
  const error = await promise.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  )
  if (error instanceof GateError) return error
  throw error
}

for (const filtering of ['true', 'false']) {
  describe(`a data branch, server filter ${filtering}`, () => {
    const config = ['uploadpack.allowFilter', filtering] as const

    it('is empty where the branch does not exist, in an empty repository too', async () => {
      const contents = await storeOf(repositoryWith(config)).read('chat')
      expect(contents).toEqual({ runs: [], epochs: [], unreadable: [], place: `branch ${BRANCH}` })
    })

    it('gives back runs and epochs, gate by gate', async () => {
      const repository = repositoryWith(config)
      const run = stored({ seed: 1, requests: 30, failed: 2 })
      const epoch = sampleEpoch(NOON_MS)
      const heldRun = stored({ seed: 2, startedMs: NOON_MS + 5000 }, 'held')
      const result = await storeOf(repository).append(
        [
          { gate: 'chat', runs: [run, heldRun], epochs: [epoch] },
          { gate: 'Über/chat', runs: [stored({ seed: 3, gate: 'Über/chat' })], epochs: [] },
        ],
        SETTINGS,
      )
      expect(result).toEqual({ stored: true, attempts: 1 })
      const contents = await storeOf(repository).read('chat')
      expect(contents.runs.map(({ standing }) => standing)).toEqual(['accepted', 'held'])
      expect(contents.runs[0]?.run).toMatchObject({ id: run.run.id, subject: run.run.subject })
      expect(contents.runs[0]?.run.records).toHaveLength(30)
      expect(contents.epochs).toEqual([epoch])
      expect(await seedsIn(storeOf(repository), 'Über/chat')).toEqual([3])
      expect(await seedsIn(storeOf(repository), 'other')).toEqual([])
    })

    it('always is one commit, without the files that were pruned', async () => {
      const repository = repositoryWith(config)
      const store = storeOf(repository)
      for (let seed = 1; seed <= 9; seed += 1) {
        const run = stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 1 })
        await store.append([{ gate: 'chat', runs: [run], epochs: [] }], { ...SETTINGS, keep: 2 })
      }
      expect(repository.git('rev-list', '--count', BRANCH)).toBe('1')
      expect(await seedsIn(store)).toEqual([1, 2, 3, 4, 5, 8, 9])
      expect(repository.git('show', `${BRANCH}:README.md`)).toContain('Baselines of Inference Gate')
    })
  })
}

describe('a data branch', () => {
  it('takes the same run twice as once, without another commit', async () => {
    const repository = repositoryWith()
    await add(storeOf(repository), 1)
    const before = repository.git('rev-parse', BRANCH)
    expect(await add(storeOf(repository), 1)).toEqual({ stored: true, attempts: 1 })
    expect(repository.git('rev-parse', BRANCH)).toBe(before)
  })

  it('promotes a held run', async () => {
    const repository = repositoryWith()
    const store = storeOf(repository)
    const held = stored({ seed: 1 }, 'held')
    await store.append([{ gate: 'chat', runs: [held], epochs: [] }], SETTINGS)
    const epoch = sampleEpoch(NOON_MS + 1000, { acceptedRunId: held.run.id })
    const promoted = { ...held, standing: 'accepted' as const }
    await store.append([{ gate: 'chat', runs: [promoted], epochs: [epoch] }], SETTINGS)
    const contents = await store.read('chat')
    expect(contents.runs.map(({ standing }) => standing)).toEqual(['accepted'])
    expect(contents.epochs).toEqual([epoch])
    expect(repository.git('ls-tree', '-r', '--name-only', BRANCH)).not.toContain('/held/')
  })

  it('names odd files of its own folder and never touches another branch', async () => {
    const repository = repositoryWith()
    await add(storeOf(repository), 1)
    const blob = repository.git('hash-object', '-w', join(repository.gitDir, 'HEAD'))
    const path = runPath(stored({ seed: 1 }))
      .split('/')
      .slice(0, 2)
      .join('/')
    rewrite(repository, [[`100644 ${blob}`, `${path}/odd.json`]])
    repository.git('branch', 'main', BRANCH)
    const main = repository.git('rev-parse', 'main')
    await add(storeOf(repository), 2)
    expect(repository.git('rev-parse', 'main')).toBe(main)
    const contents = await storeOf(repository).read('chat')
    expect(contents.runs).toHaveLength(2)
    expect(contents.unreadable).toEqual([
      { path: `${path}/odd.json`, problem: 'is not a file of a baseline store' },
    ])
  })

  it.each(['src/app.ts', 'notes.md', 'README.md', 'v1', 'v10/chat/x.json'])(
    'that holds %s is somebody else’s: nothing is read, nothing written',
    async (path) => {
      const repository = repositoryWith()
      repository.git('config', 'user.name', 'a')
      repository.git('config', 'user.email', 'a@example.com')
      const blob = repository.git('hash-object', '-w', join(repository.gitDir, 'HEAD'))
      const index = { ...process.env, GIT_INDEX_FILE: join(repository.gitDir, 'other-index') }
      const run = (...args: string[]) =>
        execFileSync('git', ['-C', repository.gitDir, ...args], { env: index, encoding: 'utf8' })
      run('update-index', '--add', '--cacheinfo', `100644,${blob},${path}`)
      const commit = repository.git('commit-tree', run('write-tree').trim(), '-m', 'work')
      repository.git('update-ref', 'refs/heads/main', commit)
      const store = storeOf(repository, { branch: 'main' })
      expect((await rejection(store.read('chat'))).message).toContain('is no baseline branch')
      expect((await rejection(add(store, 1))).message).toContain(JSON.stringify(path))
      expect(repository.git('rev-parse', 'main')).toBe(commit)
    },
  )

  it('that people work on is refused by its name, whatever it holds', () => {
    const repository = repositoryWith()
    for (const name of ['main', 'faster']) {
      expect(() => storeOf(repository, { branch: name, working: ['main', 'faster'] })).toThrow(
        /people work on/,
      )
    }
  })

  it.each(['https://TOKEN@example.com/a.git', 'https://example.com/a.git?token=TOKEN'])(
    'is not asked for at an address that carries a key: %s',
    async (remoteUrl) => {
      const error = await rejection(storeOf(repositoryWith(), { remoteUrl }).read('chat'))
      expect(error.message).toContain('carries a password, a token or a query')
      expect(error.message).not.toContain('TOKEN')
    },
  )

  it('reads no more than it can hold, the newest first, and names what it left', async () => {
    const repository = repositoryWith()
    for (const seed of [1, 2, 3]) await add(storeOf(repository), seed)
    const size = Number(
      repository.git(
        'cat-file',
        '-s',
        `${BRANCH}:${runPath(stored({ seed: 3, startedMs: NOON_MS + 3000 }))}`,
      ),
    )
    const store = storeOf(repository, { mostBytes: size * 2 + 100 })
    expect(await seedsIn(store)).toEqual([2, 3])
    expect((await store.read('chat')).unreadable).toEqual([
      { path: expect.stringContaining('/runs/'), problem: expect.stringContaining('newer ones') },
    ])
  })

  it('names truncated, foreign and newer files and links, and still counts the others', async () => {
    const repository = repositoryWith()
    await add(storeOf(repository), 1)
    const good = repository.git(
      'rev-parse',
      `${BRANCH}:${runPath(stored({ seed: 1, startedMs: NOON_MS + 1000 }))}`,
    )
    const text = repository.git('cat-file', 'blob', good)
    const paths = [2, 3, 4, 5].map((seed) =>
      runPath(stored({ seed, startedMs: NOON_MS + seed * 1000 })),
    )
    const texts = [
      text.slice(0, 500),
      '{"data": 1}',
      text.replace('"schemaVersion":1', '"schemaVersion":7'),
      text,
    ]
    rewrite(
      repository,
      texts.map((content, n) => [
        `${n === 3 ? '120000' : '100644'} ${blobOf(repository, content)}`,
        paths[n] ?? '',
      ]),
    )
    const contents = await storeOf(repository).read('chat')
    expect(contents.runs).toHaveLength(1)
    expect(contents.unreadable.map(({ path }) => path)).toEqual(paths)
    const problems = contents.unreadable.map(({ problem }) => problem)
    expect(problems[0]).toContain('cut short')
    expect(problems[1]).toContain('is not an inference-gate-run file')
    expect(problems[2]).toContain('schema version 7')
    expect(problems[3]).toBe('is no plain file')
  })

  it('reads only the blobs of the gate that is asked for', async () => {
    const repository = repositoryWith(['uploadpack.allowFilter', 'true'])
    await add(storeOf(repository), 1)
    await add(storeOf(repository), 2, { gate: 'other' })
    const workDir = repository.workDir()
    await storeOf(repository, { workDir }).read('chat')
    const here = repository.git(
      `--git-dir=${workDir}/baseline.git`,
      'rev-list',
      '--objects',
      '--missing=print',
      'refs/tip',
    )
    const missing = here.split('\n').filter((line) => line.startsWith('?'))
    const other = repository.git(
      'rev-parse',
      `${BRANCH}:${runPath(stored({ seed: 2, startedMs: NOON_MS + 2000, gate: 'other' }))}`,
    )
    expect(missing).toContain(`?${other}`)
    expect(missing).toHaveLength(2)
  })

  it.each([
    ['where the server can leave it out', true],
    ['where it cannot', false],
  ])('names what is too large, and reads the rest, %s', async (_, filters) => {
    const repository = repositoryWith(
      ...(filters ? [['uploadpack.allowFilter', 'true'] as const] : []),
    )
    await add(storeOf(repository), 1)
    const large = blobOf(repository, 'x'.repeat(16 * 1024 * 1024 + 1))
    const epoch = blobOf(repository, 'x'.repeat(64 * 1024 + 1))
    const path = runPath(stored({ seed: 2, startedMs: NOON_MS + 2000 }))
    const epochPath = path.replace(/runs\/.*/, 'epochs/20261124T120000Z-0000abcd.json')
    rewrite(repository, [
      [`100644 ${large}`, path],
      [`100644 ${epoch}`, epochPath],
    ])
    const workDir = repository.workDir()
    const contents = await storeOf(repository, { workDir }).read('chat')
    expect(contents.runs).toHaveLength(1)
    expect(contents.unreadable).toContainEqual({ path, problem: `is over ${16 << 20} bytes` })
    // And writing goes on without it.
    expect(await add(storeOf(repository, { workDir: repository.workDir() }), 3)).toMatchObject({
      stored: true,
    })
    if (!filters) return
    const git = `--git-dir=${workDir}/baseline.git`
    const here = repository.git(git, 'rev-list', '--objects', '--missing=print', 'refs/tip')
    expect(here.split('\n')).toContain(`?${large}`)
  })

  it.each([
    ['leaves out nothing that was not asked for', false],
    ['can leave out contents, and is asked for too many of them', true],
  ])('is not taken whole from a server that %s', async (_, filters) => {
    const repository = repositoryWith(['uploadpack.allowFilter', String(filters)])
    await add(storeOf(repository), 1)
    const path = runPath(stored({ seed: 2, startedMs: NOON_MS + 2000 }))
    const many = Array.from({ length: 10 }, (__, index): readonly [string, string] => [
      `100644 ${blobOf(repository, randomBytes(128 * 1024).toString('latin1'))}`,
      path.replace('20261101', String(20261001 + index)),
    ])
    rewrite(repository, many)
    const mostFetched = 1024 * 1024
    const store = storeOf(repository, { mostFetched })
    const error = await rejection(store.read('chat'))
    expect(error.message).toContain('the remote sent more than 1 MiB of the branch')
    expect(error.remedy).toContain('uploadpack.allowFilter')
    // Read again with room, all of it is there: nothing was written in the meantime.
    const contents = await storeOf(repository).read('chat')
    expect([contents.runs.length, contents.unreadable.length]).toEqual([1, 10])
    if (filters) return
    const kept = await add(storeOf(repository, { mostFetched }), 3)
    expect(kept).toMatchObject({
      stored: false,
      problem: expect.stringContaining('keep baselines in a folder'),
    })
  })

  it('is not listed without end: a small pack can be a tree of millions of names', async () => {
    const repository = repositoryWith()
    await add(storeOf(repository), 1)
    const blob = blobOf(repository, 'x')
    const names = Array.from({ length: 50_000 }, (_, index) => {
      return `100644 blob ${blob}\t${String(index).padStart(6, '0')}${'x'.repeat(240)}\n`
    })
    const make = (input: string) =>
      execFileSync('git', ['-C', repository.gitDir, 'mktree'], { input, encoding: 'utf8' }).trim()
    const inner = make(names.join(''))
    const runs = make(
      Array.from({ length: 12 }, (_, index) => `040000 tree ${inner}\t${index}\n`).join(''),
    )
    const tree = make(`040000 tree ${runs}\tv1\n`)
    const commit = repository.git('commit-tree', tree, '-m', 'many')
    repository.git('update-ref', `refs/heads/${BRANCH}`, commit)
    const error = await rejection(storeOf(repository).read('chat'))
    expect(error.message).toContain('the remote sent more than 128 MiB of the branch')
  })

  it('keeps no run that it would not read again', async () => {
    const repository = repositoryWith()
    const one = stored({ seed: 1, startedMs: NOON_MS, requests: 3 })
    const [record] = one.run.records
    if (record === undefined) throw new Error('no record')
    const records = Array.from({ length: 60 }, (_, index) => ({
      ...record,
      index,
      gapsMs: Array.from({ length: 45_000 }, (_none, gap) => gap + index / 7),
    }))
    const costsUsd = records.map(() => 0)
    const run = { ...one.run, records, costsUsd }
    const addition = { gate: 'chat', epochs: [], runs: [{ ...one, run }] }
    const result = await storeOf(repository).append([addition], SETTINGS)
    expect(result).toMatchObject({
      stored: false,
      problem: expect.stringContaining('the branch keeps files of at most'),
    })
  })

  it('goes on with a commit on top where the server forbids replacing one', async () => {
    const repository = repositoryWith(['receive.denyNonFastForwards', 'true'])
    await add(storeOf(repository), 1)
    expect(await add(storeOf(repository), 2)).toEqual({ stored: true, attempts: 2 })
    expect(await seedsIn(storeOf(repository))).toEqual([1, 2])
    expect(repository.git('rev-list', '--count', BRANCH)).toBe('2')
  })

  it('remembers that a branch is protected from being replaced', async () => {
    const repository = repositoryWith()
    repository.hook(
      'update',
      'expr "$2" : "0*$" > /dev/null || git merge-base --is-ancestor "$2" "$3" ||' +
        ' { echo "GH006: Cannot force-push to this branch" >&2; exit 1; }',
    )
    const store = storeOf(repository)
    expect(await add(store, 1)).toEqual({ stored: true, attempts: 1 })
    expect(await add(store, 2)).toEqual({ stored: true, attempts: 2 })
    expect(await add(store, 3)).toEqual({ stored: true, attempts: 1 })
    expect(await seedsIn(storeOf(repository))).toEqual([1, 2, 3])
    expect(repository.git('rev-list', '--count', BRANCH)).toBe('3')
  })
})

describe('a push that fails', () => {
  it('is tried again until the server takes it', async () => {
    const repository = repositoryWith()
    // A lock that somebody left, until the fourth push.
    const lock = join(repository.gitDir, `refs/heads/${BRANCH}.lock`)
    writeFileSync(lock, '')
    const counter = join(repository.folder, 'pushes')
    const clears = `echo x >> '${counter}'; [ $(wc -l < '${counter}') -le 3 ] || rm -f '${lock}'`
    repository.hook('pre-receive', clears)
    expect(await add(storeOf(repository), 1)).toEqual({ stored: true, attempts: 4 })
    expect(await seedsIn(storeOf(repository))).toEqual([1])
  })

  it('is not tried again where a hook declines it, for the reason it gives', async () => {
    const repository = repositoryWith()
    const counter = join(repository.folder, 'pushes')
    repository.hook('pre-receive', `echo x >> '${counter}'; echo "no pushes today" >&2; exit 1`)
    const result = await add(storeOf(repository), 1)
    expect(result).toMatchObject({
      stored: false,
      problem: expect.stringMatching(/no pushes today.*A hook of the remote declines it/),
    })
    expect(readFileSync(counter, 'utf8')).toBe('x\n')
  })

  it('loses nothing when others write between its fetch and its push', async () => {
    const repository = repositoryWith()
    await add(storeOf(repository), 1)
    const racing = folderWithGit(
      repository,
      `case "$1" in push) if [ -e '${repository.folder}/race' ]; then rm '${repository.folder}/race'
       "$real" --git-dir='${repository.gitDir}' update-ref refs/heads/${BRANCH} "$(cat '${repository.folder}/theirs')"; fi;; esac
       exec "$real" "$@"`,
    )
    // Somebody else's run 2, as a commit that is not on the branch yet.
    const ours = repository.git('rev-parse', BRANCH)
    await add(storeOf(repository), 2)
    writeFileSync(join(repository.folder, 'theirs'), repository.git('rev-parse', BRANCH))
    repository.git('update-ref', `refs/heads/${BRANCH}`, ours)
    writeFileSync(join(repository.folder, 'race'), '')
    const environment = { ...process.env, PATH: `${racing}:${process.env.PATH}` }
    expect(await add(storeOf(repository, { environment }), 3)).toEqual({
      stored: true,
      attempts: 2,
    })
    expect(await seedsIn(storeOf(repository))).toEqual([1, 2, 3])
  })

  it('opens its repository once, and reads gate after gate of one fetch', async () => {
    const repository = repositoryWith(['uploadpack.allowFilter', 'true'])
    await add(storeOf(repository), 1)
    await add(storeOf(repository), 2, { gate: 'summary' })
    const calls = join(repository.folder, 'calls')
    const spying = folderWithGit(repository, `echo "$1" >> '${calls}'; exec "$real" "$@"`)
    const environment = { ...process.env, PATH: `${spying}:${process.env.PATH}` }
    let nowMs = 0
    const store = storeOf(repository, { environment, nowMs: () => nowMs })
    const ofTip = () =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter((call) => call === 'init' || call === 'ls-tree')
    expect([await seedsIn(store), await seedsIn(store, 'summary')]).toEqual([[1], [2]])
    expect(ofTip()).toEqual(['init', 'ls-tree'])
    // What it wrote itself it reads, and after a moment what others wrote.
    await add(store, 3)
    expect(await seedsIn(store)).toEqual([1, 3])
    expect(ofTip()).toEqual(['init', 'ls-tree', 'ls-tree', 'ls-tree'])
    await add(storeOf(repository), 4)
    nowMs += 60_000
    expect(await seedsIn(store)).toEqual([1, 3, 4])
  })

  it('looks again where what a moment ago was the tip is gone', async () => {
    const repository = repositoryWith(['uploadpack.allowFilter', 'true'])
    await add(storeOf(repository), 1)
    await add(storeOf(repository), 2, { gate: 'summary' })
    const store = storeOf(repository, { nowMs: () => 0 })
    expect(await seedsIn(store)).toEqual([1])
    await add(storeOf(repository), 3, { gate: 'summary' })
    repository.git('gc', '-q', '--prune=now')
    expect(await seedsIn(store, 'summary')).toEqual([2, 3])
  })

  it('ends within its time limit and says how to store the run later', async () => {
    const repository = repositoryWith()
    writeFileSync(join(repository.gitDir, `refs/heads/${BRANCH}.lock`), '')
    const result = await add(storeOf(repository, { attempts: 1000, totalTimeMs: 3000 }), 1)
    expect(result.stored).toBe(false)
    if (result.stored) return
    expect(result.problem).toContain('cannot lock ref')
    expect(result.problem).toMatch(/\(\d+ tr(?:y|ies)\)/)
    expect(result.command).toBe(
      `inference-gate record --results 'inference-gate-report/runs/*.json' --remote '${repository.url}' --branch '${BRANCH}'`,
    )
    expect(await seedsIn(storeOf(repository))).toEqual([])
  })

  it('ends a server that never answers when its time is up', async () => {
    const repository = repositoryWith()
    repository.hook('pre-receive', 'sleep 20; exit 0')
    const result = await add(storeOf(repository, { totalTimeMs: 1200 }), 1)
    expect(result).toMatchObject({ stored: false })
    expect(result.stored ? '' : result.problem).toContain('did not finish in time')
  })

  it('names the ruleset that forbids every push', async () => {
    const repository = repositoryWith()
    repository.hook('update', 'echo "GH013: Repository rule violations found for $1" >&2; exit 1')
    const result = await add(storeOf(repository), 1)
    expect(result.stored ? '' : result.problem).toContain('GH013')
    expect(result.stored ? '' : result.problem).toContain('Exclude the data branch')
  })

  it('gives up at once where another try cannot help', async () => {
    const repository = repositoryWith()
    const nowhere = `${repository.url}-nowhere`
    const result = await add(storeOf(repository, { remoteUrl: nowhere }), 1)
    expect(result.stored ? '' : result.problem).toContain('Check the address of the remote')
    const error = await rejection(storeOf(repository, { remoteUrl: nowhere }).read('chat'))
    expect(error.kind).toBe('baseline')
    expect(error.message).toContain('cannot be read')
  })

  it('ends when the job is cancelled', async () => {
    const repository = repositoryWith()
    const pushing = join(repository.folder, 'pushing')
    repository.hook('pre-receive', `touch '${pushing}'; sleep 20; exit 0`)
    const controller = new AbortController()
    const adding = add(storeOf(repository, { signal: controller.signal }), 1)
    while (!existsSync(pushing)) await sleep(10)
    controller.abort()
    expect((await rejection(adding)).message).toContain('cancelled')
  })
})

describe('git on a strange machine', () => {
  it('is named when it is missing or too old', async () => {
    const repository = repositoryWith()
    const none = { ...process.env, PATH: repository.workDir() }
    const missing = await rejection(storeOf(repository, { environment: none }).read('chat'))
    expect(missing.message).toContain('git could not be started: ENOENT')
    const old = folderWithGit(
      repository,
      '[ "$1" = --version ] && { echo git version 2.20.1; exit; }; exec "$real" "$@"',
    )
    const environment = { ...process.env, PATH: `${old}:${process.env.PATH}` }
    const tooOld = await rejection(add(storeOf(repository, { environment }), 1))
    expect(tooOld).toMatchObject({ kind: 'baseline' })
    expect(tooOld.message).toContain('git version 2.20.1; 2.32 is needed')
  })

  it('obeys no configuration, hook or variable of the checkout or the user', async () => {
    const repository = repositoryWith()
    const home = repository.workDir()
    const marker = join(repository.folder, 'marker')
    mkdirSync(join(home, 'hooks'))
    for (const hook of ['pre-push', 'reference-transaction', 'post-index-change']) {
      writeFileSync(join(home, 'hooks', hook), `#!/bin/sh\ntouch '${marker}'\n`, { mode: 0o755 })
    }
    writeFileSync(
      join(home, '.gitconfig'),
      `[core]\n hooksPath = ${home}/hooks\n fsmonitor = touch ${marker}\n[init]\n templateDir = ${home}\n` +
        `[url "file:///nowhere/"]\n insteadOf = file:///\n[commit]\n gpgSign = true\n`,
    )
    const environment = {
      ...process.env,
      HOME: home,
      GIT_DIR: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_TEMPLATE_DIR: home,
      GIT_CONFIG_PARAMETERS: `'core.hooksPath=${home}/hooks'`,
    }
    expect(await add(storeOf(repository, { environment }), 1)).toMatchObject({ stored: true })
    expect(existsSync(marker)).toBe(false)
  })

  it('refuses names that are no branch, addresses with a password and transports that run programs', async () => {
    const repository = repositoryWith()
    for (const branch of ['a..b', 'a b', '', 'x.lock']) {
      const error = await rejection(storeOf(repository, { branch }).read('chat'))
      expect(error.message).toContain('cannot be the name of a git branch')
    }
    const secret = await rejection(
      storeOf(repository, { remoteUrl: 'https://me:hunter2@example.com/r.git' }).read('chat'),
    )
    expect(`${secret.message} ${secret.remedy}`).not.toContain('hunter2')
    const relative = storeOf(repository, { remoteUrl: '../remote.git' }).read('chat')
    expect((await rejection(relative)).message).toContain('is a relative path')
    const marker = join(repository.folder, 'marker')
    const program = await rejection(
      storeOf(repository, { remoteUrl: `ext::touch ${marker}` }).read('chat'),
    )
    expect(program.message).toContain('not allowed')
    expect(existsSync(marker)).toBe(false)
  })
})

function blobOf(repository: BareRepository, text: string): string {
  const path = join(repository.folder, 'blob')
  writeFileSync(path, text)
  return repository.git('hash-object', '-w', '--no-filters', path)
}

/** Puts files on the data branch by hand. */
function rewrite(repository: BareRepository, files: readonly (readonly [string, string])[]): void {
  repository.git('read-tree', BRANCH)
  for (const [entry, path] of files) {
    const [mode = '', oid = ''] = entry.split(' ')
    repository.git('update-index', '--add', '--cacheinfo', `${mode},${oid},${path}`)
  }
  const tree = repository.git('write-tree')
  const commit = repository.git(
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@x',
    'commit-tree',
    tree,
    '-m',
    'x',
  )
  repository.git('update-ref', `refs/heads/${BRANCH}`, commit)
}
