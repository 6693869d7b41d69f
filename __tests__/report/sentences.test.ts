// What each reason, warning, note and invalidity reads like.

import { describe, expect, it } from '@jest/globals'
import type { Timeline } from '../../src/model/chart-data.ts'
import type { Cloud } from '../../src/model/cloud.ts'
import { ANSWERED_INSTEAD } from '../../src/model/request-record.ts'
import type {
  Entrypoint,
  GateResult,
  JobResult,
  MetricJudgement,
  ReportContext,
} from '../../src/model/verdict.ts'
import { attributionSentence } from '../../src/report/describe/attribution.ts'
import { charts } from '../../src/report/describe/charts.ts'
import { describe as describeResult } from '../../src/report/describe/describe.ts'
import { gateDetails } from '../../src/report/describe/details.ts'
import { invalidityWords } from '../../src/report/describe/invalidity.ts'
import { nextSteps } from '../../src/report/describe/next-steps.ts'
import { describeProblem } from '../../src/report/describe/problem.ts'
import { reasonText } from '../../src/report/describe/reason.ts'
import { noteSentence, remarks, warningSentence } from '../../src/report/describe/remarks.ts'
import { plainText } from '../../src/report/phrase.ts'
import { html, markdown } from '../../src/report/render/render.ts'
import {
  ATTRIBUTIONS,
  HELD_BACK,
  INVALIDITIES,
  NOTES,
  REASONS,
  SETTLEMENTS,
  WARNINGS,
} from './every-kind.ts'
import { STATES } from './states.ts'

function jobResultOf(name: string): JobResult {
  const state = STATES.find((one) => one.name === name)
  if (state === undefined || !('jobResult' in state)) throw new Error(`no jobResult ${name}`)
  return state.jobResult
}

const { context, gates } = jobResultOf('failed-by-regression')
const gate = there(gates[0])
const metric = there(gate.metrics.find(({ id }) => id === 'ttft_p95'))

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('nothing to start from')
  return value
}

function reason(kind: keyof typeof REASONS, change: Partial<MetricJudgement> = {}): string {
  return reasonText({ ...metric, ...change, reason: REASONS[kind] })
}

function stepsOf(change: Partial<GateResult>): readonly string[] {
  return nextSteps({ ...gate, ...change }, context).map(plainText)
}

describe('the reason of a metric', () => {
  const sentences = Object.fromEntries(
    (Object.keys(REASONS) as (keyof typeof REASONS)[]).map((kind) => [kind, reason(kind)]),
  )
  it('is one sentence for each kind', () => {
    expect(sentences).toMatchInlineSnapshot(`
{
  "above-ceiling": "9 of 200 requests beyond the ceiling of 2 s: more than chance explains (p = 0.01)",
  "better": "better beyond noise",
  "ceiling-open": "1 of 100 requests beyond the ceiling of 2 s: too few requests to tell, needs at least 299",
  "drifted": "small accepted steps add up: 40 % slower than the first runs of this baseline epoch, since 2026-08-02",
  "failures-beyond-quantile": "9 of 200 requests failed before answering: TTFT p95 is among the failures (p = 0.01)",
  "failures-hide-quantile": "20 of 200 requests failed before answering: too many to tell what TTFT p95 would be",
  "free": "every request is billed at $0: it cannot change",
  "history-unusable": "the baseline cannot be used: one run",
  "interval-too-wide": "too noisy to rule out a change of +20 %",
  "invalid-run": "shown only: the run is void",
  "no-history": "no baseline to compare with",
  "no-limit": "shown only: it has no limit",
  "no-prices": "no prices are configured",
  "no-samples": "no request got far enough to measure it",
  "not-confirmed": "+62.0 % in the first measurement, +3.0 % in the second: measured once more, it did not show again",
  "not-exported": "the server’s metrics do not include it",
  "not-shown": "the reported figures do not show that its limit holds",
  "ruled-out": "no regression: +20 % or worse would have been seen with 95 % probability",
  "significant-alone": "looks slower, but several metrics are judged at once and the evidence does not hold for all (p = 0.03 alone, p = 0.1 together)",
  "too-few-requests": "has 20 requests, needs at least 59",
  "unknown-in-import": "the imported file says nothing of prices",
  "usage-unknown": "the server reports no token usage, so the cost is not known",
  "within-ceiling": "0 of 200 requests beyond the ceiling of 2 s: within what it allows",
  "worse-than-limit": "slower than the limit of +10 % and +30 ms allows, beyond noise (p = 0.01, all metrics counted)",
}
`)
  })

  it('turns its signs where higher is better', () => {
    expect(reason('ruled-out', { id: 'goodput', better: 'higher', scale: 'difference' })).toBe(
      'no regression: −20 pp or worse would have been seen with 95 % probability',
    )
  })

  it('asks for no requests that a ceiling has had: so near to it, that many do not tell', () => {
    const near = { kind: 'ceiling-open', over: 58, of: 1332, needs: 59 } as const
    expect(reasonText({ ...metric, reason: near })).toMatch(/^58 of 1,332 requests .*: too close/)
  })

  it('names who accepted it', () => {
    expect(reason('better', { accepted: { label: 'ok', by: 'octocat' } })).toBe(
      'accepted by octocat (ok); otherwise: better beyond noise',
    )
    expect(reason('better', { accepted: { label: 'ok' } })).toBe(
      'accepted (ok); otherwise: better beyond noise',
    )
    expect(reason('better', { accepted: { reason: 'larger model', by: 'ada' } })).toBe(
      'accepted by ada (larger model); otherwise: better beyond noise',
    )
  })
})

