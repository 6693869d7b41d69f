import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from '@jest/globals'
import { folderStore } from '../../../src/baseline/folder/folder.ts'
import { GateError } from '../../../src/model/errors.ts'
import { encodeRun } from '../../../src/wire/files/run-file.ts'
import { gateFolder, runPath } from '../../../src/wire/files/store-layout.ts'
import { DAY_MS, NOON_MS, sampleEpoch, stored } from '../../baseline-samples.ts'

const RECORDER = fileURLToPath(new URL('./recorder.ts', import.meta.url))
const SETTINGS = {
  branch: 'inference-gate',
  keep: 20,
  maxAgeMs: 30 * DAY_MS,
  nowIso: new Date(NOON_MS + DAY_MS).toISOString(),
}
const folders: string[] = []

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gate-folder-'))
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function run(seed: number, standing: 'accepted' | 'held' = 'accepted') {
  return stored({ seed, startedMs: NOON_MS + seed * 1000, requests: 3 }, standing)
}

function add(folder: string, seed: number) {
  return folderStore(folder).append([{ gate: 'chat', runs: [run(seed)], epochs: [] }], SETTINGS)
}

async function seedsIn(folder: string): Promise<readonly number[]> {
  const { runs } = await folderStore(folder).read('chat')
  return runs.map(({ run: one }) => Number.parseInt(one.id.slice(-8), 16))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
}

