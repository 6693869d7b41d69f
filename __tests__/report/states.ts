// Outcomes as the engine makes them, one for each state that a report can be in: the input of every
// golden file and of the tests of the renderers and of the report file.

import type { ChartData, Timeline } from '../../src/model/chart-data.ts'
import type { ReportProblem } from '../../src/model/report-document.ts'
import type { Conditions } from '../../src/model/run.ts'
import type {
  GateResult,
  JobResult,
  MetricJudgement,
  ReportContext,
} from '../../src/model/verdict.ts'

const HEAD = 'd4e5f6a7b8c9d0e1f2a3b4c5d6e7f8091a2b3c4d'
const BASE = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'

const context: ReportContext = {
  tool: 'inference-gate 0.1.0',
  mode: 'gate',
  headCommit: HEAD,
  baseCommit: BASE,
  baseBranch: 'main',
  runUrl: 'https://github.com/acme/search/actions/runs/19640112233',
  limitsFrom: 'base',
  proposedChanges: [],
  acceptLabel: 'accept-inference-regression',
  blocking: { inconclusive: false, noBaseline: false, invalid: true },
}

const conditions: Conditions = {
  eventLoopDelayP99Ms: 1.24,
  sendLatenessP99Ms: 0.31,
  clientQueueP99Ms: 0.18,
  intendedLoad: 4,
  achievedLoad: 3.978,
  freshConnections: 0,
  measuredRequests: 200,
  warmupRequests: 4,
  durationMs: 41_320,
  clockDriftMs: 0.4,
  peakInFlight: 4,
}

function limit(
  metric: string,
  family: 'ttft' | 'error_rate' | 'cost_per_answer',
  rest: Partial<NonNullable<MetricJudgement['limit']>>,
): NonNullable<MetricJudgement['limit']> {
  return { metric, family, floor: 0, mustDetect: 0.3, stated: true, ...rest }
}

const ttftP50: MetricJudgement = {
  id: 'ttft_p50',
  label: 'TTFT p50',
  unit: 'ms',
  better: 'lower',
  scale: 'ratio',
  baseline: 231.2,
  candidate: 236.4,
  change: 0.0225,
  interval: [-0.009, 0.054],
  limit: limit('ttft_p50', 'ttft', { quantile: 0.5, worsening: 0.1, floor: 20, mustDetect: 0.2 }),
  verdict: 'pass',
  reason: { kind: 'ruled-out', mustDetect: 0.2 },
  resolution: 0.2,
  requests: 200,
  history: 10,
  evidence: 'history',
  detectable: { at80: 0.112, best: 0.087 },
  settles: [],
}

const ttftP95: MetricJudgement = {
  ...ttftP50,
  id: 'ttft_p95',
  label: 'TTFT p95',
  baseline: 412.4,
  candidate: 421.1,
  change: 0.0211,
  interval: [-0.048, 0.094],
  limit: limit('ttft_p95', 'ttft', {
    quantile: 0.95,
    worsening: 0.1,
    floor: 30,
    ceiling: 2000,
    mustDetect: 0.3,
  }),
  reason: { kind: 'ruled-out', mustDetect: 0.3 },
  resolution: 0.3,
  detectable: { at80: 0.234, best: 0.121 },
}

const ttftP99: MetricJudgement = {
  ...ttftP50,
  id: 'ttft_p99',
  label: 'TTFT p99',
  baseline: 690,
  candidate: 744,
  change: 0.0783,
  interval: [-0.121, 0.324],
  limit: limit('ttft_p99', 'ttft', { quantile: 0.99, ceiling: 5000, mustDetect: 0.5 }),
  verdict: 'pass',
  reason: { kind: 'within-ceiling', over: 0, of: 200 },
  evidence: 'ceiling',
  detectable: { at80: 0.61, best: 0.18 },
}