describe('what holds a metric back', () => {
  const held = (heldBack: MetricJudgement['heldBack']): string =>
    reason('interval-too-wide', {
      verdict: 'inconclusive',
      baseline: 50.4,
      candidate: 67.1,
      change: 0.331,
      heldBack,
    })

  it('is named in the sentence, one for each kind', () => {
    expect(Object.values(HELD_BACK).map(held)).toMatchInlineSnapshot(`
[
  "33 % slower beyond noise, and within the floor of 20 ms (+40 % of this baseline), which has to be exceeded as well",
  "slower beyond noise, within the limit as far as can be seen; not yet shown to be less than +20 %",
  "the baseline's own runs differ so much that no number of requests can rule out less than +24 %, and +20 % has to be ruled out",
  "200 requests are too few to rule out a change of +20 %, about 605 would do",
  "so uncertain that +144 % could have gone unseen",
]
`)
  })

  it('is spoken of with the digits that are known, and the other way round where more is better', () => {
    expect(
      reason('interval-too-wide', { limit: { ...there(metric.limit), mustDetect: 0.1 } }),
    ).toBe('too noisy to rule out a change of +20 %')
    const speed = { id: 'output_tokens_per_second', better: 'higher' } as const
    const limit = { ...there(metric.limit), mustDetect: 0.2 }
    const reversed = {
      ...metric,
      ...speed,
      limit,
      reason: { ...REASONS['ruled-out'], mustDetect: 0.25 },
    }
    expect(reasonText(reversed)).toBe(
      'no regression: −20 % or worse would have been seen with 95 % probability',
    )
  })

  const floored: MetricJudgement = {
    ...metric,
    id: 'ttft_p50',
    label: 'TTFT p50',
    baseline: 50.4,
    candidate: 67.1,
    change: 0.331,
    interval: [0.24, 0.46],
    limit: { ...there(metric.limit), metric: 'ttft_p50', worsening: 0.1, floor: 20 },
    heldBack: HELD_BACK.floor,
    settles: [],
  }
  const words = (change: Partial<GateResult>) => {
    const jobResult = jobResultOf('failed-by-regression')
    const result = { ...gate, ...change }
    const document = describeResult({ ...jobResult, verdict: result.verdict, gates: [result] })
    return {
      headline: document.headline,
      alert: document.alert.lines.map(plainText),
      next: document.sections.flatMap(({ next }) => next.map(plainText)),
    }
  }

  it('is never blamed on noise where it is the floor', () => {
    const open = {
      ...floored,
      verdict: 'inconclusive',
      reason: REASONS['interval-too-wide'],
    } as const
    expect(words({ verdict: 'inconclusive', metrics: [open] })).toMatchInlineSnapshot(`
{
  "alert": [
    "TTFT p50: 50 ms → 67 ms, +33 % (90 % interval [+24 %, +46 %]); limit +10 % and +20 ms, ceiling 2 s. 33 % slower beyond noise, and within the floor of 20 ms (+40 % of this baseline), which has to be exceeded as well.",
    "The change is beyond noise, and the floor tolerates it, so it does not block.",
  ],
  "headline": "Undecided, not blocking: chat: TTFT p50 is 33 % slower, within its floor of 20 ms",
  "next": [
    "Does 17 ms matter in TTFT p50? Then lower limits.ttft_p50.floor (now 20 ms). More requests change nothing here.",
  ],
}
`)
  })

  it('is said of a pass that is owed to the floor', () => {
    const passed = { ...floored, verdict: 'pass', reason: REASONS['ruled-out'] } as const
    expect(words({ verdict: 'passed', metrics: [passed] })).toMatchInlineSnapshot(`
{
  "alert": [
    "TTFT p50: 50 ms → 67 ms, +33 % (90 % interval [+24 %, +46 %]); limit +10 % and +20 ms, ceiling 2 s. 33 % slower beyond noise, and within the floor of 20 ms (+40 % of this baseline), which has to be exceeded as well.",
  ],
  "headline": "Passed: chat: TTFT p50 is 33 % slower, within its floor of 20 ms",
  "next": [
    "Does 17 ms matter in TTFT p50? Then lower limits.ttft_p50.floor (now 20 ms). More requests change nothing here.",
  ],
}
`)
  })

  it('gives advice that names what it settles', () => {
    const open = {
      ...metric,
      verdict: 'inconclusive',
      reason: REASONS['interval-too-wide'],
    } as const
    const p50 = {
      ...open,
      id: 'ttft_p50',
      label: 'TTFT p50',
      settles: [SETTLEMENTS['more-requests']],
    }
    const p95 = { ...open, settles: [SETTLEMENTS['noise-floor']] }
    expect(words({ verdict: 'inconclusive', metrics: [p50, p95] }).next).toMatchInlineSnapshot(`
[
  "To settle TTFT p50, raise workload.requests to 600 (or add workload.probes).",
  "More requests do not settle TTFT p95: the baseline's own runs differ by more than what has to be ruled out. Without a reference, only a larger limits.ttft_p95.must_detect can be met.",
]
`)
  })
})

