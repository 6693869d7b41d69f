// How many columns of a terminal a text takes: names of gates and prompts are in any script.

import { describe, expect, it } from '@jest/globals'
import { columns } from '../../../../src/report/render/text/text-layout.ts'

/** As string-width 9.0.0 says it: `console.log(stringWidth(text))`. */
const WIDTHS: readonly (readonly [string, number])[] = [
  ['abc', 3],
  ['20 % slower – 5 to 9 ×▁█', 24],
  ['\u2705 ok', 5],
  ['\u6f22\u5b57', 4],
  ['\ud55c\uad6d\uc5b4', 6],
  ['\uff21', 2],
  ['\u338e', 2],
  ['\u2460', 1],
  ['e\u0301', 1],
  ['a\u200bb', 2],
  ['\u2764\ufe0f', 2],
  ['\u26a0\ufe0f x', 4],
  ['\u{1f600}\u{1f600}', 4],
  ['\u{1f469}\u200d\u{1f469}\u200d\u{1f467}', 2],
  ['\u{1f1e9}\u{1f1ea}', 2],
  ['\u001b[31mred\u001b[0m', 3],
]

describe('the columns of a text', () => {
  it.each(WIDTHS)('of %j are %d', (text, width) => {
    expect(columns(text)).toBe(width)
  })
})
