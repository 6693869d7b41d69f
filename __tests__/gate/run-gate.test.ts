// The sentence with a world in memory: looks and pairs go on until the verdict is settled, the budget
// holds over all of it, a void round changes nothing, and silence never passes.

import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { runAll, shareOf } from '../../src/app/run-gates.ts'
import { jobResultOf } from '../../src/gate/conclude.ts'
import { historyOfGate } from '../../src/gate/history.ts'
import { recordGate, recordSaved } from '../../src/gate/record.ts'
import { judgeSaved, measureShard, runGate } from '../../src/gate/run-gate.ts'
import { estimateOfPlan } from '../../src/measure/estimate.ts'
import { mergeRuns } from '../../src/measure/merge-runs.ts'
import type { Measurement } from '../../src/model/measurement.ts'
import type { Run } from '../../src/model/run.ts'
import { decodeRun, encodeRun } from '../../src/wire/files/run-file.ts'
import { serverUsage } from '../judge/measured.ts'
import {
  CONFIG,
  type Law,
  type MemoryWorld,
  memoryWorld,
  requestOf,
  withReference,
} from './memory-ports.ts'

let world: MemoryWorld
const RUNS = 8
/** Drift from run to run, as an endpoint has it: a few per cent, known beforehand. */
const DRIFT = [1, 1.04, 0.97, 1.02, 0.95, 1.03, 0.99, 1.01]

let recorded: MemoryWorld
beforeAll(async () => {
  world = memoryWorld()
  await recordHistory()
  recorded = world
})
beforeEach(() => {
  world = recorded.copy()
})

async function recordHistory(law: Law = {}): Promise<void> {
  for (const drift of DRIFT) {
    world.obey({ medianMs: () => 100 * drift, ...law })
    const { addition } = await recordGate(requestOf(), { ports: world.ports, opening: undefined })
    if (addition !== undefined) world.stored.push(...addition.runs)
  }
  expect(world.stored).toHaveLength(RUNS)
}

const TAIL_ALONE = CONFIG.replace(
  'ttft_p50: {increase: 10%, must_detect: 20%}',
  '{ttft_p95: {increase: 10%, must_detect: 22%}, ttft_p50: off, error_rate: off, cost_per_answer: off}',
).replace(/limits:\s+/, 'limits: ')

const anyInterval = { low: expect.any(Number), high: expect.any(Number) }
const rounds = () => world.plans.length - RUNS
const metricOf = (result: Awaited<ReturnType<typeof runGate>>['result'], id = 'ttft_p50') =>
  result.metrics.find((metric) => metric.id === id)