describe('what voids a run', () => {
  it('has a name, a fact and a remedy for each kind', () => {
    expect(Object.values(INVALIDITIES).map((one) => invalidityWords(one))).toMatchInlineSnapshot(`
[
  {
    "fact": "The measuring process was late itself: event loop delay 84 ms at p99, where 20 ms is trusted. Its delay would be blamed on the endpoint.",
    "remedy": "Use a quieter machine; lower workload.concurrency or the arrival rate, give the job a larger runner, or split the load over shards (mode: measure). Where the endpoint's own times are far above the delay, raise workload.max_client_delay.",
    "short": "the client was saturated",
  },
  {
    "fact": "Requests left late: 84 ms at p99, where 20 ms is trusted. The delay would be blamed on the endpoint.",
    "remedy": "Use a quieter machine; lower workload.concurrency or the arrival rate, give the job a larger runner, or split the load over shards (mode: measure). Where the endpoint's own times are far above the delay, raise workload.max_client_delay.",
    "short": "the client was saturated",
  },
  {
    "fact": "The run reached a load of 40 where 64 was planned, so it measured a different load.",
    "remedy": "Lower workload.concurrency or the arrival rate, give the job a larger runner, or split the load over shards (mode: measure).",
    "short": "the load was not reached",
  },
  {
    "fact": "40 % of the measured requests opened a connection that no warm-up request had opened before, where at most 5 % is trusted.",
    "remedy": "Raise workload.warmup to one full wave: as many requests as run at once.",
    "short": "connections were not warmed up",
  },
  {
    "fact": "The machine's clock moved by 800 ms against its monotonic clock during the run.",
    "remedy": "Run the job again; a machine that was paused or resumed shows this.",
    "short": "the clock was stepped",
  },
  {
    "fact": "More than 1,024 requests were in flight at once: the endpoint does not keep up with the arrival rate. Over the second half it was asked 41.2 a second and answered 23.",
    "remedy": "Lower the arrival rate: inference-gate sweep finds the highest one that the endpoint keeps up with. Or raise max_in_flight, if it is to be measured with that many waiting.",
    "short": "the endpoint does not keep up with the load",
  },
  {
    "fact": "No request completed. 4 requests ended as http-4xx (HTTP 401).",
    "remedy": "Check the api-key input and the secret behind it, and that the key may use this model.",
    "short": "the endpoint refuses the key (HTTP 401)",
  },
  {
    "fact": "budget.cost allows $1.00 and $2.00 would be needed; 10 requests were measured, too few to judge.",
    "remedy": "Raise budget.cost on the base branch, or lower workload.requests.",
    "short": "the budget is too small (cost)",
  },
  {
    "fact": "The run was stopped after 12 requests.",
    "remedy": "Run the job again.",
    "short": "the run was stopped",
  },
  {
    "fact": "The base branch has this gate, and the report of the job says nothing of it. What is not reported is not passed.",
    "remedy": "Look in that job's log, and at what the pull request changes in the workflow and the config.",
    "short": "the job reported nothing of it",
  },
  {
    "fact": "endpoint.ready waited 10 min (281 looks) and the last answer was: HTTP 503 at /health.",
    "remedy": "Find out why the endpoint does not start; where it only needs longer, raise endpoint.ready.timeout. A wrong key or path is never ready.",
    "short": "the endpoint never became ready",
  },
]
`)
  })

  it('depends on how the requests ended', () => {
    const short = (outcome: string, status?: number): string =>
      invalidityWords({
        kind: 'nothing-completed',
        outcome,
        count: 20,
        status,
      }).short
    expect(short('http-4xx', 403)).toBe('the endpoint refuses the key (HTTP 403)')
    expect(short('http-4xx', 404)).toBe(
      'the endpoint does not know the path or the model (HTTP 404)',
    )
    expect(short('rate-limited', 429)).toBe('every request was rate-limited')
    expect(short('dns')).toBe('the endpoint is down or cannot be reached')
    expect(short('http-5xx', 503)).toBe('the endpoint fails (HTTP 503)')
  })
})

