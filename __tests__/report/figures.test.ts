import { describe, expect, it } from '@jest/globals'
import { figureOf } from '../../src/report/history-page/figures.ts'
import { drawSummary, normals } from '../synthetic-summaries.ts'

describe('the figures of a run', () => {
  const drawn = drawSummary(normals(5), { requests: 200, tau: 0, sigma: 0.3 })
  const summary = {
    ...drawn,
    failed: 2,
    goodput: { good: 180, of: 200 },
    answers: { events: 30, trials: 200 },
    series: {
      ...drawn.series,
      output_tokens: {
        values: [10, 20, 30],
        classes: [0, 0, 0],
        classNames: [],
        of: 3,
        refused: 0,
        leftOut: 0,
      },
    },
  }
  const shown = (id: string) => figureOf(summary, id)?.value

  it('are those of the metric that is asked for', () => {
    expect(shown('error_rate')).toBeCloseTo(0.01)
    expect(shown('goodput')).toBeCloseTo(0.9)
    expect(shown('answer_validity')).toBeCloseTo(0.85)
    expect(shown('output_tokens')).toBeCloseTo(20)
  })

  it('lie within their ends, also where more is better', () => {
    for (const id of ['error_rate', 'goodput', 'answer_validity', 'output_tokens', 'ttft_p95']) {
      const { low, value, high } = figureOf(summary, id) ?? { low: 1, value: 0, high: -1 }
      expect([low, value, high]).toEqual([low, value, high].toSorted((a, b) => a - b))
    }
  })
})
