// The history page: complete in itself, safe for foreign text, and the same numbers as its charts.

import { describe, expect, it } from '@jest/globals'
import { historyFiles } from '../../src/app/history-files.ts'
import { contentHash } from '../../src/report/render/content-hash.ts'
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
    expect(gate.levels[0].reason).toBe(HOSTILE)
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

describe('the badge', () => {
  it('has the newest accepted level, and says when the branch regressed', () => {
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