describe('a warning and a note', () => {
  it('is one sentence for each kind', () => {
    expect(
      Object.values(WARNINGS).map((one) => plainText(warningSentence(one))),
    ).toMatchInlineSnapshot(`
[
  "The model ignores max_output_tokens: 64 were asked for and it sent up to 900.",
  "The server's usage (64 output tokens) disagrees with what was counted in the stream (90).",
  "3 requests came without token usage.",
  "First-token probes were left out: their TTFT is 0.8 times that of full answers (interval 0.7 times to 0.9 times), so they do not measure the same thing.",
  "The budget (budget.duration) ended the run after 90 of 200 planned requests.",
  "The measuring machine was busy: up to 54 ms late itself (p99), beside measured times of 300 ms at the median. Part of the tails may be due to it; a quieter runner helps, and workload.max_client_delay says how much is allowed.",
  "30 % of the reads carried several tokens: gaps between tokens are those between reads.",
  "20 of 200 probes ended without a token that could be seen, so probes were left out.",
  "The server closes connections: 100 % of the requests opened a new one. TTFT leaves the opening out.",
  "4 requests were rate-limited (the server asks to wait 20 s).",
  "endpoint.metrics answers with HTTP 404, so the server's own numbers are missing.",
  "The endpoint has not settled: after 52 warm-up requests first tokens still got faster (5.2 s, then 1.4 s), so part of what was measured may be its start.",
  "In a first measurement the endpoint refused the first requests (502, 503, or no connection). This is a second one, made after a pause; both are paid.",
  "12 of 200 answers came out of a gateway's cache (its headers say so): their times and tokens are not the model's. Turn that cache off for the measurement, or let every prompt be unique with prompt_cache: bypass.",
  "3 of 200 answers could not be checked: too long to keep, or the check of their prompt took too long. They count neither as valid nor as invalid.",
  "Measured by GuideLLM 0.8 and imported: whether that client was fast enough to be trusted is not known. TTFT is from here to there.",
]
`)
    expect(Object.values(NOTES).map((one) => plainText(noteSentence(one)))).toMatchInlineSnapshot(`
[
  "runs/x.json is empty; it was left out.",
  "No run of release is stored: runs of main were taken instead.",
  "Too few runs at or before the merge base a1b2c3d are stored: 2 later ones were taken as well, which may hold changes that this one lacks.",
  "3 stored runs cannot be compared, because the load changed: a from 1 to 2.",
  "3 stored runs belong to a gate of the same name in services/b/gate.yml and are left out.",
  "3 runs older than 30 days (baseline.max_age) were left out.",
  "Only 3 runs to compare with: the noise between runs is known well once there are 8.",
  "1 run of the base branch is kept apart, because it failed against its own history (newest 20261124T030000Z-00000001).",
  "Last good, first bad: the base branch became worse between the last run that held and the first that did not: git log a1b2c3d..f6a7b8c",
  "This baseline epoch was opened on 2026-11-01 by octocat: new model",
  "The run could not be stored: push refused. Store it later with inference-gate merge",
  "Runs of this endpoint lie 2.1 % apart, as those of a server of one's own do.",
  "Runs of this hour are missing: no recorded run was made between 11:00 and 17:00 UTC, so that much more is allowed for what the hour may add. Record at the hours at which pull requests are judged.",
  "The base branch itself changed: its TTFT p50 became 22 % slower on 2026-11-03; the last run before it is at a1b2c3d4, the first of it at b2c3d4e5. What single pull requests were too small to show is seen here.",
]
`)
  })

  it('is shown unfolded when it changes what the verdict is worth', () => {
    const notes = Object.values(NOTES)
    expect(remarks({ ...gate, verdict: 'passed', notes })).toHaveLength(8)
    expect(remarks({ ...gate, verdict: 'inconclusive', notes })).toHaveLength(9)
  })
})

