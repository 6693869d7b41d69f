import { describe, expect, it } from '@jest/globals'
import { historyTable } from '../../src/baseline/history-table.ts'
import { summarize } from '../../src/judge/summarize.ts'
import type { StoreContents, StoredRun } from '../../src/model/history.ts'
import { chartData } from '../../src/report/chart-data.ts'
import { figureOf } from '../../src/report/history-page/figures.ts'
import { renderHistory } from '../../src/report/render-history.ts'
import { DAY_MS, NOON_MS, type SampleOptions, sampleEpoch, stored } from '../baseline-samples.ts'

function run(n: number, standing: StoredRun['standing'] = 'accepted', more: SampleOptions = {}) {
  return stored({ seed: n, startedMs: NOON_MS + n * DAY_MS, requests: 40, ...more }, standing)
}

function rowsOf(runs: readonly StoredRun[], epochs: StoreContents['epochs'] = []) {
  const contents = { runs, epochs, unreadable: [], place: 'here' }
  return historyTable(
    contents,
    runs.map((one) => summarize(one.run, [])),
  )
}

describe('the history of a gate', () => {
  it('has a row per run with its percentiles, errors and cost', () => {
    const [row] = rowsOf([run(1, 'accepted', { failed: 4 })])
    const ttfts = run(1, 'accepted', { failed: 4 })
      .run.records.flatMap(({ sentMs, firstTokenMs }) =>
        sentMs === undefined || firstTokenMs === undefined ? [] : [firstTokenMs - sentMs],
      )
      .sort((a, b) => a - b)
    // 36 values: the median lies between the 18th and the 19th, as the verdict takes it.
    expect(row?.p50Ms).toBeCloseTo(Math.sqrt((ttfts[17] ?? 0) * (ttfts[18] ?? 0)), 6)
    expect(row).toMatchObject({ standing: 'accepted', epoch: 1, opensEpoch: false, requests: 40 })
    expect(row?.errorRate).toBe(0.1)
    expect(row?.costPerAnswerUsd).toBeCloseTo(0.0001537, 9)
    expect((row?.p99Ms ?? 0) >= (row?.p95Ms ?? 0)).toBe(true)
  })

  it('names the commits between which the level stepped', () => {
    const summaries = Array.from({ length: 8 }, (_, n) => {
      const stored = run(n, 'accepted', { commit: `commit${n}` })
      const summary = summarize(stored.run, [])
      const ttft = summary.series.ttft
      const factor = n < 5 ? 1 : 1.5
      const values = ttft?.values.map((_, i) => (300 + 4 * i) * factor) ?? []
      return { stored, summary: { ...summary, series: { ttft: ttft && { ...ttft, values } } } }
    })
    const contents = {
      runs: summaries.map(({ stored }) => stored),
      epochs: [],
      unreadable: [],
      place: 'here',
    }
    const table = historyTable(
      contents,
      summaries.map(({ summary }) => summary),
    )
    expect(table.map(({ step }) => step?.change)).toEqual([
      ...new Array(5).fill(undefined),
      expect.closeTo(0.5, 6),
      undefined,
      undefined,
    ])
    expect(table[5]?.step?.lastBefore.commit).toBe('commit4')
    expect(renderHistory(table, { width: 100, color: false })).toContain(
      'TTFT p50 became 50 % slower: last run before it at commit4, first of it at commit5',
    )
  })

  it('names the last run that held and the first that did not, on each branch', () => {
    const of = (n: number, standing: StoredRun['standing'], branch = 'main') =>
      run(n, standing, { commit: `commit${n}`, branch })
    const rows = rowsOf([
      of(1, 'accepted'),
      of(2, 'held', 'release'),
      of(3, 'held'),
      of(4, 'held'),
      of(5, 'accepted'),
      of(6, 'held'),
    ])
    expect(rows.map(({ lastGood }) => lastGood?.commit)).toEqual([
      undefined,
      undefined,
      'commit1',
      undefined,
      undefined,
      'commit5',
    ])
    expect(renderHistory(rows, { width: 100, color: false })).toContain(
      'the branch failed against its history: last run that held at commit1, first that did not at commit3',
    )
  })

  it('shows the percentiles that the verdict and the trend of a report show', () => {
    const one = run(1)
    const summary = summarize(one.run, [])
    const [row] = rowsOf([one])
    const chart = chartData({ run: one.run, candidate: summary, history: [], metrics: [] })
    expect(row?.p50Ms).toBe(figureOf(summary, 'ttft_p50')?.value)
    expect(row?.p95Ms).toBe(figureOf(summary, 'ttft_p95')?.value)
    expect(row?.p99Ms).toBe(figureOf(summary, 'ttft_p99')?.value)
    expect(chart?.trend.at(-1)).toMatchObject({ p50Ms: row?.p50Ms, p95Ms: row?.p95Ms })
  })

  it('counts epochs per branch and marks the run that opened one', () => {
    const runs = [run(1), run(2), run(3), run(4), run(4.5, 'accepted', { branch: 'release' })]
    const opened = sampleEpoch(NOON_MS + 3.5 * DAY_MS, {
      acceptedRunId: run(3).run.id,
      branch: 'main',
    })
    const rows = rowsOf(runs, [opened])
    expect(rows.map(({ epoch }) => epoch)).toEqual([1, 1, 2, 2, 1])
    expect(rows.map(({ opensEpoch }) => opensEpoch)).toEqual([false, false, true, false, false])
  })

  it('has no numbers for a run that was not summarized or has nothing to show', () => {
    const contents = { runs: [run(1)], epochs: [], unreadable: [], place: 'here' }
    expect(historyTable(contents, [])[0]).not.toHaveProperty('p50Ms')
    const [failed] = rowsOf([run(2, 'accepted', { failed: 40 })])
    expect(failed).not.toHaveProperty('p50Ms')
    expect(failed?.costPerAnswerUsd).toBeUndefined()
    expect(failed?.errorRate).toBe(1)
  })
})

