import { describe, expect, it } from '@jest/globals'
import { logProgress, terminalProgress } from '../../src/app/progress.ts'
import type { Progress } from '../../src/model/measurement.ts'

const at = (done: number, elapsedMs: number, failed = 0): Progress => ({
  phase: 'measured',
  done,
  planned: 8,
  failed,
  inFlight: 1,
  elapsedMs,
})

describe('progress in a log', () => {
  it('says a line at each quarter, and failures where there are some', () => {
    const lines: string[] = []
    const screen = logProgress((text) => lines.push(text))
    screen.step('chat: measuring')
    screen.update({ ...at(2, 5), phase: 'warmup' })
    for (let done = 1; done <= 8; done++) screen.update(at(done, done * 1000, done > 4 ? 1 : 0))
    screen.end()
    expect(lines).toEqual([
      'chat: measuring\n',
      '  requests 2/8, 2.0 s\n',
      '  requests 4/8, 4.0 s\n',
      '  requests 6/8, 1 failed, 6.0 s\n',
      '  requests 8/8, 1 failed, 8.0 s\n',
    ])
  })
})

describe('a log of an endpoint that does not answer', () => {
  it('shows life every few seconds, in the warm-up too', () => {
    const lines: string[] = []
    const screen = logProgress((text) => lines.push(text))
    for (let ms = 500; ms <= 11_000; ms += 500) screen.update({ ...at(0, ms), phase: 'warmup' })
    expect(lines).toEqual([
      '  warm-up 0/8, 5.0 s, waiting for 1\n',
      '  warm-up 0/8, 10.0 s, waiting for 1\n',
    ])
  })
})

describe('progress on a terminal', () => {
  it('redraws one line at most ten times a second and clears it at the end', () => {
    const written: string[] = []
    const screen = terminalProgress((text) => written.push(text))
    screen.update(at(1, 0))
    screen.update(at(2, 50))
    screen.update(at(4, 200))
    screen.end()
    screen.end()
    expect(written).toEqual([
      '\r\u001b[K  ███░░░░░░░░░░░░░░░░░░░░░ requests 1/8, 0.0 s',
      '\r\u001b[K  ████████████░░░░░░░░░░░░ requests 4/8, 0.2 s',
      '\r\u001b[K',
    ])
  })
})

describe('a step that names what strangers wrote', () => {
  const classes: Readonly<Record<string, readonly number[]>> = {
    'control characters': [0x00, 0x07, 0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x1b, 0x7f],
    'C1 and NEL': [0x80, 0x85, 0x8d, 0x9b, 0x9d, 0x9f],
    'line separators': [0x2028, 0x2029],
    'directions of writing': [0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069],
    'what has no width': [0x00ad, 0x200b, 0x200d, 0x2060, 0xfeff],
    fillers: [0x034f, 0x115f, 0x1160, 0x17b4, 0x2800, 0x3164, 0xffa0],
    'variations and tags': [0x180b, 0xfe0f, 0xe0001, 0xe0041, 0xe0100],
    'private use': [0xe000, 0xf0000],
  }
  it.each(Object.entries(classes))(
    'shows none of the %s raw, on a terminal or in a log',
    (_, codes) => {
      for (const code of codes) {
        const sign = String.fromCodePoint(code)
        for (const screenOf of [terminalProgress, logProgress]) {
          const written: string[] = []
          screenOf((text) => void written.push(text)).step(`gpt${sign}4: measuring`)
          expect(written.join('').replace(/\n$/, '')).toMatch(/^gpt[\ufffd ]4: measuring$/)
        }
      }
    },
  )
})
