// One request, or a small plan, at an address: what the tests of a measurement have in common.

import type { MeasureOptions, Target } from '../../../src/measure/load/load.ts'
import { measure } from '../../../src/measure/load/load.ts'
import type { DialectName, Load, Timeouts } from '../../../src/model/config.ts'
import type { Measurement } from '../../../src/model/measurement.ts'
import type { Plan, PlannedRequest } from '../../../src/model/plan.ts'
import type { RequestRecord } from '../../../src/model/request-record.ts'

export const TIMEOUTS: Timeouts = {
  connectMs: 2000,
  firstTokenMs: 2000,
  idleMs: 2000,
  totalMs: 10_000,
}

export const AMPLE = { requests: 100_000, costUsd: 1000, durationMs: 600_000 }

export function target(url: string, api: DialectName = 'openai-chat'): Target {
  return { endpoint: { api, url, model: 'tiny', headers: {}, body: {} }, apiKey: 'sk-very-secret' }
}

export function request(index: number, change: Partial<PlannedRequest> = {}): PlannedRequest {
  return {
    index,
    arm: 'candidate',
    kind: 'answer',
    warmup: false,
    prompt: 'greeting',
    promptClass: 'short',
    messages: [{ role: 'user', content: 'Say something friendly.' }],
    maxOutputTokens: 4,
    ...change,
  }
}

export function plan(
  requests: readonly PlannedRequest[],
  change: { readonly load?: Load; readonly timeouts?: Partial<Timeouts> } = {},
): Plan {
  return {
    requests,
    load: change.load ?? { kind: 'closed', concurrency: 1 },
    maxClientDelayMs: 50,
    timeouts: { ...TIMEOUTS, ...change.timeouts },
    seed: 1,
  }
}

export function run(
  asked: Plan,
  url: string,
  change: Partial<MeasureOptions> = {},
): Promise<Measurement> {
  return measure(asked, { candidate: target(url) }, options(change))
}

export function options(change: Partial<MeasureOptions> = {}): MeasureOptions {
  return {
    signal: new AbortController().signal,
    allowance: AMPLE,
    recordSecrets: ['sk-very-secret'],
    ...change,
  }
}

/** The record of a single request. */
export async function askOnce(
  url: string,
  change: {
    readonly api?: DialectName
    readonly timeouts?: Partial<Timeouts>
    readonly request?: Partial<PlannedRequest>
  } = {},
): Promise<RequestRecord> {
  const asked = plan([request(0, change.request)], { timeouts: change.timeouts ?? {} })
  const targets = { candidate: target(url, change.api ?? 'openai-chat') }
  const measurement = await measure(asked, targets, options())
  const [record] = [...measurement.records, ...measurement.aborted]
  if (record === undefined) throw new Error('the measurement has no record')
  return record
}