/** Resolves when the process has ended, killed after so many runs if any. */
function record(folder: string, first: number, last: number, killAfter?: number): Promise<number> {
  const child = spawn(process.execPath, [RECORDER, folder, String(first), String(last)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let done = 0
  child.stdout.on('data', (chunk) => {
    done += String(chunk).split('true').length - 1
    if (killAfter !== undefined && done >= killAfter) child.kill('SIGKILL')
  })
  return new Promise((resolve) => {
    child.once('close', () => resolve(done))
  })
}

describe('a baseline folder', () => {
  it('is empty where nothing is, and makes itself on the first write', async () => {
    const folder = join(newFolder(), 'deep/er')
    const contents = await folderStore(folder).read('chat')
    expect(contents).toEqual({ runs: [], epochs: [], unreadable: [], place: `folder ${folder}` })
    expect(await add(folder, 1)).toEqual({ stored: true, attempts: 1 })
    expect(await seedsIn(folder)).toEqual([1])
  })

  it('gives back runs, standings and epochs, gate by gate', async () => {
    const folder = newFolder()
    const epoch = sampleEpoch(NOON_MS)
    await folderStore(folder).append(
      [
        { gate: 'chat', runs: [run(1), run(2, 'held')], epochs: [epoch] },
        { gate: '../escape', runs: [stored({ seed: 3, gate: '../escape' })], epochs: [] },
      ],
      SETTINGS,
    )
    const contents = await folderStore(folder).read('chat')
    expect(contents.runs.map(({ standing }) => standing)).toEqual(['accepted', 'held'])
    expect(contents.epochs).toEqual([epoch])
    expect((await folderStore(folder).read('../escape')).runs).toHaveLength(1)
    expect(readdirSync(folder)).toEqual(['v1'])
  })

  it('promotes a held run and prunes what is too much', async () => {
    const folder = newFolder()
    await folderStore(folder).append(
      [{ gate: 'chat', runs: [run(1, 'held')], epochs: [] }],
      SETTINGS,
    )
    await folderStore(folder).append([{ gate: 'chat', runs: [run(1)], epochs: [] }], SETTINGS)
    const { runs } = await folderStore(folder).read('chat')
    expect(runs.map(({ standing }) => standing)).toEqual(['accepted'])
    for (let seed = 2; seed <= 9; seed += 1) {
      await folderStore(folder).append([{ gate: 'chat', runs: [run(seed)], epochs: [] }], {
        ...SETTINGS,
        keep: 2,
      })
    }
    expect(await seedsIn(folder)).toEqual([1, 2, 3, 4, 5, 8, 9])
  })

  it('keeps the anchor of the epoch it finds on disk', async () => {
    const folder = newFolder()
    const epoch = sampleEpoch(NOON_MS + 3500)
    for (let seed = 1; seed <= 12; seed += 1) {
      const addition = { gate: 'chat', runs: [run(seed)], epochs: seed === 4 ? [epoch] : [] }
      await folderStore(folder).append([addition], { ...SETTINGS, keep: 1 })
    }
    // Run 3 began in the very second of the opening: ids do not know more.
    expect(await seedsIn(folder)).toEqual([3, 4, 5, 6, 7, 12])
  })

  it('names truncated and foreign files, links and folders in the way, and counts the others', async () => {
    const folder = newFolder()
    await add(folder, 1)
    const cut = join(folder, runPath(run(2)))
    writeFileSync(cut, encodeRun(run(2).run).slice(0, 300))
    symlinkSync('/etc/passwd', join(folder, runPath(run(3))))
    writeFileSync(join(folder, gateFolder('chat'), 'notes.md'), 'hello')
    const contents = await folderStore(folder).read('chat')
    expect(contents.runs).toHaveLength(1)
    expect(contents.unreadable.map(({ path, problem }) => [path, problem])).toEqual([
      [`${gateFolder('chat')}/notes.md`, 'is not a file of a baseline store'],
      [runPath(run(2)), 'is not JSON; it seems to be cut short'],
      [runPath(run(3)), 'is no plain file'],
    ])
  })

  it('passes over what killed writers left, and clears it away once it is old', async () => {
    const folder = newFolder()
    await add(folder, 1)
    const beside = dirname(join(folder, runPath(run(1))))
    const young = join(beside, '.unfinished-young')
    const old = join(beside, '.unfinished-old')
    for (const path of [young, old]) writeFileSync(path, '{"half')
    const nowS = Date.parse(SETTINGS.nowIso) / 1000
    utimesSync(young, nowS, nowS - 60)
    utimesSync(old, nowS, nowS - 7200)
    expect((await folderStore(folder).read('chat')).unreadable).toEqual([])
    await add(folder, 2)
    expect(filesIn(folder)).toContain('.unfinished-young')
    expect(filesIn(folder)).not.toContain('.unfinished-old')
  })

  it('says what could not be written and how to store it later', async () => {
    const folder = newFolder()
    const inTheWay = join(folder, "it's a file")
    writeFileSync(inTheWay, '')
    const result = await add(inTheWay, 1)
    expect(result.stored).toBe(false)
    if (result.stored) return
    expect(result.problem).toContain('ENOTDIR')
    expect(result.command).toContain("--baseline '")
    await expect(folderStore(inTheWay).read('chat')).rejects.toThrow(GateError)
  })

  it('stores the runs of many writers at once', async () => {
    const folder = newFolder()
    const writers = Array.from({ length: 6 }, (_, n) => record(folder, 1 + n * 5, 5 + n * 5))
    expect(await Promise.all(writers)).toEqual(Array(6).fill(5))
    expect(await seedsIn(folder)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
  })

  it('stays readable when writers are killed', async () => {
    const folder = newFolder()
    for (let writer = 0; writer < 6; writer += 1) {
      const first = 1 + writer * 100
      const done = await record(folder, first, first + 99, 1 + writer)
      const { runs, unreadable } = await folderStore(folder).read('chat')
      expect(unreadable).toEqual([])
      const there = runs.filter(({ run: one }) => {
        const seed = Number.parseInt(one.id.slice(-8), 16)
        return seed >= first && seed < first + 100
      })
      expect(there.length).toBeGreaterThanOrEqual(done)
    }
  })

  it('refuses a folder that holds far too much', async () => {
    const folder = newFolder()
    const path = join(folder, gateFolder('chat'))
    for (let n = 0; n < 20_100; n += 1) {
      if (n % 1000 === 0) mkdirSync(join(path, String(n)), { recursive: true })
      writeFileSync(join(path, String(n - (n % 1000)), `${n}`), '')
    }
    await expect(folderStore(folder).read('chat')).rejects.toThrow('more than 20000 files')
  })
})
