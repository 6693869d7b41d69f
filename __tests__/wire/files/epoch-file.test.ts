import { describe, expect, it } from '@jest/globals'
import { decodeEpoch, encodeEpoch } from '../../../src/wire/files/epoch-file.ts'
import { NOON_MS, sampleEpoch } from '../../baseline-samples.ts'

describe('an epoch file', () => {
  it('gives back who opened it, when and why', () => {
    const bare = sampleEpoch(NOON_MS)
    const full = sampleEpoch(NOON_MS, {
      commit: 'c'.repeat(40),
      branch: 'main',
      acceptedRunId: 'x',
    })
    for (const epoch of [bare, full]) {
      expect(decodeEpoch(encodeEpoch(epoch), 'e.json')).toEqual({ ok: true, epoch })
    }
  })

  it('is read without what it does not know, and as if what is null were absent', () => {
    const newer = {
      ...JSON.parse(encodeEpoch(sampleEpoch(NOON_MS))),
      ofTheFuture: {},
      commit: null,
    }
    expect(decodeEpoch(JSON.stringify(newer), 'e.json')).toEqual({
      ok: true,
      epoch: sampleEpoch(NOON_MS),
    })
  })

  const text = encodeEpoch(sampleEpoch(NOON_MS))
  const rows: [string, string, string][] = [
    ['empty', '', 'is empty'],
    ['cut short', text.slice(0, 60), 'cut short'],
    ['too long', `${text}${' '.repeat(70_000)}`, 'is over 65536 bytes'],
    ['of another program', '{}', 'is not an inference-gate-epoch file'],
    [
      'a run',
      '{"format":"inference-gate-run","schemaVersion":1}',
      'is not an inference-gate-epoch file',
    ],
    ['newer', text.replace('"schemaVersion": 1', '"schemaVersion": 9'), 'schema version 9'],
    [
      'of a day that does not exist',
      text.replace('2026-11-01T', '2026-13-01T'),
      'a time that exists',
    ],
    ['of nobody', text.replace('"by"', '"from"'), 'by is missing'],
    ['opened in an unknown way', text.replace('"label"', '"magic"'), 'how is "magic"'],
    [
      'opened at no time',
      text.replace(/"openedAt": "[^"]+"/, '"openedAt": "noon"'),
      'openedAt is "noon"',
    ],
  ]
  for (const [what, file, problem] of rows) {
    it(`that is ${what} says so`, () => {
      const decoded = decodeEpoch(file, 'e.json')
      expect(decoded.ok ? 'no problem' : decoded.problem).toContain(problem)
    })
  }
})