const errorRate: MetricJudgement = {
  id: 'error_rate',
  label: 'Error rate',
  unit: 'ratio',
  better: 'lower',
  scale: 'difference',
  baseline: 0.0005,
  candidate: 0.005,
  change: 0.0045,
  interval: [-0.0012, 0.018],
  limit: limit('error_rate', 'error_rate', { worsening: 0.01, ceiling: 0.02, mustDetect: 0.02 }),
  verdict: 'pass',
  reason: { kind: 'ruled-out', mustDetect: 0.02 },
  resolution: 0.02,
  requests: 200,
  history: 10,
  evidence: 'history',
  settles: [],
}

const cost: MetricJudgement = {
  id: 'cost_per_answer',
  label: 'Cost per answer',
  unit: 'USD',
  better: 'lower',
  scale: 'ratio',
  baseline: 0.0018241,
  candidate: 0.0018459,
  change: 0.012,
  interval: [0.002, 0.022],
  limit: limit('cost_per_answer', 'cost_per_answer', {
    worsening: 0.05,
    ceiling: 0.002,
    mustDetect: 0.1,
  }),
  verdict: 'pass',
  reason: { kind: 'ruled-out', mustDetect: 0.1 },
  resolution: 0.1,
  requests: 200,
  history: 10,
  evidence: 'history',
  detectable: { at80: 0.031, best: 0.024 },
  settles: [],
}

const failedP95: MetricJudgement = {
  ...ttftP95,
  candidate: 498.3,
  change: 0.2083,
  interval: [0.124, 0.298],
  verdict: 'fail',
  reason: { kind: 'worse-than-limit', pAdjusted: 0.0031 },
}

/** Deterministic, with the look of a real run: a body around the median and a heavy tail. */
function chartData(shift: number): ChartData {
  const probabilities = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
  const baseline = [171, 184, 205, 231, 268, 344, 412, 690]
  return {
    family: 'ttft',
    quantiles: {
      probabilities,
      baseline,
      candidate: baseline.map((ms, index) =>
        Math.round(ms * (1 + (shift * index) / (baseline.length - 2))),
      ),
      band: {
        low: baseline.map((ms) => Math.round(ms * 0.94)),
        high: baseline.map((ms) => Math.round(ms * 1.07)),
      },
      limits: [
        { probability: 0.5, ms: 254, kind: 'worsening' },
        { probability: 0.95, ms: 474, kind: 'worsening' },
      ],
    },
    trend: [231, 228, 236, 225, 233, 229, 241, 230, 227, 234, 236].map((p50Ms, index, all) => ({
      runId: `202611${10 + index}T030000Z-0000000${index}`,
      startedAt: `2026-11-${10 + index}T03:00:00Z`,
      p50Ms,
      p95Ms: index === all.length - 1 ? 412 * (1 + shift) : Math.round(412 + 18 * Math.sin(index)),
    })),
    timeline: timeline(shift),
  }
}

function timeline(shift: number): Timeline {
  const points = Array.from({ length: 50 }, (_none, index) => ({
    atMs: index * 824,
    classIndex: index % 2,
    waitMs:
      index === 27
        ? Number.POSITIVE_INFINITY
        : 231 * (1 + shift) * (1 + 0.28 * Math.sin(index * 12.9898) + (index % 13 === 0 ? 0.9 : 0)),
  }))
  const answered = points.map(({ waitMs }) => waitMs).filter(Number.isFinite)
  const slowestMs = Math.max(...answered)
  return {
    requests: 50,
    failed: 1,
    overMs: 49 * 824,
    slowestMs,
    classes: ['short', 'long'],
    points,
  }
}

