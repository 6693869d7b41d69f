// Calibrated settings in a config's text: what they change, and what they leave as a person wrote it.

import { describe, expect, it } from '@jest/globals'
import { writeCalibrated } from '../../src/config/write-calibrated.ts'
import type { Calibration } from '../../src/model/calibration.ts'
import { configOf } from './read-config.ts'

const CALIBRATION: Calibration = {
  runs: 5,
  recorded: 2,
  spanMs: 0,
  likeness: { own: 0.9, spread: 0.02 },
  noise: [
    { metric: 'ttft_p50', level: 40, within: 0.02, between: 0.02, reach: 0.0412 },
    { metric: 'ttft_p95', level: 70, within: 0.05, between: 0.05, reach: 0.21 },
  ],
  sizes: [],
  arms: { rounds: 2, pairs: 200, mean: -0.05, each: 0.052 },
  chosen: {
    requests: 100,
    probes: 220,
    limits: [
      { metric: 'ttft_p50', increase: 0.05 },
      { metric: 'ttft_p95', increase: 0.25 },
    ],
    differs: 0.055,
  },
}

function written(text: string): string {
  const [gate] = configOf(text).gates
  if (gate === undefined) throw new Error('the config has no gate')
  const made = writeCalibrated(text, gate, {
    calibration: CALIBRATION,
    dayIso: '2026-11-24T10:00:00Z',
  })
  if (made === undefined) throw new Error('not written')
  return made
}

describe('calibrated settings', () => {
  it('keep comments, order, empty lines and braces', () => {
    expect(
      written(`# ours
gates:
  chat: # the chat
    endpoint:
      url: https://a.example.com/v1   # prod

      model: m
    workload: {requests: 60, concurrency: 8}
    reference: {url: https://b.example.com}
    limits:
      # agreed with search
      ttft_p95: {increase: 15%, must_detect: 20%} # mine
`),
    ).toBe(`# ours
gates:
  chat:
    # the chat
    endpoint:
      url: https://a.example.com/v1 # prod

      model: m
    workload: {requests: 100, concurrency: 8, probes: 220} # calibrated 2026-11-24, 5 runs
    reference: {url: https://b.example.com, differs: 5.5%} # calibrated 2026-11-24, 200 pairs
    limits:
      # agreed with search
      ttft_p95: {increase: 25%, must_detect: 25%} # mine
      ttft_p50: {increase: 5%, floor: 5ms} # calibrated 2026-11-24: unchanged runs stay below +4.2%
`)
  })

  it('read as a config, and replace their own comments the next time', () => {
    const once = written('gates: {chat: {endpoint: {url: "https://a.example.com", model: m}}}\n')
    expect(configOf(once).gates[0]?.workload).toMatchObject({ requests: 100, probes: 220 })
    expect(
      configOf(once).gates[0]?.limits.find(({ metric }) => metric === 'ttft_p95'),
    ).toMatchObject({ worsening: 0.25, floor: 10, stated: true })
    expect(written(once)).toBe(once)
  })

  it('are not put into a block that gates share', () => {
    const text = `gates:
  one: {endpoint: &e {url: "https://a.example.com", model: m}, workload: &w {requests: 50}}
  two: {endpoint: *e, workload: *w}
`
    const [, two] = configOf(text).gates
    if (two === undefined) throw new Error('no second gate')
    const made = writeCalibrated(text, two, { calibration: CALIBRATION, dayIso: '2026-11-24' })
    expect(made).toBeUndefined()
  })
})