describe('what to do now', () => {
  it('offers only what settles what is open, the largest number of each', () => {
    const open = { ...metric, verdict: 'inconclusive' as const }
    expect(
      stepsOf({
        verdict: 'inconclusive',
        metrics: [
          { ...open, settles: Object.values(SETTLEMENTS) },
          { ...open, settles: [{ kind: 'more-requests', requests: 900 }] },
          { ...metric, settles: [{ kind: 'more-requests', requests: 5000 }] },
        ],
      }),
    ).toMatchInlineSnapshot(`
[
  "To settle TTFT p95, raise workload.requests to 900 (or add workload.probes).",
  "Record more runs of the base branch: with 8 of them the noise between runs is known better.",
  "Raise budget: about 400 pairs against the reference would settle TTFT p95.",
  "Name a reference endpoint: it is measured in the same minutes, so the provider's drift cancels out.",
  "More requests do not settle TTFT p95: the baseline's own runs differ by more than what has to be ruled out. Without a reference, only a larger limits.ttft_p95.must_detect can be met.",
]
`)
    expect(stepsOf({ verdict: 'inconclusive', metrics: [] })).toEqual(['Run the job again.'])
  })

  it('asks for more requests where each was asked in a pair from the start', () => {
    const [metric] = gate.metrics
    if (metric === undefined) throw new Error('the gate has no metric')
    const open = {
      ...metric,
      verdict: 'inconclusive' as const,
      settles: [{ kind: 'more-pairs' as const, pairs: 400 }],
    }
    const asked = { as: 'proposed', of: 'chat', changes: [], isCompared: true } as const
    expect(stepsOf({ verdict: 'inconclusive', metrics: [open], asked })).toEqual([
      expect.stringMatching(
        /^To settle .*, raise workload\.requests to about 400: each is asked in a pair\.$/,
      ),
    ])
  })

  it('does not look at a URL that differs by design', () => {
    const change = { member: 'url', before: 'https://a', after: 'https://preview-7.a' }
    const steps = (preview: boolean | undefined) =>
      nextSteps({ ...gate, subjectChanges: [change] }, { ...context, preview }).map(plainText)
    expect(steps(undefined)[0]).toContain('Look first at what changed: url')
    expect(steps(true)[0]).toBe('Fix what made it worse and push: the comment is updated in place.')
  })

  it('does not blame the provider when the reference arm was measured', () => {
    expect(stepsOf({}).join(' ')).toContain('Suspect the provider')
    const effort = { pairs: 100, looks: 1, addedRequests: 200, reference: 'measured' as const }
    expect(stepsOf({ effort }).join(' ')).not.toContain('Suspect the provider')
  })

  it('says how to accept a level while recording', () => {
    const steps = nextSteps(gate, { ...context, mode: 'record' }).map(plainText)
    expect(steps.at(-1)).toContain('inference-gate accept')
    expect(steps.at(-1)).toBe(
      'Intended? Start the recording workflow by hand with its input accept, or run inference-gate accept: this run then becomes the new baseline. Until then it is kept apart, and the baseline stays.',
    )
    const here = { ...context, mode: 'record', entrypoint: 'command-line' } as const
    expect(nextSteps(gate, here).map(plainText).at(-1)).toBe(
      'Intended? Run inference-gate accept --reason "…": this run then becomes the new baseline. Until then it is kept apart, and the baseline stays.',
    )
  })
})

describe('how it was measured', () => {
  const measured = (change: Partial<GateResult>): string => {
    const detail = gateDetails({ ...gate, ...change }, context).find(
      ({ title }) => plainText(title) === 'How it was measured',
    )
    return (detail?.blocks ?? [])
      .flatMap((block) => (block.kind === 'list' ? block.items.map(plainText) : []))
      .join('\n')
  }

  it('says what became of the reference arm', () => {
    const line = (reference: GateResult['effort']['reference']): string =>
      /Reference arm: (.*)/.exec(
        measured({ effort: { pairs: 120, looks: 2, addedRequests: 240, reference } }),
      )?.[1] ?? ''
    expect(line('none')).toBe('none. 240 requests were added to the plan.')
    expect(line('not-needed')).toContain('not needed, the history decided')
    expect(line('measured')).toContain('120 pairs measured in alternation, 2 looks')
    expect(line('no-budget')).toContain('not measured, the budget was spent')
    expect(line('failed')).toContain('tried, and it did not answer')
  })

  it('says why the money is not known, or that it is partly estimated', () => {
    expect(measured({ spent: { usd: 0.4, estimated: true } })).toContain(
      'Spent: $0.40 (some token counts are estimates)',
    )
    expect(measured({ spent: { reason: 'no-prices', estimated: false } })).toContain(
      'Spent: not known, no prices are configured',
    )
    expect(measured({ spent: { reason: 'usage-unknown', estimated: false } })).toContain(
      'Spent: not known, the server reports no token usage',
    )
  })

  it('leaves out what the client of another engine saw of itself', () => {
    expect(measured({})).toContain('The client itself')
    expect(measured({ warnings: [WARNINGS.imported] })).not.toContain('The client itself')
  })
})

describe('the trend', () => {
  it('tells runs of one day apart by the minute, and of one minute by number', () => {
    const { chartData } = gate
    const times = ['2026-11-24T03:00:00Z', '2026-11-24T03:00:40Z', '2026-11-24T09:30:00Z']
    const point = { runId: 'x', p50Ms: 200, p95Ms: 400 }
    const trend = [...times, 'now'].map((startedAt) => ({ ...point, startedAt }))
    const [, chart] = charts({ ...gate, chartData: { ...there(chartData), trend } })
    expect(chart?.kind === 'lines' && chart.labels).toEqual([
      '11-24 03:00',
      '11-24 03:00 (2)',
      '11-24 09:30',
      'this run',
    ])
  })
})