describe('a gate', () => {
  it('passes what has not changed, with the planned requests alone', async () => {
    world.obey({ medianMs: () => 100 })
    const { result, runs, used } = await runGate(requestOf(), world.ports)
    expect(result.verdict).toBe('passed')
    expect(metricOf(result)).toMatchObject({ verdict: 'pass', history: RUNS, requests: 100 })
    expect(rounds()).toBe(1)
    expect(runs.map(({ arm }) => arm)).toEqual(['candidate'])
    expect(used.requests).toBe(104)
    expect(result.effort).toEqual({ pairs: 0, looks: 0, addedRequests: 0, reference: 'none' })
  })

  it('says so where probes disagree with full answers, and does without them', async () => {
    world.obey({ probesTake: 0.5 })
    const withProbes = CONFIG.replace('requests: 100,', 'requests: 100, probes: 100,')
    const { result } = await runGate(requestOf(withProbes), world.ports)
    expect(result).toMatchObject({ requests: 200, probes: 100 })
    expect(metricOf(result)?.requests).toBe(100)
    expect(result.warnings).toEqual([
      { kind: 'probes-disagree', ratio: expect.closeTo(0.5, 1), ...anyInterval },
    ])
  })

  it('fails a plain regression at the first look: no pair is paid for', async () => {
    world.obey({ medianMs: () => 200 })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).toBe('failed')
    expect(result.effort.reference).toBe('not-needed')
    expect(rounds()).toBe(1)
  })

  it('turns to pairs where the history leaves it open, look by look, until decided', async () => {
    world.obey({ medianMs: (arm) => (arm === 'candidate' ? 118 : 100) })
    const { result, runs, used } = await runGate(withReference(requestOf()), world.ports)
    expect(rounds()).toBeGreaterThanOrEqual(2)
    const [planned, ...pairs] = world.plans.slice(RUNS)
    expect(planned?.requests.every(({ arm }) => arm === 'candidate')).toBe(true)
    for (const plan of pairs) {
      const asked = plan.requests.filter(({ warmup }) => !warmup)
      const ofArm = (name: string) => asked.filter(({ arm }) => arm === name).length
      expect(ofArm('candidate')).toBe(ofArm('reference'))
    }
    expect(result.effort).toMatchObject({ reference: 'measured', looks: pairs.length })
    expect(metricOf(result)).toMatchObject({ evidence: 'reference', verdict: 'fail' })
    expect(result.verdict).toBe('failed')
    expect(runs.map(({ arm }) => arm)).toEqual(['candidate', 'candidate', 'reference'])
    const sent = world.plans.slice(RUNS).flatMap(({ requests }) => requests)
    expect(used.requests).toBe(sent.length)
    const numbers = runs[1]?.records.map(({ pair }) => pair)
    expect(new Set(numbers).size).toBe(numbers?.length)
  })

  it('pays for a drift of the provider with pairs, and does not blame the change', async () => {
    // Both arms are slower than all stored runs in these minutes.
    world.obey({ medianMs: () => 115 })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).not.toBe('failed')
    expect(result.effort.reference).toBe('measured')
  })

  it('decides by the reference arm alone where there is no history', async () => {
    world.stored.splice(0)
    world.obey({ medianMs: (arm) => (arm === 'candidate' ? 150 : 100) })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result).toMatchObject({ verdict: 'failed', baselineRuns: 0 })
  })

  it('says that it is no baseline where there is neither', async () => {
    world.stored.splice(0)
    world.obey({})
    const { result } = await runGate(requestOf(), world.ports)
    expect(result.verdict).toBe('no-baseline')
    expect(metricOf(result)?.reason).toEqual({ kind: 'no-history' })
  })

  it('never spends more than its allowance, pairs and looks included', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: 700 }),
        fc.constantFrom(100, 112, 118, 125),
        async (requests, median) => {
          const before = world.plans.length
          world.obey({ medianMs: (arm) => (arm === 'candidate' ? median : 100) })
          const request = withReference(requestOf())
          const allowance = { ...request.allowance, requests }
          const { used } = await runGate({ ...request, allowance }, world.ports)
          const sent = world.plans
            .slice(before)
            .reduce((sum, plan) => sum + plan.requests.length, 0)
          expect(sent).toBeLessThanOrEqual(requests)
          expect(used.requests).toBeLessThanOrEqual(requests)
        },
      ),
      { numRuns: 6, seed: 4 },
    )
  })

  it('stays open and says so where the budget pays for no pairs', async () => {
    // One run is no proof of anything.
    world.stored.splice(1)
    world.obey({ medianMs: () => 115 })
    const request = withReference(requestOf())
    const allowance = { ...request.allowance, requests: 120 }
    const { result } = await runGate({ ...request, allowance }, world.ports)
    expect(result.verdict).toBe('inconclusive')
    expect(result.effort.reference).toBe('no-budget')
    expect(rounds()).toBe(1)
  })

  it('takes every look that it planned, where requests, money or time cap the pairs', async () => {
    const sizes = { requests: 220, costUsd: 0.018, durationMs: 9000 }
    for (const [what, most] of Object.entries(sizes)) {
      const ended: string[] = []
      for (const median of [104, 105, 106, 107, 108, 109, 110, 111]) {
        world.obey({ medianMs: (arm) => (arm === 'candidate' ? median : 100) })
        const request = withReference(requestOf(TAIL_ALONE))
        const allowance = { ...request.allowance, [what]: most }
        const { result, used } = await runGate({ ...request, allowance }, world.ports)
        const { looks } = result.effort
        ended.push(`${looks} ${result.verdict === 'inconclusive' ? 'open' : 'decided'}`)
        const share = used[what as keyof typeof used] / most
        // Time may run over by the requests in flight.
        expect(share).toBeLessThanOrEqual(what === 'durationMs' ? 1.01 : 1)
        if (looks === 2) expect(share).toBeGreaterThan(0.9)
      }
      expect([what, ended]).toEqual([what, expect.not.arrayContaining(['1 open'])])
      expect([what, ended.some((end) => end.startsWith('2'))]).toEqual([what, true])
    }
  })

  it('asks nothing where the budget does not reach for the plan', async () => {
    const request = requestOf()
    const allowance = { ...request.allowance, requests: 50 }
    const { result, runs, used } = await runGate({ ...request, allowance }, world.ports)
    expect(result.verdict).toBe('invalid')
    expect(result.invalidities).toEqual([expect.objectContaining({ kind: 'budget' })])
    expect(runs).toEqual([])
    expect(used.requests).toBe(0)
    expect(rounds()).toBe(0)
  })
})

