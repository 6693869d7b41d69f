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