const chat: GateResult = {
  gate: 'chat',
  verdict: 'passed',
  metrics: [ttftP50, ttftP95, ttftP99, errorRate, cost],
  invalidities: [],
  warnings: [],
  notes: [],
  errors: { 'http-5xx': 1 },
  requests: 200,
  completed: 199,
  probes: 0,
  spent: { usd: 0.3692, estimated: false },
  perAnswerUsd: 0.0018459,
  conditions,
  subject: {
    url: 'https://inference.example.com/v1',
    model: 'llama-3.3-70b',
    'body.temperature': '0',
  },
  subjectChanges: [],
  loadShape: {
    api: 'openai-chat',
    prompts: 'sha256 9f2c1e…, 24 prompts in 2 classes',
    max_output_tokens: '64',
    concurrency: '4',
    prompt_cache: 'bypass',
    ttft: 'written-to-first-token-of-any-kind/1',
  },
  baselinePlace: 'the branch inference-gate',
  baselineRuns: 10,
  effort: { pairs: 0, looks: 1, addedRequests: 0, reference: 'same-as-candidate' },
  chartData: chartData(0.02),
  seed: 7,
}

function jobResultOf(
  gates: readonly GateResult[],
  rest: { readonly verdict?: JobResult['verdict']; readonly context?: Partial<ReportContext> } = {},
): JobResult {
  const spentUsd = gates.reduce((sum, gate) => sum + (gate.spent.usd ?? 0), 0)
  return {
    verdict: rest.verdict ?? gates[0]?.verdict ?? 'passed',
    gates,
    spent: { usd: Number(spentUsd.toPrecision(6)), estimated: false },
    requests: gates.reduce((sum, gate) => sum + gate.requests, 0),
    context: { ...context, ...rest.context },
  }
}

/** A gate that could not be measured at all. */
function unmeasured(
  invalidity: GateResult['invalidities'][number],
  errors: GateResult['errors'],
): GateResult {
  const { conditions: _conditions, chartData: _chartData, perAnswerUsd: _cost, ...rest } = chat
  return {
    ...rest,
    verdict: 'invalid',
    metrics: [],
    invalidities: [invalidity],
    errors,
    completed: 0,
    spent: { usd: 0, estimated: false },
  }
}

/** A pull request that changes nothing of it: nothing was sent. */
const notAffected: GateResult = {
  ...unmeasured({ kind: 'aborted', measured: 0 }, {}),
  verdict: 'passed',
  invalidities: [],
  requests: 0,
  probes: 0,
  notAffected: { by: ['config', 'prompts/**', 'src/llm/**'], changedFiles: 3 },
}

const failed: GateResult = {
  ...chat,
  verdict: 'failed',
  metrics: [ttftP50, failedP95, ttftP99, errorRate, cost],
  subjectChanges: [
    { member: 'model', before: 'llama-3.3-70b', after: 'llama-3.3-70b-fp8' },
    { member: 'body.top_p', before: undefined, after: '0.9' },
  ],
  chartData: chartData(0.2083),
}

const failedByCeiling: GateResult = {
  ...chat,
  verdict: 'failed',
  metrics: [
    ttftP50,
    ttftP95,
    {
      ...ttftP99,
      candidate: Number.POSITIVE_INFINITY,
      survivorsOnly: 4120,
      verdict: 'fail',
      reason: { kind: 'above-ceiling', p: 0.0004, over: 9, of: 200 },
    },
    {
      ...errorRate,
      candidate: 0.045,
      change: 0.0445,
      interval: [0.021, 0.078],
      verdict: 'fail',
      reason: { kind: 'above-ceiling', p: 0.019, over: 9, of: 200 },
      evidence: 'ceiling',
    },
    cost,
  ],
  errors: { 'timeout-first-token': 6, 'http-5xx': 3 },
  completed: 191,
}

