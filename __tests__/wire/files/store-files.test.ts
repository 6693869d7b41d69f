import { describe, expect, it } from '@jest/globals'
import { encodeEpoch } from '../../../src/wire/files/epoch-file.ts'
import { encodeRun } from '../../../src/wire/files/run-file.ts'
import {
  changeOf,
  contentsOf,
  prepare,
  type StoreFile,
} from '../../../src/wire/files/store-files.ts'
import { epochPath, runPath } from '../../../src/wire/files/store-layout.ts'
import { DAY_MS, NOON_MS, sampleEpoch, stored } from '../../baseline-samples.ts'

const first = stored({ seed: 1, startedMs: NOON_MS })
const second = stored({ seed: 2, startedMs: NOON_MS + DAY_MS })
const held = stored({ seed: 3, startedMs: NOON_MS + 2 * DAY_MS }, 'held')
const epoch = sampleEpoch(NOON_MS)
const SETTINGS = {
  branch: 'inference-gate',
  keep: 20,
  maxAgeMs: 30 * DAY_MS,
  nowIso: new Date(NOON_MS + 3 * DAY_MS).toISOString(),
}

function fileOf(run: ReturnType<typeof stored>): StoreFile {
  return { path: runPath(run), text: encodeRun(run.run) }
}

describe('reading a gate', () => {
  it('lists runs by time with their standing, and the epochs', () => {
    const files = [held, second, first].map(fileOf)
    const contents = contentsOf(
      'chat',
      [...files, { path: epochPath(epoch), text: encodeEpoch(epoch) }],
      'here',
    )
    expect(contents.runs.map(({ run }) => run.id)).toEqual(
      [first, second, held].map(({ run }) => run.id),
    )
    expect(contents.runs.map(({ standing }) => standing)).toEqual(['accepted', 'accepted', 'held'])
    expect(contents).toMatchObject({ epochs: [epoch], unreadable: [], place: 'here' })
  })

  it('names every file it cannot use and still counts the others', () => {
    const good = fileOf(first)
    const files: StoreFile[] = [
      good,
      { path: `${runPath(second)}`, text: '{"half' },
      { path: 'v1/chat/notes.txt', text: 'hello' },
      { path: runPath(held), problem: 'is no plain file' },
      { path: runPath(stored({ seed: 9 })), text: encodeRun(first.run) },
      { path: runPath(stored({ seed: 1, branch: 'release' })), text: encodeRun(first.run) },
      {
        path: runPath(stored({ seed: 8 })),
        text: encodeRun(stored({ seed: 8, gate: 'other' }).run),
      },
      { path: epochPath(epoch), text: '{}' },
    ]
    const contents = contentsOf('chat', files, 'here')
    expect(contents.runs.map(({ run }) => run.id)).toEqual([first.run.id])
    expect(contents.unreadable.map(({ path }) => path)).toEqual(
      files.slice(1).map(({ path }) => path),
    )
    const problems = contents.unreadable.map(({ problem }) => problem).join('\n')
    for (const word of [
      'cut short',
      'not a file of',
      'plain file',
      'its name says',
      'another branch',
      'gate "other"',
    ]) {
      expect(problems).toContain(word)
    }
  })

  it('takes a run that is in both places as accepted', () => {
    const both = [fileOf(stored({ seed: 1 }, 'held')), fileOf(stored({ seed: 1 }))]
    for (const files of [both, [...both].reverse()]) {
      expect(contentsOf('chat', files, 'x').runs.map(({ standing }) => standing)).toEqual([
        'accepted',
      ])
    }
  })
})

describe('adding to a gate', () => {
  const before = { paths: [runPath(first), runPath(held)], epochs: [] }

  it('puts the new files and touches no other', () => {
    const change = changeOf(
      prepare({ gate: 'chat', runs: [second], epochs: [epoch] }),
      before,
      SETTINGS,
    )
    expect([...change.puts.keys()]).toEqual([runPath(second), epochPath(epoch)])
    expect(change.deletes.size).toBe(0)
  })

  it('moves a held run when it is accepted', () => {
    const promoted = { ...held, standing: 'accepted' as const }
    const change = changeOf(
      prepare({ gate: 'chat', runs: [promoted], epochs: [] }),
      before,
      SETTINGS,
    )
    expect([...change.puts.keys()]).toEqual([runPath(promoted)])
    expect([...change.deletes]).toEqual([runPath(held)])
  })

  it('prunes what the addition makes superfluous', () => {
    const many = Array.from({ length: 9 }, (_, n) =>
      stored({ seed: 10 + n, startedMs: NOON_MS + n * 1000, requests: 1, tokens: 1 }),
    )
    const change = changeOf(
      prepare({ gate: 'chat', runs: [second], epochs: [] }),
      { paths: many.map(runPath), epochs: [] },
      { ...SETTINGS, keep: 2 },
    )
    expect([...change.deletes]).toEqual(many.slice(5, 8).map(runPath))
  })

  it('does not put a run that is past every bound', () => {
    const many = Array.from({ length: 7 }, (_, n) =>
      stored({ seed: 10 + n, startedMs: NOON_MS + n * 1000, requests: 1, tokens: 1 }),
    )
    const late = stored({ seed: 50, startedMs: NOON_MS + 5500, requests: 1, tokens: 1 })
    const change = changeOf(
      prepare({ gate: 'chat', runs: [late], epochs: [] }),
      { paths: many.map(runPath), epochs: [] },
      { ...SETTINGS, keep: 1 },
    )
    expect(change.puts.size).toBe(0)
  })
})
