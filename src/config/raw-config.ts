// A configuration as it is written, once the schema has accepted it and filled in its defaults:
// quantities are still text. Only this folder sees it.

import type { Cloud } from '../model/cloud.ts'
import type { ArrivalProcess, DialectName } from '../model/config.ts'
import type { JsonValue } from '../model/json-value.ts'

export type RawAuth =
  | Cloud
  | 'none'
  | { cloud: Cloud | 'none'; region?: string; service?: string; scope?: string }

export type RawEndpoint = {
  api: DialectName
  url: string
  model: string
  auth: RawAuth
  headers: Record<string, string>
  body: Record<string, unknown>
  metrics?: { url: string }
  ready?: { url?: string; timeout: string }
  cold_start?: { idle: string }
}

export type RawMessage = { role: 'system' | 'user' | 'assistant'; content: string }

export type RawTurn = {
  role: 'system' | 'user' | 'tool'
  content: string
  /** Of the tool, needed there and nowhere else. */
  name?: string
  think_time?: string
  max_output_tokens?: number
  expect?: RawExpectation
}

export type RawPrompt = {
  name?: string
  class?: string
  weight?: number
  prompt?: string
  messages?: RawMessage[]
  turns?: (string | RawTurn)[]
  texts?: string[]
  query?: string
  documents?: string[]
  max_output_tokens?: number
  body?: Record<string, unknown>
  expect?: RawExpectation
}

/** At least one member. */
export type RawExpectation = {
  json_schema?: JsonValue
  regex?: string
  contains?: string | string[]
  min_tokens?: number
  tool?: string
}

export type RawSynthetic = { input_tokens: number; count: number; items?: number }

export type RawPrompts = string | (string | RawPrompt)[] | { synthetic: RawSynthetic }

export type RawArrivals = {
  rate?: string
  stages?: { rate: string; to?: string; for: string }[]
  process: ArrivalProcess
  burstiness?: number
  max_in_flight: number
}

export type RawTrace = { file: string; speed: number; max_in_flight: number }

export type RawTraceLine = {
  timestamp?: number
  time?: string
  input_length?: number
  input_tokens?: number
  output_length?: number
  output_tokens?: number
  hash_ids?: number[]
  prefix?: string
  prefix_tokens?: number
  class?: string
}

export type RawWorkload = {
  trace?: RawTrace
  prompts?: RawPrompts
  requests?: number
  probes?: number
  concurrency?: number
  arrivals?: RawArrivals
  warmup?: number
  max_output_tokens: number
  prompt_cache: 'bypass' | 'keep'
  timeouts: { connect: string; first_token: string; idle: string; total: string }
  max_client_delay: string
  seed: number
}

/** `decrease` and `minimum` where higher is better, `increase` and `ceiling` elsewhere. */
export type RawLimit = {
  increase?: string
  decrease?: string
  floor?: string | number
  ceiling?: string | number
  minimum?: string | number
  must_detect?: string
  drift?: string
}

/** One of the two shares: which, the metric says. */
export type RawCompare = { gate: string; metric: string; at_most?: string; at_least?: string }

export type RawPrices = {
  catalogue?: string
  input?: string
  cached_input?: string
  output?: string
  reasoning?: string
  per_request?: string
  gpu_hour?: string
  gpus?: number
  per?: 'answer' | 'valid_answer'
}

export type RawGate = {
  endpoint: RawEndpoint
  reference: 'base' | 'none' | (Partial<RawEndpoint> & { differs?: string })
  affected_by?: string[]
  workload: RawWorkload
  limits: Record<string, RawLimit | 'off'>
  compare?: RawCompare | RawCompare[]
  prices?: RawPrices
}

export type RawPolicy = {
  inconclusive: 'pass' | 'fail'
  no_baseline: 'pass' | 'fail'
  invalid: 'pass' | 'fail'
  no_secrets: 'pass' | 'fail'
  dropped_gate: 'pass' | 'fail'
  base_regressed: 'pass' | 'fail'
  accept_label: string
  allowed_hosts: string[]
  allowed_env: string[]
}

export type RawConfig = {
  version: 1
  gates: Record<string, RawGate>
  budget: { cost: string; duration: string; requests: number; in_flight?: number }
  confirm: 'none' | { after: string }
  baseline: { branch: string; keep: number; max_age: string }
  policy: RawPolicy
}