describe('the history on a terminal', () => {
  const slow = { medianTtftMs: 400 }
  const runs = [run(1), run(2), run(3), run(4, 'held', slow), run(5, 'accepted', slow)]
  const rows = rowsOf(runs, [sampleEpoch(NOON_MS + 4.5 * DAY_MS)])

  it('is a table and a plot that show standing, epoch and level', () => {
    const text = renderHistory(rows, { width: 100, color: false })
    const lines = text.split('\n')
    expect(lines[0]).toMatch(/^date \(UTC\) +commit +standing +epoch .*TTFT p50 +p95 +p99 +errors/)
    expect(lines[4]).toMatch(/2026-11-05 12:00 .* held /)
    expect(text).toMatch(/●/)
    expect(text).toMatch(/○/)
    expect(text).toMatch(/┊/)
    expect(text).toContain('2026-11-02 12:00 to 2026-11-06 12:00')
    expect(text.endsWith('\n')).toBe(true)
    expect(text).not.toContain('\u001b')
  })

  it('puts slower runs higher', () => {
    const lines = renderHistory(rows, { width: 100, color: false }).split('\n')
    const fast = lines.findIndex((line) => /│|┤/.test(line) && line.includes('●  ●'))
    const held = lines.findIndex((line) => /│|┤/.test(line) && line.includes('○'))
    expect(held).toBeGreaterThan(0)
    expect(fast === -1 || held < fast).toBe(true)
  })

  it('fits every width, keeping date, standing and latency', () => {
    for (const width of [50, 60, 80, 100, 140, 200]) {
      const lines = renderHistory(rows, { width, color: false }).split('\n')
      const table = lines.slice(0, rows.length + 1)
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(table[0]).toMatch(/date .*standing .*TTFT p50/)
    }
  })

  it('plots the newest runs when there are more than columns', () => {
    const [row] = rows
    if (row === undefined) throw new Error('no row')
    const many = Array.from({ length: 200 }, (_, n) => ({ ...row, runId: String(n) }))
    const text = renderHistory(many, { width: 60, color: false })
    const plot = text.slice(text.indexOf('TTFT over runs')).split('\n')
    expect(Math.max(...plot.slice(1, 12).map((line) => line.length))).toBeLessThanOrEqual(60)
  })

  it('leaves runs of another load out of the plot and says so', () => {
    const mixed = rowsOf([run(1, 'accepted', { loadShapeHash: 'b' }), run(2), run(3)])
    expect(renderHistory(mixed, { width: 100, color: false })).toContain(
      '1 of another branch or load',
    )
  })

  it('shows failures that reach a percentile and runs without any value', () => {
    const [row] = rows
    if (row === undefined) throw new Error('no row')
    const endless = { ...row, p95Ms: Number.POSITIVE_INFINITY, p99Ms: Number.POSITIVE_INFINITY }
    const text = renderHistory([endless, row], { width: 100, color: false })
    expect(text).toContain('no answer')
    const { p50Ms: _, p95Ms: __, p99Ms: ___, ...empty } = row
    expect(renderHistory([empty], { width: 100, color: false })).toContain('No TTFT to plot.')
    expect(renderHistory([], { width: 100, color: false })).toBe('No runs are recorded.\n')
  })

  it('colours when asked, and lets no commit or branch steer the terminal', () => {
    expect(renderHistory(rows, { width: 100, color: true })).toContain('\u001b[33m')
    const [row] = rows
    if (row === undefined) throw new Error('no row')
    const hostile = { ...row, commit: '\u001b[2Jx', branch: 'a\u202eb\nc' }
    const text = renderHistory([hostile], { width: 160, color: false })
    for (const character of ['\u001b', '\u202e']) expect(text).not.toContain(character)
    expect(text).toContain('abc')
  })
})
