// A run in which nothing is absent: every member that a run file can hold, every kind of reason and warning.

import type { RequestRecord } from '../../../src/model/request-record.ts'
import type { Run } from '../../../src/model/run.ts'
import { sampleRun } from '../../baseline-samples.ts'
import { INVALIDITIES, WARNINGS } from '../../report/every-kind.ts'

export const FULL_RECORD: RequestRecord = {
  index: 4,
  arm: 'reference',
  kind: 'probe',
  prompt: 'p "quoted"',
  promptClass: 'long',
  pair: 2,
  conversation: 1,
  turn: 2,
  intendedMs: 11.5,
  startedMs: 12.25,
  sentMs: 12.5,
  headersMs: 20,
  firstTokenMs: 21,
  firstOutputTokenMs: 22,
  lastTokenMs: 23,
  endMs: 24,
  gapsMs: [1, 2.5],
  tokenEvents: 3,
  tokenReads: 2,
  items: 3,
  outcome: 'rate-limited',
  finish: 'other',
  status: 429,
  detail: 'slow down',
  validity: 'regex',
  retryAfterS: 1.5,
  gateway: { upstreamMs: 1.5, queueMs: 2, prefillMs: 3, requestsLeft: 9, fromCache: true },
  usage: {
    source: 'estimated',
    inputTokens: 10,
    cachedInputTokens: 3,
    outputTokens: 2,
    reasoningTokens: 1,
  },
  inputCharacters: 55,
  outputCharacters: 9,
  freshConnection: true,
  dnsMs: 1,
  tcpMs: 2,
  tlsMs: 3.5,
  maxOutputTokens: 1,
}

const TALLY = { sum: 1.5, count: 4 }

export function fullRun(): Run {
  const sample = sampleRun({ requests: 2, tokens: 3 })
  const { 'not-reported': _, ...ofRuns } = INVALIDITIES
  return {
    ...sample,
    arm: 'reference',
    provenance: {
      ...sample.provenance,
      config: 'gate.yml',
      inputs: { model: 'm', api: 'openai-chat', limits: '', requests: '3' },
      merged: { pullRequest: 4, difference: 0.1, error: 0.2 },
    },
    conditions: {
      ...sample.conditions,
      unwarmedConnections: 1,
      ttftFromIntendedP50Ms: 1,
      ttftFromIntendedP99Ms: 2,
      readyAfterMs: 3,
      coldStartMs: 4,
      warmupFirstMs: 5,
      warmupLastMs: 6,
    },
    invalidities: [
      ...Object.values(ofRuns),
      {
        ...INVALIDITIES['nothing-completed'],
        detail: 'no such host',
        proxy: 'http://proxy.example.com:3128',
        login: 'aws',
      },
    ],
    warnings: [
      ...Object.values(WARNINGS),
      { kind: 'unsettled', arm: 'reference', requests: 1, firstMs: 2, lastMs: 1 },
      { kind: 'rate-limited', requests: 4, retryAfterS: 20 },
    ],
    spent: { usd: 1, reason: 'usage-unknown', estimated: true },
    costUnknown: 'no-prices',
    unknowns: [{ family: 'itl', what: 'gaps between tokens' }],
    mergedFrom: [sample.id],
    expectation: 'abc',
    costPer: 'valid-answer',
    invalidAnswers: [{ kind: 'regex', prompt: 'p', problem: 'no match', begins: 'Sorry' }],
    serverMetrics: {
      engine: 'vllm',
      readings: [
        { atMs: -3, running: 0, waiting: 0 },
        {
          atMs: 1001,
          opens: true,
          running: 4,
          waiting: 7,
          kvCacheUse: 0.25,
          queueMs: TALLY,
          prefillMs: TALLY,
          prefixHits: TALLY,
          preemptions: 1,
        },
      ],
    },
    records: [FULL_RECORD, ...sample.records],
    costsUsd: [1, 2, 3],
  }
}