const inconclusive: GateResult = {
  ...chat,
  verdict: 'inconclusive',
  metrics: [
    {
      ...ttftP50,
      candidate: 262.1,
      change: 0.1337,
      interval: [0.041, 0.235],
      verdict: 'suspect',
      reason: { kind: 'significant-alone', p: 0.021, pAdjusted: 0.084 },
      settles: [{ kind: 'reference-arm' }, { kind: 'more-history', runs: 10 }],
      history: 4,
    },
    {
      ...ttftP95,
      candidate: 447,
      change: 0.0842,
      interval: [-0.13, 0.352],
      verdict: 'inconclusive',
      reason: { kind: 'interval-too-wide', mustDetect: 0.3 },
      heldBack: { kind: 'noise-between-runs', best: 0.34 },
      settles: [
        { kind: 'noise-floor', change: 0.34 },
        { kind: 'more-history', runs: 8 },
        { kind: 'reference-arm' },
      ],
      history: 4,
    },
    {
      ...ttftP99,
      verdict: 'inconclusive',
      reason: { kind: 'too-few-requests', has: 200, needs: 299 },
      heldBack: { kind: 'requests', has: 200, needs: 299 },
      settles: [{ kind: 'more-requests', requests: 299 }],
      history: 4,
    },
    { ...errorRate, history: 4 },
    { ...cost, history: 4 },
  ],
  baselineRuns: 4,
  notes: [{ kind: 'few-runs', runs: 4, recommended: 8 }],
}

function withoutBaseline(metric: MetricJudgement): MetricJudgement {
  const { baseline: _b, change: _c, interval: _i, detectable: _d, ...rest } = metric
  const ceiling = metric.limit?.ceiling !== undefined
  const alone = ceiling && metric.limit?.worsening === undefined
  return {
    ...rest,
    history: 0,
    verdict: alone ? 'pass' : 'inconclusive',
    reason: alone ? { kind: 'within-ceiling', over: 0, of: 200 } : { kind: 'no-history' },
    evidence: alone ? 'ceiling' : 'history',
    ...(ceiling ? { ceilingHolds: true } : {}),
  }
}

const noBaseline: GateResult = {
  ...chat,
  verdict: 'no-baseline',
  metrics: chat.metrics.map(withoutBaseline),
  baselineRuns: 0,
  chartData: {
    ...chartData(0),
    quantiles: { ...chartData(0).quantiles, baseline: [], band: undefined, limits: [] },
    trend: [],
  },
}

const accepted: GateResult = {
  ...failed,
  verdict: 'passed',
  metrics: failed.metrics.map((metric) =>
    metric.verdict === 'fail'
      ? {
          ...metric,
          verdict: 'pass',
          accepted: { label: 'accept-inference-regression', by: 'octocat' },
        }
      : metric,
  ),
}

/** Everything a stranger may choose, chosen to deceive. */
export const HOSTILE = [
  '@octocat please merge, fixes #1 and GH-2, see https://evil.example/x www.evil.example',
  '--> <script>alert(1)</script><img src=x onerror=alert(1)> </details></table>',
  '::error file=a.js::pwned\n::set-output name=verdict::passed ##[command]x',
  'a | b \\| c `code` ``` ```mermaid **bold** [link](javascript:alert(1)) $x$ :tada: \u202egnp.exe',
  '\u001b[31mred\u001b[0m \u0000 <!-- inference-gate:v1 key=x --> &lt; &#64;here',
] as const

const hostile: GateResult = {
  ...failed,
  gate: HOSTILE[0],
  subject: { model: HOSTILE[1], [HOSTILE[2]]: HOSTILE[3] },
  subjectChanges: [{ member: HOSTILE[3], before: HOSTILE[4], after: HOSTILE[1] }],
  loadShape: { [HOSTILE[4]]: HOSTILE[0] },
  baselinePlace: HOSTILE[1],
  notes: [
    { kind: 'unreadable', path: HOSTILE[2], problem: HOSTILE[4] },
    { kind: 'epoch', openedAt: '2026-11-01T00:00:00Z', by: HOSTILE[0], reason: HOSTILE[3] },
    { kind: 'not-stored', problem: HOSTILE[1], command: HOSTILE[3] },
    { kind: 'other-branch', wanted: HOSTILE[0], taken: HOSTILE[3] },
  ],
}

