// One of every kind that the engine can hand to a report. A kind that is missing here does not
// compile, so no kind is ever without its sentence and its place in the schema.

import type { Attribution } from '../../src/model/attribution.ts'
import type { BaselineNote } from '../../src/model/history.ts'
import type { Invalidity, RunWarning } from '../../src/model/run.ts'
import type { HeldBack, Reason, Settlement } from '../../src/model/verdict.ts'

type ByKind<Union extends { kind: string }> = {
  readonly [Kind in Union['kind']]: Extract<Union, { kind: Kind }>
}

export const REASONS: ByKind<Reason> = {
  'worse-than-limit': { kind: 'worse-than-limit', pAdjusted: 0.01 },
  'above-ceiling': { kind: 'above-ceiling', p: 0.01, over: 9, of: 200 },
  'failures-beyond-quantile': { kind: 'failures-beyond-quantile', failed: 9, of: 200, p: 0.01 },
  drifted: { kind: 'drifted', total: 0.4, since: '2026-08-02T03:00:00Z' },
  'significant-alone': { kind: 'significant-alone', p: 0.03, pAdjusted: 0.1 },
  'not-confirmed': { kind: 'not-confirmed', first: 0.62, second: 0.03 },
  'ruled-out': { kind: 'ruled-out', mustDetect: 0.2 },
  'within-ceiling': { kind: 'within-ceiling', over: 0, of: 200 },
  better: { kind: 'better' },
  'too-few-requests': { kind: 'too-few-requests', has: 20, needs: 59 },
  'interval-too-wide': { kind: 'interval-too-wide', mustDetect: 0.2 },
  'no-history': { kind: 'no-history' },
  'ceiling-open': { kind: 'ceiling-open', over: 1, of: 100, needs: 299 },
  'failures-hide-quantile': { kind: 'failures-hide-quantile', failed: 20, of: 200 },
  'history-unusable': { kind: 'history-unusable', problem: 'one run' },
  'no-samples': { kind: 'no-samples' },
  'not-shown': { kind: 'not-shown' },
  'not-exported': { kind: 'not-exported' },
  'no-limit': { kind: 'no-limit' },
  'invalid-run': { kind: 'invalid-run' },
  'no-prices': { kind: 'no-prices' },
  'usage-unknown': { kind: 'usage-unknown' },
  free: { kind: 'free' },
  'unknown-in-import': { kind: 'unknown-in-import', what: 'prices' },
}

export const SETTLEMENTS: ByKind<Settlement> = {
  'more-requests': { kind: 'more-requests', requests: 600 },
  'more-history': { kind: 'more-history', runs: 8 },
  'more-pairs': { kind: 'more-pairs', pairs: 400 },
  'reference-arm': { kind: 'reference-arm' },
  'noise-floor': { kind: 'noise-floor', change: 0.12 },
}

export const HELD_BACK: ByKind<HeldBack> = {
  floor: { kind: 'floor', floor: 20, stated: 0.1, asChange: 0.3966 },
  limit: { kind: 'limit' },
  'noise-between-runs': { kind: 'noise-between-runs', best: 0.241 },
  requests: { kind: 'requests', has: 200, needs: 605 },
  blind: { kind: 'blind', hides: 1.437 },
}

export const INVALIDITIES: ByKind<Invalidity> = {
  'event-loop-delay': { kind: 'event-loop-delay', p99Ms: 84, limitMs: 20 },
  'send-lateness': { kind: 'send-lateness', p99Ms: 84, limitMs: 20 },
  'load-not-reached': { kind: 'load-not-reached', achieved: 40, intended: 64 },
  'fresh-connections': { kind: 'fresh-connections', share: 0.4, limit: 0.05 },
  'clock-stepped': { kind: 'clock-stepped', driftMs: 800 },
  'too-many-in-flight': { kind: 'too-many-in-flight', limit: 1024, asked: 41.2, answered: 23 },
  'nothing-completed': { kind: 'nothing-completed', outcome: 'http-4xx', count: 4, status: 401 },
  budget: { kind: 'budget', what: 'cost', allowed: 1, needed: 2, measured: 10 },
  aborted: { kind: 'aborted', measured: 12 },
  'not-reported': { kind: 'not-reported', what: 'gate' },
  'not-ready': { kind: 'not-ready', waitedMs: 600_000, looks: 281, last: 'HTTP 503 at /health' },
}