describe('a round that cannot be trusted', () => {
  it('voids the gate when it is the first, and nothing more is measured', async () => {
    world.obey({ conditions: () => ({ eventLoopDelayP99Ms: 500 }) })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).toBe('invalid')
    expect(result.metrics.every(({ verdict }) => verdict === 'not-gated')).toBe(true)
    expect(rounds()).toBe(1)
  })

  it('changes nothing when it is a later one, but its money is spent', async () => {
    world.obey({
      medianMs: () => 116,
      conditions: (round) => (round > 0 ? { eventLoopDelayP99Ms: 500 } : {}),
    })
    const { result, runs, used } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).toBe('inconclusive')
    expect(result.effort).toMatchObject({ pairs: 0, reference: 'void' })
    expect(runs).toHaveLength(1)
    expect(rounds()).toBe(2)
    expect(used.requests).toBeGreaterThan(100)
  })

  it('leaves the verdict open when the reference arm does not answer', async () => {
    world.obey({ medianMs: () => 116, isDown: (arm) => arm === 'reference' })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).toBe('inconclusive')
    expect(result.effort.reference).toBe('failed')
  })

  it('that was stopped by its signal is void, whatever it had', async () => {
    world.obey({ stopped: () => ({ what: 'signal' }) })
    const { result } = await runGate(requestOf(), world.ports)
    expect(result.invalidities).toEqual([{ kind: 'aborted', measured: 0 }])
  })
})

describe('silence', () => {
  it('never passes: an endpoint of which nothing completes is invalid', async () => {
    world.obey({ isDown: () => true })
    const { result } = await runGate(withReference(requestOf()), world.ports)
    expect(result.verdict).toBe('invalid')
    expect(jobResultOf([result], CONTEXT).verdict).toBe('invalid')
    expect(jobResultOf([], CONTEXT).verdict).toBe('invalid')
  })

  it('never passes, however many requests are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 30, max: 100 }), async (failing) => {
        world.obey({ isDown: (_arm, _round, index) => index % 100 < failing })
        const { result } = await runGate(requestOf(), world.ports)
        expect(['passed']).not.toContain(result.verdict)
      }),
      { numRuns: 6, seed: 2 },
    )
  })
})

describe('more requests', () => {
  it('are added where they can settle it and there is no reference arm', async () => {
    // 149 requests without a failure are needed to rule out more than 2 %.
    const text = CONFIG.replace('    limits:', '    limits:\n      error_rate: {ceiling: 2%}')
    const before = world.plans.length
    world.obey({ medianMs: () => 100 })
    const { result, runs, used } = await runGate(requestOf(text), world.ports)
    expect(world.plans.length - before).toBe(2)
    expect(result.effort).toMatchObject({ pairs: 0, reference: 'none' })
    expect(result.effort.addedRequests).toBeGreaterThan(0)
    expect(world.steps.at(-1)).toMatch(/^chat: \d+ more /)
    const sent = 100 + result.effort.addedRequests
    expect(runs[0]?.records.map(({ index }) => index)).toEqual([...Array(sent).keys()])
    expect(used.requests).toBe(sent + 2 * 4)
    expect(result.requests).toBe(sent)
    expect(metricOf(result, 'error_rate')).toMatchObject({ verdict: 'pass', requests: sent })
  })
})

