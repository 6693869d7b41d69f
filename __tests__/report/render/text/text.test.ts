// The report in a terminal and in a job's log.

import { describe, expect, it } from '@jest/globals'
import { text } from '../../../../src/report/render/text/text.ts'
import { sparkline, wrapped } from '../../../../src/report/render/text/text-layout.ts'
import { tableLines } from '../../../../src/report/render/text/text-table.ts'
import { documentOf } from '../../goldens.ts'
import { STATES } from '../../states.ts'

const ESC = '\u001b'
const COLOUR = new RegExp(`${ESC}\\[\\d+m`, 'g')

function plain(name: string, options: { color: boolean; width: number }): string {
  const state = STATES.find((one) => one.name === name)
  if (state === undefined) throw new Error(`no state ${name}`)
  return text(documentOf(state), options)
}

describe('the report as text', () => {
  it('says the same with colour and without', () => {
    const coloured = plain('failed-by-regression', { color: true, width: 100 })
    expect(
      coloured.startsWith(`${ESC}[31m✗ Merge blocked: chat: TTFT p95 is 21 % slower${ESC}[0m\n`),
    ).toBe(true)
    expect(coloured.replaceAll(COLOUR, '')).toBe(
      plain('failed-by-regression', { color: false, width: 100 }),
    )
  })

  it('has no line longer than the terminal, but for words that are', () => {
    for (const { name } of STATES) {
      for (const line of plain(name, { color: false, width: 120 }).split('\n')) {
        // A broken command of the runner is two characters longer than it was.
        const isWord = !line.trim().includes(' ')
        expect(isWord || [...line].length <= 122 ? '' : `${name}: ${line}`).toBe('')
      }
    }
  })

  it('never gives the runner a command or the terminal a sequence', () => {
    const hostile = plain('hostile-names', { color: false, width: 60 })
    expect(hostile).not.toContain(ESC)
    expect(hostile).not.toContain('##[')
    for (const line of hostile.split('\n')) expect(line.trimStart()).not.toMatch(/^::/)
  })
})

describe('the layout of text', () => {
  it('breaks between words and keeps a number with its unit', () => {
    expect(wrapped('it is 10 % of the limit', 8, '  ')).toEqual([
      '  it is',
      '  10 %',
      '  of the',
      '  limit',
    ])
  })

  it('gives a wide table the room of the terminal', () => {
    const lines = tableLines({
      head: ['Name', 'Value'],
      aligns: ['left', 'right'],
      rows: [
        ['a name of many words that go on and on', '12'],
        ['x'.repeat(50), '3'],
      ],
      width: 40,
      paint: (_colour, content) => content,
    })
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(lines.join('').match(/x/g)).toHaveLength(50)
  })

  it('counts wide characters as two columns', () => {
    const [, row] = tableLines({
      head: ['A', 'B'],
      aligns: ['left', 'left'],
      rows: [['模型', 'b']],
      width: 40,
      paint: (_colour, content) => content,
    })
    expect(row).toBe('  模型  b')
  })

  it('draws the shape of numbers, and a cross for what failed', () => {
    expect(sparkline([0, 50, 100, Number.POSITIVE_INFINITY], 100)).toBe('▁▅█×')
    expect(sparkline([0, 0], 0)).toBe('▁▁')
  })
})