describe('a problem instead of an outcome', () => {
  it('of Dependabot says which secret is missing', () => {
    const document = describeProblem({ kind: 'no-secrets', who: 'dependabot' })
    expect(document.headline).toBe('Not measured: a run from Dependabot is given no secrets')
    expect(plainText(document.sections[0]?.next[0] ?? [])).toContain('Dependabot secret')
  })

  it('of any other kind shows message and remedy', () => {
    const document = describeProblem({
      kind: 'error',
      message: 'git is too old',
      remedy: 'Update git.',
    })
    expect(document.headline).toBe('Could not run: git is too old')
    expect(document.sections[0]?.next.map(plainText)).toEqual(['Update git.'])
  })

  it('of a config with a hundred problems lists fifty and counts the others', () => {
    const issue = { file: 'gate.yml', path: 'gates', message: 'wrong' }
    const document = describeProblem({ kind: 'config', issues: Array(100).fill(issue) })
    const rows = document.sections[0]?.table?.rows ?? []
    expect(rows).toHaveLength(51)
    expect(plainText(rows.at(-1)?.cells[2] ?? [])).toBe('and 50 more')
  })
})

describe('the course of a run', () => {
  const words = (timeline: Timeline): string => {
    const drawn = charts({ ...gate, chartData: { ...there(gate.chartData), timeline } })
    return drawn.find(({ kind }) => kind === 'dots')?.description ?? ''
  }
  const classes = ['default']
  const point = { atMs: 0, waitMs: 200, classIndex: 0 }

  it('counts every request, also where only some are drawn', () => {
    const points = [point, { atMs: 2940, waitMs: 480, classIndex: 0 }]
    expect(words({ requests: 280, failed: 0, overMs: 2940, slowestMs: 480, classes, points })).toBe(
      '280 requests started over 2.94 s, all with a first token; the slowest took 480 ms. 2 of them are drawn: the slowest and the middle one of each stretch.',
    )
  })

  it('of an endpoint that never answered says so, and draws no scale', () => {
    const dead = [0, 240_000].map((atMs) => ({
      atMs,
      waitMs: Number.POSITIVE_INFINITY,
      classIndex: 0,
    }))
    const timeline = { requests: 2, failed: 2, overMs: 240_000, classes, points: dead }
    expect(words(timeline)).toBe('2 requests started over 4 min, none with a first token.')
    const page = html(
      describeResult({
        ...jobResultOf('failed-by-regression'),
        gates: [{ ...gate, chartData: { ...there(gate.chartData), timeline } }],
      }),
    )
    expect(page).not.toContain('e-17')
    // Two in the drawing, one in its legend.
    expect(page.match(/class="failure"/g)).toHaveLength(3)
  })
})