describe('an accept label', () => {
  it('turns a fail into a pass that says so', async () => {
    world.obey({ medianMs: () => 200 })
    const accept = { label: 'agreed', by: 'ada' }
    const { result } = await runGate(requestOf(CONFIG, { accept }), world.ports)
    expect(result.verdict).toBe('passed')
    expect(metricOf(result)?.accepted).toEqual(accept)
  })
})

/** What another job reads of a run. */
function reread(run: Run): Run {
  const decoded = decodeRun(encodeRun(run), 'runs/chat.json')
  if (!decoded.ok) throw new Error(decoded.problem)
  return decoded.run
}

async function shardOf(law: Law): Promise<Run> {
  world.obey(law)
  const { runs } = await measureShard(requestOf(), world.ports)
  const [run] = runs
  if (run === undefined) throw new Error('nothing was measured')
  return run
}

describe('a shard', () => {
  it('is measured and not judged', async () => {
    world.obey({ medianMs: () => 200 })
    const shard = await measureShard(requestOf(), world.ports)
    expect(shard).toMatchObject({ gate: 'chat', invalidities: [], used: { requests: 104 } })
    expect(shard.runs).toHaveLength(1)
    expect(shard).not.toHaveProperty('result')
  })

  it('that the budget does not reach for says so and sends nothing', async () => {
    const allowance = { requests: 10, costUsd: 1, durationMs: 60_000 }
    const before = world.plans.length
    const shard = await measureShard(requestOf(CONFIG, { allowance }), world.ports)
    expect(shard).toMatchObject({ runs: [], invalidities: [{ kind: 'budget', what: 'requests' }] })
    expect(world.plans).toHaveLength(before)
  })
})

describe('a saved run', () => {
  const laws: [string, Law, object][] = [
    ['that nothing answered', { isDown: () => true }, { kind: 'nothing-completed', count: 104 }],
    ['of a late client', { conditions: () => ({ sendLatenessP99Ms: 900 }) }, { p99Ms: 900 }],
    ['that a signal stopped', { stopped: () => ({ what: 'signal' }) }, { kind: 'aborted' }],
    [
      'that its budget cut short',
      { stopped: () => ({ what: 'cost', allowed: 1 }) },
      { kind: 'budget', what: 'cost' },
    ],
  ]
  for (const [what, law, invalidity] of laws) {
    it(`${what} is as void in its file as it was fresh`, async () => {
      const run = reread(await shardOf(law))
      const history = await historyOfGate(requestOf(), world.ports)
      expect(judgeSaved(run, requestOf(), history).result).toMatchObject({
        verdict: 'invalid',
        invalidities: [expect.objectContaining(invalidity)],
      })
      const recorded = await recordSaved(run, requestOf(), {
        ports: world.ports,
        opening: undefined,
      })
      expect(recorded.standing.kind).toBe('not-recorded')
      expect(recorded.addition).toBeUndefined()
    })
  }

  it('makes a merged one void', async () => {
    const sound = await shardOf({})
    const stopped = await shardOf({ stopped: () => ({ what: 'signal' }) })
    expect(mergeRuns([sound, reread(stopped)]).invalidities).toEqual([
      { kind: 'aborted', measured: 0 },
    ])
  })

  it('is judged as the run itself, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyLaw, async (law) => {
        const run = await shardOf(law)
        const history = await historyOfGate(requestOf(), world.ports)
        const fresh = judgeSaved(run, requestOf(), history).result
        const saved = judgeSaved(reread(run), requestOf(), history).result
        expect(saved.verdict).toBe(fresh.verdict)
        expect(saved.invalidities).toEqual(fresh.invalidities)
        const verdicts = ({ metrics }: typeof fresh) =>
          metrics.map(({ id, verdict, reason }) => [id, verdict, reason.kind])
        expect(verdicts(saved)).toEqual(verdicts(fresh))
      }),
      { numRuns: 40, seed: 3 },
    )
  })
})