export const WARNINGS: ByKind<RunWarning> = {
  'output-tokens-ignored': { kind: 'output-tokens-ignored', asked: 64, got: 900 },
  'usage-disagrees': { kind: 'usage-disagrees', server: 64, counted: 90 },
  'usage-missing': { kind: 'usage-missing', requests: 3 },
  'probes-disagree': { kind: 'probes-disagree', ratio: 0.8, low: 0.7, high: 0.9 },
  'budget-shortened': { kind: 'budget-shortened', what: 'duration', measured: 90, planned: 200 },
  'client-late': { kind: 'client-late', p99Ms: 54, medianMs: 300 },
  'coalesced-reads': { kind: 'coalesced-reads', share: 0.3 },
  'probes-empty': { kind: 'probes-empty', empty: 20, probes: 200 },
  'server-closes-connections': { kind: 'server-closes-connections', share: 1 },
  'rate-limited': { kind: 'rate-limited', requests: 4, retryAfterS: 20 },
  'metrics-unread': { kind: 'metrics-unread', problem: 'answers with HTTP 404' },
  unsettled: { kind: 'unsettled', requests: 52, firstMs: 5200, lastMs: 1400 },
  'measured-again': { kind: 'measured-again', because: 'refused', outcome: 'sound' },
  'answers-from-cache': { kind: 'answers-from-cache', cached: 12, answers: 200 },
  'answers-unchecked': { kind: 'answers-unchecked', unchecked: 3, answers: 200 },
  imported: { kind: 'imported', by: 'GuideLLM 0.8', ttft: 'from here to there' },
}

export const NOTES: ByKind<BaselineNote> = {
  unreadable: { kind: 'unreadable', path: 'runs/x.json', problem: 'is empty' },
  'other-branch': { kind: 'other-branch', wanted: 'release', taken: 'main' },
  'after-merge-base': { kind: 'after-merge-base', mergeBase: 'a1b2c3d4', runs: 2 },
  'load-shape-changed': {
    kind: 'load-shape-changed',
    changes: [{ member: 'a', before: '1', after: '2' }],
    runs: 3,
  },
  'other-config': { kind: 'other-config', runs: 3, configs: ['services/b/gate.yml'] },
  'too-old': { kind: 'too-old', runs: 3, maxAgeMs: 2_592_000_000 },
  'few-runs': { kind: 'few-runs', runs: 3, recommended: 8 },
  'held-runs': { kind: 'held-runs', runs: 1, newestRunId: '20261124T030000Z-00000001' },
  'regressed-between': {
    kind: 'regressed-between',
    lastGood: { runId: '20261124T030000Z-00000001', commit: 'a1b2c3d4e5' },
    firstBad: { runId: '20261125T030000Z-00000002', commit: 'f6a7b8c9d0' },
  },
  epoch: { kind: 'epoch', openedAt: '2026-11-01T00:00:00Z', by: 'octocat', reason: 'new model' },
  'not-stored': { kind: 'not-stored', problem: 'push refused', command: 'inference-gate merge' },
  likeness: { kind: 'likeness', own: 0.95, spread: 0.021 },
  'hour-missing': { kind: 'hour-missing', hour: 14 },
  'level-stepped': {
    kind: 'level-stepped',
    change: 0.22,
    since: '2026-11-03T03:00:00Z',
    lastBefore: 'a1b2c3d4',
    first: 'b2c3d4e5',
  },
}

export const ATTRIBUTIONS: readonly Attribution[] = [
  {
    kind: 'queue',
    partMs: 160,
    interval: [141, 179],
    wholeMs: 180,
    estimated: false,
    waiting: { from: 0, to: 7 },
    kvCacheUse: { from: 0.61, to: 0.97 },
  },
  {
    kind: 'queue',
    partMs: 1600,
    interval: [1100, 2100],
    wholeMs: 1900,
    estimated: true,
    waiting: { from: 0.5, to: 7 },
  },
  {
    kind: 'queue',
    partMs: 1600,
    interval: [1100, 2100],
    wholeMs: 900,
    estimated: true,
    waiting: { from: 0, to: 7 },
  },
  { kind: 'queue', partMs: 310, interval: [270, 351], wholeMs: 305, estimated: false },
  { kind: 'gateway', partMs: 40, interval: [35, 45], wholeMs: 41 },
  { kind: 'prefill', partMs: 40, interval: [35, 45], wholeMs: 41, estimated: false },
  { kind: 'one-class', promptClass: 'code', change: 0.6, interval: [0.5, 0.7] },
  { kind: 'long-prompts', fromTokens: 2100, change: 0.6, interval: [0.5, 0.7] },
  { kind: 'late', fromMs: 90_000, change: 0.31, interval: [0.2, 0.4] },
  {
    kind: 'longer-answers',
    tokens: { from: 24.1, to: 30 },
    partUsd: 0.0000144,
    interval: [0.000012, 0.000017],
    wholeUsd: 0.000016,
  },
]