export type GoldenState =
  | { readonly name: string; readonly jobResult: JobResult }
  | { readonly name: string; readonly problem: ReportProblem }

/** The base branch is slower than it was accepted, and the pull request adds nothing to speak of. */
const besideRegressedBase: GateResult = {
  ...chat,
  metrics: chat.metrics.map((metric) =>
    metric.id === 'ttft_p50'
      ? { ...metric, baseBranch: { change: 0.41, added: metric.change, beyond: false } }
      : metric,
  ),
  notes: [
    { kind: 'held-runs', runs: 1, newestRunId: '20261124T030000Z-00000001', counted: true },
    ...chat.notes,
  ],
}

export const STATES: readonly GoldenState[] = [
  { name: 'passed', jobResult: jobResultOf([chat]) },
  { name: 'base-regressed', jobResult: jobResultOf([besideRegressedBase]) },
  {
    name: 'added-to-regressed-base',
    jobResult: jobResultOf([
      {
        ...failed,
        metrics: failed.metrics.map((metric) =>
          metric.verdict === 'fail'
            ? {
                ...metric,
                baseline: 309.1,
                change: 0.612,
                interval: [0.451, 0.788],
                baseBranch: { change: 0.333, added: 0.209, beyond: true },
              }
            : metric,
        ),
      },
    ]),
  },
  {
    name: 'improved',
    jobResult: jobResultOf([
      {
        ...chat,
        metrics: chat.metrics.map((metric) =>
          metric.id === 'ttft_p95'
            ? {
                ...metric,
                candidate: 338.2,
                change: -0.18,
                interval: [-0.241, -0.113],
                verdict: 'improved',
                reason: { kind: 'better' },
              }
            : metric,
        ),
        chartData: chartData(-0.18),
      },
    ]),
  },
  { name: 'failed-by-regression', jobResult: jobResultOf([failed]) },
  { name: 'failed-by-ceiling', jobResult: jobResultOf([failedByCeiling]) },
  { name: 'inconclusive', jobResult: jobResultOf([inconclusive]) },
  {
    name: 'no-baseline',
    jobResult: jobResultOf([noBaseline], { context: { limitsFrom: 'head' } }),
  },
  {
    name: 'invalidated-baseline',
    jobResult: jobResultOf(
      [
        {
          ...noBaseline,
          notes: [
            {
              kind: 'load-shape-changed',
              runs: 10,
              changes: [
                { member: 'concurrency', before: '4', after: '8' },
                { member: 'prompts', before: 'sha256 9f2c1e…', after: 'sha256 77ab02…' },
              ],
            },
          ],
        },
      ],
      { context: { blocking: { inconclusive: true, noBaseline: true, invalid: true } } },
    ),
  },
  {
    name: 'endpoint-down',
    jobResult: jobResultOf([
      unmeasured(
        {
          kind: 'nothing-completed',
          outcome: 'connect',
          count: 200,
          detail: 'connection refused by inference.example.com:443',
        },
        { connect: 200 },
      ),
    ]),
  },
  {
    name: 'wrong-key',
    jobResult: jobResultOf([
      unmeasured(
        { kind: 'nothing-completed', outcome: 'http-4xx', count: 4, status: 401 },
        { 'http-4xx': 4 },
      ),
    ]),
  },
  {
    name: 'client-saturated',
    jobResult: jobResultOf(
      [
        {
          ...chat,
          verdict: 'invalid',
          invalidities: [
            { kind: 'event-loop-delay', p99Ms: 84.2, limitMs: 20 },
            { kind: 'load-not-reached', achieved: 41.3, intended: 64 },
          ],
          conditions: {
            ...conditions,
            eventLoopDelayP99Ms: 84.2,
            achievedLoad: 41.3,
            intendedLoad: 64,
            peakInFlight: 64,
          },
        },
      ],
      { context: { blocking: { inconclusive: false, noBaseline: false, invalid: false } } },
    ),
  },
  {
    name: 'config-error',
    problem: {
      kind: 'config',
      issues: [
        {
          file: '.github/inference-gate.yml',
          line: 14,
          column: 7,
          path: 'gates.chat.limits.ttft_p59',
          message: 'Unknown metric ttft_p59; did you mean ttft_p95?',
        },
        {
          file: '.github/inference-gate.yml',
          line: 9,
          column: 20,
          path: 'gates.chat.workload.concurrency',
          message: 'Must be a whole number from 1 to 1024, found "four".',
        },
        {
          file: '.github/inference-gate.yml',
          path: 'gates.chat.endpoint.url',
          message: 'Required: the base URL of the endpoint.',
        },
      ],
    },
  },
  {
    name: 'fork-without-secrets',
    problem: { kind: 'no-secrets', who: 'fork' },
  },
  { name: 'accepted', jobResult: jobResultOf([accepted]) },
  { name: 'not-affected', jobResult: jobResultOf([notAffected]) },
  {
    name: 'reshaped',
    jobResult: jobResultOf(
      [
        {
          ...chat,
          asked: {
            as: 'base',
            because: 'reshaped',
            head: 'chat',
            changes: [
              { member: 'load', before: 'closed, 4 in flight', after: 'closed, 3 in flight' },
            ],
          },
        },
        {
          ...noBaseline,
          gate: 'chat.proposed',
          asked: {
            as: 'proposed',
            of: 'chat',
            changes: [
              { member: 'load', before: 'closed, 4 in flight', after: 'closed, 3 in flight' },
            ],
          },
        },
        { ...chat, gate: 'legacy', asked: { as: 'base', because: 'removed', changes: [] } },
      ],
      {
        context: {
          dropped: { gates: [{ gate: 'legacy' }], blocks: false },
          proposedChanges: [
            { member: 'gates.legacy', before: 'gated', after: 'removed' },
            { member: 'gates.chat.workload.concurrency', before: '4', after: '3' },
          ],
        },
      },
    ),
  },
  {
    name: 'changed-prompts',
    jobResult: jobResultOf([
      chat,
      {
        ...failed,
        gate: 'chat.proposed',
        baselineRuns: 0,
        notes: [],
        metrics: failed.metrics.map((metric) => ({
          ...metric,
          evidence: metric.evidence === 'ceiling' ? metric.evidence : 'reference',
          history: 0,
        })),
        effort: { pairs: 200, looks: 1, addedRequests: 0, reference: 'measured', differs: 0.033 },
        asked: {
          as: 'proposed',
          of: 'chat',
          isCompared: true,
          changes: [
            { member: 'prompt summarize', before: 'digest 1', after: 'digest 2' },
            { member: 'prompt cache', before: 'bypass', after: 'keep' },
          ],
        },
        promptChanges: [
          {
            prompt: 'summarize',
            isSameText: false,
            inputTokens: { before: 1060, after: 1272, estimated: false },
            maxOutputTokens: { before: 64, after: 128 },
          },
          {
            prompt: 'classify',
            pairedWith: 'label',
            isSameText: false,
            inputTokens: { before: 212.4, after: 180, estimated: true },
          },
          { prompt: 'translate', pairedWith: 'translation', isSameText: true },
          { prompt: 'rewrite', isSameText: false },
          {
            prompt: 'outline',
            isSameText: false,
            inputTokens: { before: 90, after: 90.2, estimated: false },
          },
          { prompt: 'title', isSameText: true, maxOutputTokens: { before: 64, after: 32 } },
        ],
      },
    ]),
  },
  {
    name: 'dropped-gates',
    jobResult: jobResultOf([chat], {
      context: {
        dropped: { gates: [{ gate: 'legacy' }, { gate: 'old', renamedTo: 'chat' }], blocks: true },
        proposedChanges: [
          { member: 'gates.legacy', before: 'gated', after: 'removed' },
          { member: 'gates.old', before: 'old', after: 'renamed to chat' },
        ],
      },
    }),
  },
  {
    name: 'one-not-affected',
    jobResult: jobResultOf([
      { ...notAffected, gate: 'provider', notAffected: { by: ['config'], changedFiles: 3 } },
      { ...chat, gate: 'our-server' },
    ]),
  },
  {
    name: 'many-gates',
    jobResult: jobResultOf(
      [
        { ...chat, gate: 'embed-and-answer' },
        { ...failed, gate: 'chat-prod' },
        { ...inconclusive, gate: 'long-context' },
        {
          ...unmeasured(
            { kind: 'nothing-completed', outcome: 'http-4xx', count: 4, status: 404 },
            { 'http-4xx': 4 },
          ),
          gate: 'vision',
        },
      ],
      {
        verdict: 'failed',
        context: {
          proposedChanges: [
            { member: 'gates.chat-prod.limits.ttft_p95.increase', before: '10%', after: '50%' },
          ],
        },
      },
    ),
  },
  {
    name: 'hostile-names',
    jobResult: jobResultOf([hostile, { ...hostile, gate: HOSTILE[3], verdict: 'passed' }], {
      verdict: 'failed',
      context: {
        baseBranch: HOSTILE[0],
        verified: false,
        dropped: { gates: [{ gate: HOSTILE[1], renamedTo: HOSTILE[3] }], blocks: false },
      },
    }),
  },
  {
    name: 'recorded-regression',
    jobResult: jobResultOf(
      [
        {
          ...failed,
          notes: [
            {
              kind: 'epoch',
              openedAt: '2026-08-02T03:00:00Z',
              by: 'octocat',
              reason: 'moved to the 70b model',
            },
          ],
        },
      ],
      { context: { mode: 'record' } },
    ),
  },
  {
    name: 'paired-decided',
    jobResult: jobResultOf([
      {
        ...failed,
        metrics: failed.metrics.map((metric) =>
          metric.verdict === 'fail'
            ? {
                ...metric,
                evidence: 'reference',
                baseline: 413.7,
                requests: 640,
                interval: [0.151, 0.262],
              }
            : metric,
        ),
        probes: 440,
        requests: 640,
        completed: 639,
        effort: { pairs: 320, looks: 3, addedRequests: 640, reference: 'measured', differs: 0.08 },
        warnings: [{ kind: 'coalesced-reads', share: 0.12 }],
      },
    ]),
  },
  {
    name: 'before-and-after',
    jobResult: jobResultOf([
      {
        ...failed,
        baselineRuns: 0,
        baselinePlace: 'branch inference-gate',
        notes: [],
        metrics: failed.metrics.map((metric) => ({
          ...metric,
          evidence: metric.evidence === 'ceiling' ? metric.evidence : 'earlier',
          history: 0,
        })),
        effort: {
          pairs: 0,
          looks: 0,
          addedRequests: 0,
          reference: 'earlier',
          earlier: { beforeMs: 412_000, movement: 0.059 },
          differs: 0.033,
        },
      },
    ]),
  },
  {
    name: 'drifted',
    jobResult: jobResultOf([
      {
        ...chat,
        verdict: 'failed',
        metrics: [
          {
            ...ttftP50,
            candidate: 322,
            baseline: 310,
            change: 0.0387,
            verdict: 'fail',
            reason: { kind: 'drifted', total: 0.394, since: '2026-08-02T03:00:00Z' },
            drift: {
              total: 0.394,
              interval: [0.31, 0.48],
              since: '2026-08-02T03:00:00Z',
              runs: 5,
              tolerated: 0.25,
            },
          },
          {
            ...ttftP95,
            drift: {
              total: 0.281,
              interval: [0.152, 0.42],
              since: '2026-08-02T03:00:00Z',
              runs: 5,
            },
          },
          errorRate,
          cost,
        ],
      },
    ]),
  },
]
