import { describe, expect, it } from '@jest/globals'
import { gateResult, overallVerdict, unmeasuredResult } from '../../src/judge/gate-result.ts'
import { summarize } from '../../src/judge/summarize.ts'
import { exitCodeOfVerdict, exitCodeOfVerdicts } from '../../src/model/exit-codes.ts'
import type { GateVerdict } from '../../src/model/verdict.ts'
import { sampleRun } from '../baseline-samples.ts'
import { CONFIG, configOf } from '../gate/memory-ports.ts'

const run = sampleRun({ failed: 3 })
const [gate] = configOf(CONFIG).gates
const history = {
  runs: [],
  anchor: [],
  notes: [],
  place: 'folder x',
  subject: { ...run.subject, model: 'older' },
}
const judgement = {
  id: 'ttft_p50',
  label: 'TTFT p50',
  unit: 'ms',
  better: 'lower',
  scale: 'ratio',
  verdict: 'pass',
  reason: { kind: 'better' },
  evidence: 'history',
  requests: 17,
  history: 0,
  detectable: { at80: 0.2, best: 0.1 },
  settles: [{ kind: 'reference-arm' }],
} as const
const parts = {
  gate: 'chat',
  run,
  summary: summarize(run, []),
  history,
  decision: { verdict: 'passed', metrics: [judgement] },
  spent: run.spent,
  effort: { pairs: 0, looks: 0, addedRequests: 0, reference: 'none' },
} as const

describe('the result of a gate', () => {
  it('holds what was counted, spent and asked, and names a changed subject', () => {
    const result = gateResult(parts)
    expect(result).toMatchObject({
      verdict: 'passed',
      requests: 20,
      completed: 17,
      probes: 0,
      errors: { 'http-5xx': 3 },
      baselinePlace: 'folder x',
      subjectChanges: [{ member: 'model', before: 'older', after: 'llama-3.3-70b' }],
      metrics: [judgement],
    })
    // Everything billed, failures included, over completed answers.
    const total = run.costsUsd.reduce((sum, usd) => sum + usd, 0)
    expect(result.perAnswerUsd).toBeCloseTo(total / 17, 12)
  })

  it('of a void run shows its numbers and judges none', () => {
    const aborted = { kind: 'aborted', measured: 20 } as const
    const { verdict, metrics } = gateResult({ ...parts, run: { ...run, invalidities: [aborted] } })
    expect(verdict).toBe('invalid')
    expect(metrics[0]).toMatchObject({
      verdict: 'not-gated',
      reason: { kind: 'invalid-run' },
      settles: [],
    })
    expect(metrics[0]?.detectable).toBeUndefined()
  })

  it('of a gate to which nothing was sent is void and has spent nothing', () => {
    if (gate === undefined) throw new Error('the config has no gate')
    const invalidity = { kind: 'aborted', measured: 0 } as const
    expect(
      unmeasuredResult({ gate, history, subject: run.subject, loadShape: {}, invalidity }),
    ).toMatchObject({
      verdict: 'invalid',
      invalidities: [invalidity],
      requests: 0,
      spent: { usd: 0 },
      metrics: [],
    })
  })
})

describe('several gates', () => {
  const rows: readonly (readonly [readonly GateVerdict[], GateVerdict])[] = [
    [['passed', 'passed'], 'passed'],
    [['passed', 'no-baseline'], 'no-baseline'],
    [['inconclusive', 'no-baseline'], 'inconclusive'],
    [['invalid', 'inconclusive'], 'invalid'],
    [['passed', 'failed', 'invalid'], 'failed'],
    [[], 'invalid'],
  ]
  for (const [verdicts, overall] of rows) {
    it(`that are ${verdicts.join(', ') || 'none'} are ${overall} together`, () => {
      expect(overallVerdict(verdicts)).toBe(overall)
    })
  }

  it('end with the gravest code that any of them calls for', () => {
    const policy = {
      inconclusive: 'fail',
      noBaseline: 'pass',
      noSecrets: 'pass',
      droppedGate: 'pass',
      baseRegressed: 'pass',
      invalid: 'pass',
      acceptLabel: 'x',
      allowedHosts: [],
      allowedEnv: [],
    } as const
    // A tolerated void gate does not hide an open one that blocks.
    expect(exitCodeOfVerdict('invalid', policy)).toBe(0)
    expect(exitCodeOfVerdicts(['invalid', 'inconclusive'], policy)).toBe(4)
    expect(exitCodeOfVerdicts(['inconclusive', 'failed'], policy)).toBe(1)
    expect(exitCodeOfVerdicts(['passed', 'no-baseline'], policy)).toBe(0)
    const strict = { ...policy, invalid: 'fail' } as const
    expect(exitCodeOfVerdicts(['invalid', 'inconclusive'], strict)).toBe(3)
    expect(exitCodeOfVerdicts([], policy)).toBe(3)
  })
})
