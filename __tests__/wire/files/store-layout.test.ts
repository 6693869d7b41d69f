import { describe, expect, it } from '@jest/globals'
import {
  branchKeyOf,
  entryOf,
  epochPath,
  gateFolder,
  isRunId,
  runPath,
} from '../../../src/wire/files/store-layout.ts'
import { NOON_MS, sampleEpoch, stored } from '../../baseline-samples.ts'

describe('the layout of a store', () => {
  it('tells standing, branch, load shape and time of a run from its path', () => {
    const accepted = stored({ branch: 'main' })
    const entry = entryOf(runPath(accepted))
    expect(entry).toMatchObject({ kind: 'run', standing: 'accepted', id: accepted.run.id })
    expect(entry).toMatchObject({ branchKey: branchKeyOf('main'), startedMs: NOON_MS })
    expect(entryOf(runPath(stored({}, 'held')))).toMatchObject({ standing: 'held' })
    const epoch = sampleEpoch(NOON_MS)
    expect(entryOf(epochPath(epoch))).toMatchObject({ kind: 'epoch', id: epoch.id })
  })

  it('parts branches, load shapes and gates', () => {
    const path = runPath(stored())
    const others = [
      runPath(stored({ branch: 'release/1' })),
      runPath(stored({ loadShapeHash: 'b' })),
      runPath(stored({ gate: 'other' })),
      runPath(stored({}, 'held')),
    ]
    expect(new Set([path, ...others]).size).toBe(5)
  })

  it('makes safe and distinct folders of hostile names', () => {
    const names = [
      '../..',
      '/etc',
      'a/b',
      'a b',
      'A B',
      '',
      ' ',
      'ﷺ',
      'con',
      '.git',
      'x'.repeat(5000),
    ]
    const folders = names.map(gateFolder)
    expect(new Set(folders).size).toBe(names.length)
    for (const folder of folders) expect(folder).toMatch(/^v1\/[a-z0-9-]{12,51}$/)
  })

  it('takes only times with eight hex digits for ids', () => {
    expect(isRunId('20261101T120000Z-0badcafe')).toBe(true)
    expect(isRunId('20261101T120000Z0badcafe')).toBe(true)
    for (const id of [
      '',
      'x',
      '20261101T120000Z',
      '20269901T120000Z-0badcafe',
      '../x',
      '20261101T120000Z-0badcafe/',
    ]) {
      expect(isRunId(id)).toBe(false)
    }
    const wrong = stored()
    expect(() => runPath({ ...wrong, run: { ...wrong.run, id: '../../x' } })).toThrow(TypeError)
    expect(() => epochPath({ ...sampleEpoch(NOON_MS), id: 'x' })).toThrow(TypeError)
  })

  it('knows what is none of its files', () => {
    const path = runPath(stored())
    const foreign = [
      'README.md',
      'v1',
      path.replace('v1/', 'v2/'),
      path.replace('.json', '.txt'),
      path.replace('/runs/', '/other/'),
      `${path}/x.json`,
      'v1/g/runs/20261101T120000Z-0badcafe.json',
      'v1/g/epochs/a/20261101T120000Z-0badcafe.json',
    ]
    for (const one of foreign) expect(entryOf(one)).toBeUndefined()
  })
})