const anyLaw: fc.Arbitrary<Law> = fc
  .record({
    medianMs: fc.integer({ min: 20, max: 400 }),
    failing: fc.integer({ min: 0, max: 100 }),
    sendLatenessP99Ms: fc.constantFrom(0, 10, 900),
    clockDriftMs: fc.constantFrom(0, 5000),
    stopped: fc.constantFrom<Measurement['stopped']>(
      undefined,
      undefined,
      { what: 'signal' },
      { what: 'cost', allowed: 1 },
      { what: 'max-in-flight', allowed: 8 },
    ),
  })
  .map(({ medianMs, failing, sendLatenessP99Ms, clockDriftMs, stopped }) => ({
    medianMs: () => medianMs,
    isDown: (_arm, _round, index) => index % 100 < failing,
    conditions: () => ({ sendLatenessP99Ms, clockDriftMs }),
    stopped: () => stopped,
  }))

describe('the shares of a budget', () => {
  it('leave the gates to come what they have planned', () => {
    const left = { requests: 1000, costUsd: 2, durationMs: 90_000 }
    const own = requestOf()
    const planned = estimateOfPlan(own.gate).costUsd ?? 0
    expect(planned).toBeGreaterThan(0)
    expect(shareOf(left, own, [own, own])).toEqual({
      requests: 1000 - 208,
      costUsd: 2 - 2 * planned,
      durationMs: 30_000,
    })
    expect(shareOf(left, own, [])).toEqual(left)
    expect(shareOf({ ...left, requests: 100 }, own, [own, own]).requests).toBe(0)
  })

  it('give a gate the money of its own plan first, and never more than there is', () => {
    const own = requestOf()
    const planned = estimateOfPlan(own.gate).costUsd ?? 0
    const share = (costUsd: number) =>
      shareOf({ requests: 1000, costUsd, durationMs: 90_000 }, own, [own]).costUsd
    expect(share(1.5 * planned)).toBeCloseTo(planned)
    expect(share(0.5 * planned)).toBeCloseTo(0.5 * planned)
  })

  it('split the money for GPU time, whose price is known once it is measured', () => {
    const own = requestOf(CONFIG.replace(/prices: .*/, 'prices: {gpu_hour: $3.20}'))
    const left = { requests: 1000, costUsd: 2, durationMs: 90_000 }
    expect(shareOf(left, own, [own, own, own]).costUsd).toBeCloseTo(0.5)
  })

  it('keep the money of a later gate from the pairs of the first', async () => {
    // Each answer costs about what was reckoned, and pairs never settle so small a change.
    const wordy: Law = {
      differs: () => ({ usage: serverUsage({ inputTokens: 100, outputTokens: 64 }) }),
    }
    world.stored.splice(0)
    await recordHistory(wordy)
    world.obey({ ...wordy, medianMs: (arm) => (arm === 'candidate' ? 109 : 100) })
    const undecided = CONFIG.replace('must_detect: 20%', 'must_detect: 12%')
    const planned = estimateOfPlan(requestOf(undecided).gate).costUsd ?? 0
    const allowance = { requests: 100_000, costUsd: 2.2 * planned, durationMs: 3_600_000 }
    const requests = [1, 2].map(() => ({ ...withReference(requestOf(undecided)), allowance }))
    const results = await runAll(
      requests,
      (request) => runGate(request, world.ports),
      async () => undefined,
    )
    expect(results[0]?.result.effort.reference).toBe('measured')
    expect(results.map(({ invalidities }) => invalidities)).toEqual([[], []])
    expect(results.map(({ result }) => result.requests)).toEqual([100, 100])
  })
})

const CONTEXT = {
  tool: 'inference-gate/0',
  mode: 'gate',
  limitsFrom: 'file',
  proposedChanges: [],
  acceptLabel: 'agreed',
  blocking: { inconclusive: false, noBaseline: false, invalid: true },
} as const
