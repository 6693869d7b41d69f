import { describe, expect, it } from '@jest/globals'
import { ownContents, storeOfConfig } from '../../src/baseline/of-config.ts'
import type { Subject } from '../../src/model/config.ts'
import type { Epoch, StoredRun } from '../../src/model/history.ts'
import type { Addition } from '../../src/model/store.ts'
import { DAY_MS, NOON_MS, sampleEpoch, stored } from '../baseline-samples.ts'

const A = { url: 'https://a.example.com/v1', model: 'm' }
const B = { url: 'https://b.example.com/v1', model: 'm' }

type Asked = { readonly config?: string; readonly of?: Subject; readonly branch?: string }

/** The run of day n. */
function run(n: number, { config, of = A, branch = 'main' }: Asked = {}): StoredRun {
  const sample = stored({ seed: n, startedMs: NOON_MS + n * DAY_MS, requests: 1, branch })
  const provenance = { ...sample.run.provenance, config }
  return { ...sample, run: { ...sample.run, subject: of, provenance } }
}

function seen(
  runs: readonly StoredRun[],
  config: string | undefined,
  of: Subject = A,
  epochs: readonly Epoch[] = [],
) {
  const contents = { runs, epochs, unreadable: [], place: 'x' }
  const own = ownContents(contents, 'chat', { config, asks: [{ gate: 'chat', subject: of }] })
  return {
    ...own,
    days: own.runs.map((one) => (Date.parse(one.run.startedAt) - NOON_MS) / DAY_MS),
  }
}

describe('the runs of a config', () => {
  it('are not those of another config whose gate has the same name', () => {
    const runs = [1, 2, 3, 4].map((n) =>
      n % 2 === 1 ? run(n, { config: 'a.yml' }) : run(n, { config: 'b.yml', of: B }),
    )
    expect(seen(runs, 'a.yml')).toMatchObject({
      days: [1, 3],
      ofOthers: { runs: 2, configs: ['b.yml'] },
    })
    expect(seen(runs, 'b.yml', B).days).toEqual([2, 4])
  })

  it('are its own alone although both ask one endpoint, as the headers may tell services apart', () => {
    const runs = [1, 2, 3, 4].map((n) => run(n, { config: n % 2 === 1 ? 'a.yml' : 'b.yml' }))
    expect(seen(runs, 'a.yml').days).toEqual([1, 3])
    expect(seen(runs, 'b.yml').days).toEqual([2, 4])
  })

  it('stay its own when its file is moved, before and after the first run at the new place', () => {
    const before = [1, 2, 3].map((n) => run(n, { config: 'old/gate.yml' }))
    expect(seen(before, 'new/gate.yml').days).toEqual([1, 2, 3])
    const after = [...before, run(4, { config: 'new/gate.yml' })]
    expect(seen(after, 'new/gate.yml')).toEqual(expect.objectContaining({ days: [1, 2, 3, 4] }))
    expect(seen(after, 'new/gate.yml').ofOthers).toBeUndefined()
  })

  it('stay its own when it is moved and given a preview endpoint, once the new place has a run', () => {
    const runs = [run(1, { config: 'old.yml' }), run(2, { config: 'new.yml' })]
    expect(
      seen(runs, 'new.yml', { url: 'https://preview-7.example.com', model: 'm' }).days,
    ).toEqual([1, 2])
  })

  it('are not those of a new config although it asks another endpoint first', () => {
    const runs = [1, 2].map((n) => run(n, { config: 'a.yml' }))
    expect(seen(runs, 'b.yml', B).days).toEqual([])
  })

  it('are followed on each branch by itself, since a release keeps the old place', () => {
    const runs = [
      run(1, { config: 'old.yml' }),
      run(2, { config: 'new.yml' }),
      run(3, { config: 'old.yml', branch: 'release' }),
    ]
    expect(seen(runs, 'new.yml').days).toEqual([1, 2, 3])
  })
})

describe('runs that do not say of which config they are', () => {
  it('are all kept by the only config, whatever endpoint it had', () => {
    const runs = [run(1), run(2, { of: B }), run(3, { of: { url: 'https://c', model: 'm' } })]
    expect(seen(runs, 'a.yml', { url: 'https://c', model: 'm' }).days).toEqual([1, 2, 3])
    expect(seen(runs, 'a.yml', { url: 'https://preview', model: 'm' }).days).toEqual([1, 2, 3])
  })

  it('are parted by endpoint where two services took turns', () => {
    const runs = [1, 2, 3, 4, 5].map((n) => run(n, { of: n % 2 === 1 ? A : B }))
    expect(seen(runs, 'a.yml', A).days).toEqual([1, 3, 5])
    expect(seen(runs, 'b.yml', B).days).toEqual([2, 4])
    expect(seen(runs, 'b.yml', B).ofOthers).toEqual({ runs: 3, configs: [] })
  })

  it('go to the service that asks their endpoint once another config has a run of the other', () => {
    const runs = [run(1), run(2), run(3, { of: B }), run(4, { config: 'b.yml', of: B })]
    expect(seen(runs, 'a.yml', A).days).toEqual([1, 2])
    expect(seen(runs, 'b.yml', B).days).toEqual([1, 2, 3, 4])
  })

  it('count for everybody where there is no config file', () => {
    const runs = [run(1, { config: 'a.yml' }), run(2, { config: 'b.yml', of: B })]
    expect(seen(runs, undefined).days).toEqual([1, 2])
  })
})

describe('the levels of a config', () => {
  it('are opened for it alone, and stay with a moved file', async () => {
    const runs = [run(1, { config: 'old.yml' }), run(2, { config: 'b.yml', of: B })]
    const opened = (config: string | undefined, more: Partial<Epoch> = {}) =>
      sampleEpoch(NOON_MS + 3 * DAY_MS, { ...more, ...(config === undefined ? {} : { config }) })
    const epochs = [opened('old.yml'), opened('b.yml'), opened(undefined)]
    const configs = (list: readonly Epoch[]) => list.map(({ config }) => config)
    expect(configs(seen(runs, 'new.yml', A, epochs).epochs)).toEqual(['old.yml', undefined])
    expect(configs(seen(runs, 'b.yml', B, epochs).epochs)).toEqual(['b.yml', undefined])
    const others = opened(undefined, { acceptedRunId: runs[1]?.run.id })
    expect(seen(runs, 'new.yml', A, [others]).epochs).toEqual([])

    const appended: Addition[] = []
    const store = {
      place: 'x',
      read: async () => ({ runs, epochs: [], unreadable: [], place: 'x' }),
      append: async (additions: readonly Addition[]) => {
        appended.push(...additions)
        return { stored: true, attempts: 1 } as const
      },
    }
    const settings = { branch: 'x', keep: 9, maxAgeMs: DAY_MS, nowIso: new Date(0).toISOString() }
    await storeOfConfig(store, { config: 'a.yml', asks: [] }).append(
      [{ gate: 'chat', runs: [], epochs: [opened(undefined)] }],
      settings,
    )
    expect(appended[0]?.epochs.map(({ config }) => config)).toEqual(['a.yml'])
  })
})
