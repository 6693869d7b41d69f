import { describe, expect, it } from '@jest/globals'
import { plainText } from '../../src/report/phrase.ts'
import { sideBySide } from '../../src/report/side-by-side.ts'
import { drawSummary, normals } from '../synthetic-summaries.ts'

const normal = normals(5)
const drawn = { requests: 200, tau: 0, sigma: 0.3 }
const fast = { name: 'fast', summary: drawSummary(normal, drawn) }
const same = { name: 'same', summary: drawSummary(normal, { ...drawn, factor: 1.01 }) }
const slow = { name: 'slow', summary: drawSummary(normal, { ...drawn, factor: 1.6, usd: 0.002 }) }

function rowsOf(document: ReturnType<typeof sideBySide>): readonly string[] {
  return (document.sections[0]?.table?.rows ?? []).map((row) =>
    row.cells.map(plainText).join(' | '),
  )
}

function marked(document: ReturnType<typeof sideBySide>): readonly boolean[] {
  return (document.sections[0]?.table?.rows ?? []).map(
    ({ cells }) => cells[2]?.some((phrase) => phrase.kind === 'mark') ?? false,
  )
}

describe('endpoints side by side', () => {
  it('marks what is worse than the best beyond noise, and nothing else', () => {
    expect(marked(sideBySide([fast, same, slow]))).toEqual([false, false, true])
  })

  it('names one as first only where every other is worse beyond noise', () => {
    expect(sideBySide([fast, slow]).headline).toBe(
      'Side by side: 2 endpoints, fast first by TTFT p50',
    )
    expect(sideBySide([fast, same]).headline).toBe('Side by side: 2 endpoints')
  })

  it('shows each figure with its interval, and money by the thousand', () => {
    const [row] = rowsOf(sideBySide([slow, fast]))
    expect(row).toMatch(/^slow \| 200 \| \d+ ms \[\d+, \d+\]/)
    expect(row).toMatch(/\| \$2\.\d\d \[\$[12]\.\d\d, \$2\.\d\d\] \|/)
  })

  it('warns of different loads', () => {
    const other = { ...slow, summary: { ...slow.summary, loadShapeHash: 'another' } }
    const [line] = sideBySide([fast, other]).alert.lines
    expect(plainText(line ?? [])).toContain('measured under different loads')
  })
})