describe('where no request completed', () => {
  const words = (
    change: { outcome: string; status?: number; detail?: string; login?: Cloud },
    entrypoint?: Entrypoint,
  ) => invalidityWords({ kind: 'nothing-completed', count: 8, ...change }, entrypoint)

  it('each way to refuse has a remedy of its own', () => {
    const ways = [
      { outcome: 'malformed', status: 200, detail: ANSWERED_INSTEAD.html },
      { outcome: 'malformed', status: 200, detail: ANSWERED_INSTEAD.json },
      { outcome: 'malformed', status: 200, detail: `${ANSWERED_INSTEAD.compressed} gzip` },
      { outcome: 'http-4xx', status: 307, detail: 'HTTP 307, a redirect to b.example' },
      { outcome: 'http-4xx', status: 404, detail: 'HTTP 404: no model llama' },
      { outcome: 'http-4xx', status: 404 },
      { outcome: 'http-4xx', status: 400 },
      { outcome: 'dns' },
      { outcome: 'connect' },
      { outcome: 'timeout-connect' },
      { outcome: 'tls' },
      { outcome: 'timeout-first-token' },
      { outcome: 'http-5xx', status: 503 },
    ]
    const remedies = ways.map((way) => words(way).remedy)
    expect(new Set(remedies).size).toBe(ways.length)
    expect(remedies).toMatchInlineSnapshot(`
[
  "endpoint.url leads to a site, not to an API: it usually ends in /v1. A login page or a proxy may stand before it.",
  "Without a stream there is no first token to time. Check endpoint.api, and that server and proxies let \`stream: true\` through.",
  "Turn compression off for this path in the proxy or CDN: it holds tokens back, so their times cannot be seen.",
  "Put the address that answers into endpoint.url: a key is never sent on to where a redirect leads.",
  "Check endpoint.model: most servers list what they serve under /models.",
  "Check endpoint.url (it usually ends in /v1), endpoint.api and endpoint.model.",
  "Its answer says why. Often a member of endpoint.body, or max_output_tokens, is one that this model does not take.",
  "Check the host name in endpoint.url: it does not resolve from here.",
  "Check that the endpoint is running and endpoint.url has the right port.",
  "Nothing answered, not even with a refusal: check endpoint.url, firewalls and private networks.",
  "Check the scheme and the port in endpoint.url (https needs a port that speaks TLS), and the certificate.",
  "The connection is made and the answer does not come: look at the queue of the server. A model that needs longer gets it with workload.timeouts.",
  "Look at the endpoint's own logs, then run the gate again.",
]
`)
  })

  it('a login is told what to set, by what the cloud says of it, and nothing of a key', () => {
    const refused = { outcome: 'http-4xx', status: 403 }
    const rows: readonly (readonly [Cloud, string, RegExp])[] = [
      [
        'aws',
        'ExpiredTokenException: The security token included in the request is expired',
        /role-duration-seconds.*AWS_ROLE_ARN/,
      ],
      [
        'aws',
        'InvalidSignatureException: Signature expired: 20261124T221500Z is now earlier',
        /clock of the runner/,
      ],
      [
        'aws',
        'InvalidSignatureException: Credential should be scoped to a valid region',
        /auth: \{cloud: aws, region/,
      ],
      [
        'aws',
        'InvalidSignatureException: The request signature we calculated does not match',
        /AWS_SESSION_TOKEN have to be of one login/,
      ],
      [
        'aws',
        'UnrecognizedClientException: The security token included in the request is invalid',
        /of one login/,
      ],
      [
        'aws',
        'AccessDeniedException: User: arn:aws:sts::1:x is not authorized',
        /InvokeModelWithResponseStream/,
      ],
      ['gcp', 'Permission denied', /roles\/aiplatform\.user/],
      ['azure', 'PermissionDenied', /Cognitive Services OpenAI User/],
    ]
    for (const [login, said, remedy] of rows) {
      const told = words({ ...refused, detail: `HTTP 403 ${said}`, login }, 'command-line')
      expect(told.short).toBe(`the endpoint refuses the login to ${login} (HTTP 403)`)
      expect(told.remedy).toMatch(remedy)
      expect(told.remedy).not.toContain('INFERENCE_GATE_API_KEY')
    }
  })

  it('a key is asked for where that entrypoint takes it', () => {
    const refused = { outcome: 'http-4xx', status: 401 }
    expect(words(refused).remedy).toContain('api-key')
    expect(words(refused, 'command-line').remedy).toContain('INFERENCE_GATE_API_KEY')
    expect(words(refused, 'command-line').remedy).not.toContain('api-key input')
  })
})

describe('each entrypoint', () => {
  const said = (name: string, change: Partial<ReportContext>): string => {
    const jobResult = jobResultOf(name)
    const document = describeResult({ ...jobResult, context: { ...jobResult.context, ...change } })
    return [
      document.headline,
      ...document.sections.flatMap(({ next }) => next.map(plainText)),
    ].join('\n')
  }

  it('speaks of merges and labels only where there are some', () => {
    const here = said('failed-by-regression', { entrypoint: 'command-line' })
    expect(here).toContain('Failed: chat: TTFT p95 is 21 % slower')
    expect(here).not.toMatch(/[Mm]erge|label|push/)
    expect(said('failed-by-regression', {})).toMatch(/Merge blocked.*\n.*\n.*\n.*label/)
  })

  it('does not ask whoever records a first run to record', () => {
    const first = said('no-baseline', { entrypoint: 'command-line', mode: 'record' })
    expect(first).toBe(
      'First run: chat: there is nothing to compare with yet\nThis run is the first of the baseline. Record more: verdicts find small changes reliably once about 8 runs are recorded.',
    )
  })
})

describe('what was left out of the headline before', () => {
  it('is a budget that ended the run', () => {
    const jobResult = jobResultOf('passed')
    const gates = jobResult.gates.map((one) => ({
      ...one,
      warnings: [WARNINGS['budget-shortened']],
    }))
    const { headline } = describeResult({ ...jobResult, gates })
    expect(headline).toMatch(
      /^Passed: chat: no regression.* \(stopped by the budget after 90 of 200 requests\)$/,
    )
    expect(headline.length).toBeLessThanOrEqual(120)
  })

  it('is what failed requests said, with a first step that fits the kind', () => {
    const example = { status: 503, detail: 'HTTP 503: <b>overloaded</b>' }
    const change: Partial<GateResult> = {
      errors: { 'http-5xx': 8 },
      errorExamples: { 'http-5xx': example },
      metrics: [
        { ...metric, id: 'error_rate', verdict: 'fail', reason: REASONS['worse-than-limit'] },
      ],
    }
    expect(stepsOf(change)[0]).toBe(
      "8 of 200 requests ended as http-5xx (HTTP 503: <b>overloaded</b>). Look at the endpoint's own logs at that time.",
    )
    const jobResult = jobResultOf('failed-by-regression')
    const page = html(describeResult({ ...jobResult, gates: [{ ...gate, ...change }] }))
    expect(page).toContain('HTTP 503: &#60;b&#62;overloaded')
  })

  it('is the part of the cost that moved', () => {
    const cost = there(gate.metrics.find(({ id }) => id === 'cost_per_answer'))
    const jobResult = jobResultOf('failed-by-regression')
    const result: GateResult = {
      ...gate,
      costParts: [{ part: 'output-tokens', baseline: 24, candidate: 30 }],
      metrics: [{ ...cost, verdict: 'fail', reason: REASONS['worse-than-limit'] }],
    }
    const { alert } = describeResult({ ...jobResult, gates: [result] })
    expect(alert.lines.map(plainText)).toContain(
      'What moved in the cost: output tokens an answer from 24 to 30 (+25 %).',
    )
    expect(plainText(there(alert.lines[0]))).toContain(
      '$1.82 per 1,000 answers → $1.85 per 1,000 answers',
    )
  })
})

describe('an error of the config', () => {
  it('shows names as code, not as escaped backticks', () => {
    const message = '"conc" is not a key of `workload`; did you mean `concurrency`?'
    const comment = markdown(
      describeProblem({ kind: 'config', issues: [{ file: 'gate.yml', path: 'gates', message }] }),
      60_000,
    )
    expect(comment).toContain('did you mean `concurrency`?')
    expect(comment).not.toContain('\\`')
  })
})

describe('a level that moved by itself', () => {
  it('is told with its day, its size and what is set aside', () => {
    const step = { since: '2026-11-03T03:00:00.000Z', change: 0.22, setAside: 9 }
    const [sentence] = remarks({ ...gate, notes: [], metrics: [{ ...metric, step }] })
    expect(plainText(there(sentence))).toBe(
      'The endpoint itself changed: its TTFT p95 became 22 % slower on 2026-11-03, between two recorded runs; 9 older runs are set aside. Against the runs since then, this one is 21 % slower.',
    )
    expect(remarks({ ...gate, notes: [], metrics: [metric] })).toEqual([])
  })

  it.each([
    [[], 'between two recorded runs, with no change of its settings; 9 older'],
    [['model', 'url'], 'between two recorded runs, and so did its settings: model, url; 9 older'],
  ])('is told with what changed of its settings: %s', (settings, expected) => {
    const step = { since: '2026-11-03T03:00:00.000Z', change: 0.22, setAside: 9, settings }
    const [sentence] = remarks({ ...gate, notes: [], metrics: [{ ...metric, step }] })
    expect(plainText(there(sentence))).toContain(expected)
  })

  it('of the base branch blocks nobody, and is told', () => {
    const note = { ...NOTES['held-runs'], counted: true } as const
    expect(plainText(noteSentence(note))).toBe(
      "The base branch's newest run (20261124T030000Z-00000001) is kept apart: this one is compared with the base branch as it is now, and blocked for what it adds.",
    )
  })
})

describe('why something became worse', () => {
  it('is one sentence for each cause, with its interval', () => {
    expect(
      ATTRIBUTIONS.map((cause) => plainText(attributionSentence(cause))),
    ).toMatchInlineSnapshot(`
[
  "Why: 160 ms of the 180 ms rise in mean TTFT is waiting in the server’s queue (98 % interval 141 ms to 179 ms); at most: requests waiting 0 → 7, KV cache 61 % → 97 %.",
  "Why: about 1.6 s of the 1.9 s rise in mean TTFT is waiting in the server’s queue (98 % interval 1.1 s to 2.1 s, from how many requests waited); at most: requests waiting 0.5 → 7.",
  "Why: waiting in the server’s queue takes about 1.6 s longer (98 % interval 1.1 s to 2.1 s, from how many requests waited), more than the 900 ms rise in mean TTFT: the rest became faster; at most: requests waiting 0 → 7.",
  "Why: all of the 305 ms rise in mean TTFT is waiting in the server’s queue: 310 ms (98 % interval 270 ms to 351 ms).",
  "Why: 40 ms of the 41 ms rise in mean TTFT is spent before the server, on the way or in a gateway (98 % interval 35 ms to 45 ms).",
  "Why: 40 ms of the 41 ms rise in mean TTFT is prefill (98 % interval 35 ms to 45 ms).",
  "Why: only prompts of class code became slower: typical TTFT +60.0 % (98 % interval [+50.0 %, +70.0 %]).",
  "Why: only prompts of 2,100 tokens and more became slower: typical TTFT +60.0 % (98 % interval [+50.0 %, +70.0 %]).",
  "Why: the run began as fast as the baseline and became slower after 1 min 30 s: typical TTFT +31.0 % (98 % interval [+20.0 %, +40.0 %]) from then on.",
  "Why: answers grew from 24.1 to 30 tokens, which is $0.0000144 (98 % interval $0.000012 to $0.000017) of the $0.000016 that an answer costs more.",
]
`)
  })

  it('stands unfolded, before everything else that should be known', () => {
    const [cause] = ATTRIBUTIONS
    const explained = { ...gate, attributions: cause === undefined ? [] : [cause] }
    expect(plainText(remarks(explained)[0] ?? [])).toMatch(/^Why: 160 ms of the 180 ms/)
  })
})
