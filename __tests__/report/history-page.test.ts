// The history page: complete in itself, safe for foreign text, and the same numbers as its charts.

import { describe, expect, it } from '@jest/globals'
import { historyFiles } from '../../src/app/history-files.ts'
import { contentHash } from '../../src/report/render/page-head.ts'
import { DAY_MS, NOON_MS, sampleEpoch, sampleRun } from '../baseline-samples.ts'

const HOSTILE = '</script><img src=x onerror=alert(1)>"\'&'

function storedRuns(standings: readonly ('accepted' | 'held')[]) {
  return standings.map((standing, index) => ({
    standing,
    run: sampleRun({ seed: index + 1, startedMs: NOON_MS + index * DAY_MS, requests: 60 }),
  }))
}

const runs = storedRuns(['accepted', 'accepted', 'held', 'accepted'])
const change = sampleRun({ seed: 9, startedMs: NOON_MS + 5 * DAY_MS, branch: HOSTILE })
const { page, badge } = historyFiles(
  [
    {
      name: 'chat',
      limits: [],
      contents: {
        runs,
        epochs: [sampleEpoch(NOON_MS + 2.5 * DAY_MS, { reason: HOSTILE })],
        unreadable: [],
        place: 'folder x',
      },
      changes: [change, sampleRun({ gate: 'other' })],
    },
  ],
  { title: 'Inference history', madeAt: '2026-11-24T03:00:00Z' },
)

describe('the history page', () => {
  it('needs no network and no other file, and is below 150 kB', () => {
    expect(page).not.toMatch(/(?:src|href)="(?!https:\/\/github\.com\/acme)/)
    expect(page).not.toMatch(/@import|url\(/)
    expect(Buffer.byteLength(page)).toBeLessThan(150_000)
  })

  it('allows exactly the script and the style that stand in it', () => {
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? []
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? []
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? []
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`style-src '${contentHash(style)}'`)
    expect(policy).toContain(`script-src '${contentHash(script)}'`)
    expect(script).toContain('Copyright (c)')
  })

  it('takes no foreign text for markup', () => {
    expect(page).not.toContain('<img')
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? []
    const [gate] = JSON.parse(json)
    expect(gate.epochs[0].reason).toBe(HOSTILE)
  })

  it('draws and lists every run once, with its interval and its commit', () => {
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? []
    const [gate] = JSON.parse(json)
    expect(gate.runs.map(({ standing }: { standing: string }) => standing)).toEqual([
      'accepted',
      'accepted',
      'held',
      'accepted',
      'change',
    ])
    for (const { figures } of gate.runs) {
      const { value, low, high } = figures.ttft_p50
      expect(low).toBeLessThan(value)
      expect(high).toBeGreaterThan(value)
    }
    expect(page.match(/<tr data-branch/g)).toHaveLength(5)
    expect(page).toContain(
      `href="https://github.com/acme/search/commit/${runs[0]?.run.provenance.commit}"`,
    )
  })
})

describe('a step of the recorded runs', () => {
  const stepped = Array.from({ length: 14 }, (_none, index) => ({
    standing: 'accepted' as const,
    run: sampleRun({
      seed: index + 1,
      startedMs: NOON_MS + index * DAY_MS,
      requests: 200,
      medianTtftMs: index < 8 ? 200 : 320,
      commit: String(index).padStart(2, '0').repeat(20),
    }),
  }))
  const made = { title: 'x', madeAt: '2026-11-24T03:00:00Z' }
  const of = (runs: typeof stepped) => {
    const contents = { runs, epochs: [], unreadable: [], place: 'x' }
    return historyFiles([{ name: 'chat', limits: [], contents, changes: [] }], made).page
  }

  it('is listed with its size and both runs, and drawn at the first of them', () => {
    const page = of(stepped)
    const [before, first] = [stepped[7], stepped[8]].map((one) => one?.run.provenance.commit)
    const [, size, last, next] =
      /TTFT p50 became (\d+) % slower: last run before it at (\w+), first of it at (\w+)</.exec(
        page,
      ) ?? []
    expect(Number(size)).toBeGreaterThan(50)
    expect(Number(size)).toBeLessThan(70)
    expect([last, next]).toEqual([before?.slice(0, 7), first?.slice(0, 7)])
    const [, json = ''] = /id="data">(.*?)<\/script>/s.exec(page) ?? []
    const runs: readonly { step?: unknown }[] = JSON.parse(json)[0].runs
    expect(runs.flatMap(({ step }, index) => (step === undefined ? [] : [index]))).toEqual([8])
  })

  it('is not claimed where there is none', () => {
    expect(of(stepped.slice(0, 8))).not.toContain('Steps that were found')
  })
})

describe('the badge', () => {
  it('has the newest accepted epoch, and says when the branch regressed', () => {
    expect(JSON.parse(badge)).toEqual({
      schemaVersion: 1,
      label: 'TTFT p50',
      message: expect.stringMatching(/^\d+ ms$/),
      color: 'brightgreen',
    })
    const contents = {
      runs: storedRuns(['accepted', 'held']),
      epochs: [],
      unreadable: [],
      place: 'x',
    }
    const regressed = historyFiles([{ name: 'chat', limits: [], contents, changes: [] }], {
      title: 'x',
      madeAt: '2026-11-24T03:00:00Z',
    })
    expect(JSON.parse(regressed.badge)).toMatchObject({
      message: expect.stringContaining('newest run regressed'),
      color: 'red',
    })
    const nothing = { ...contents, runs: [] }
    const empty = historyFiles([{ name: 'chat', limits: [], contents: nothing, changes: [] }], {
      title: 'x',
      madeAt: '2026-11-24T03:00:00Z',
    })
    expect(JSON.parse(empty.badge)).toMatchObject({ message: 'no baseline' })
  })
})
