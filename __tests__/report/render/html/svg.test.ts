// What the page's charts draw: bands, limits, logarithmic axes, classes apart.

import { describe, expect, it } from '@jest/globals'
import type { Chart } from '../../../../src/model/report-document.ts'
import { verticalAxis } from '../../../../src/report/render/html/axis.ts'
import { legend, svg } from '../../../../src/report/render/html/svg.ts'

const lines: Extract<Chart, { kind: 'lines' }> = {
  kind: 'lines',
  title: 'TTFT by percentile',
  description: 'd',
  xTitle: 'percentile',
  yTitle: 'ms',
  labels: ['p50', 'p95', 'p99'],
  series: [{ name: 'this run', role: 'candidate', values: [100, 200, 400] }],
  scale: 'linear',
  band: { name: "the baseline's runs", low: [90, 180, 300], high: [110, 220, 500] },
  limits: [{ at: 1, value: 230 }],
  twin: { caption: 'c', columns: [], rows: [] },
}

const dots: Extract<Chart, { kind: 'dots' }> = {
  kind: 'dots',
  title: 'TTFT during the run',
  description: 'd',
  xTitle: 'seconds since the start',
  yTitle: 'ms',
  scale: 'linear',
  groups: [
    { name: 'short', dots: [{ x: 1, y: 100 }] },
    { name: 'long <script>', dots: [{ x: 2, y: 300 }] },
  ],
  failures: [3],
}

const heightOf = (drawn: string, shape: RegExp) => Number(shape.exec(drawn)?.[1])

describe('the percentiles of a run', () => {
  it('stand before the band of the baseline, with the limit above the run where it holds', () => {
    const drawn = svg(lines, 'c')
    expect(drawn.indexOf('class="band"')).toBeLessThan(drawn.indexOf('class="line candidate"'))
    const limit = heightOf(drawn, /class="limit" d="M[\d.]+ ([\d.]+)h/)
    const [, second] = [...drawn.matchAll(/class="dot candidate" cx="[\d.]+" cy="([\d.]+)"/g)]
    expect(limit).toBeLessThan(Number(second?.[1]))
    expect(legend(lines)).toContain('the baseline&#39;s runs')
    expect(legend(lines)).toContain('limit')
  })

  it('close the band where failures of a run reach the percentile', () => {
    const high = [110, 220, Number.POSITIVE_INFINITY]
    const drawn = svg({ ...lines, band: { name: 'b', low: [90, 180, 300], high } }, 'c')
    expect(drawn).not.toMatch(/Infinity|NaN/)
    expect(/class="band" d="([^"]*)"/.exec(drawn)?.[1]?.match(/[ML]/g)).toHaveLength(4)
  })
})

describe('a logarithmic axis', () => {
  it('gives every doubling the same height, and starts at a round number', () => {
    const { at, ticks } = verticalAxis([30, 4000, Number.POSITIVE_INFINITY], 'log')
    expect(at(100) - at(200)).toBeCloseTo(at(1000) - at(2000), 9)
    expect(ticks).toEqual([20, 50, 100, 200, 500, 1000, 2000, 5000])
  })

  it('keeps the powers of ten alone where it is long', () => {
    expect(verticalAxis([1, 100_000], 'log').ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000])
  })

  it('is linear where nothing on it is above zero', () => {
    expect(verticalAxis([0], 'log').ticks).toEqual(verticalAxis([0], 'linear').ticks)
  })

  it('is named as one', () => {
    expect(svg({ ...lines, scale: 'log' }, 'c')).toContain('ms, log scale')
  })
})

describe('the course of a run', () => {
  it('gives each class a shape and a name, and marks what never answered', () => {
    const drawn = svg(dots, 'c')
    expect(drawn.match(/class="dot g0"/g)).toHaveLength(1)
    expect(drawn.match(/class="dot g1"/g)).toHaveLength(1)
    expect(drawn.match(/class="failure"/g)).toHaveLength(1)
    const named = legend(dots)
    expect(named).toContain('long &#60;script&#62;')
    expect(named).toContain('no first token')
  })

  it('of one class without a failure needs no legend', () => {
    expect(legend({ ...dots, groups: dots.groups.slice(0, 1), failures: [] })).toBe('')
  })
})
