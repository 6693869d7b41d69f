// The two files that `inference-gate init` writes: a configuration to grow from, and a workflow with
// least permissions, split so that only recording may write to the repository.

import { type DialectName, hasTokens } from '../model/config.ts'
import { waitFamily } from '../model/wait.ts'
import { CHECKOUT } from './pinned-actions.ts'

export type StarterOptions = {
  readonly url: string
  readonly model: string
  /** Default: openai-chat. */
  readonly api?: DialectName
  /** As written in a configuration: `$0.60/M`. Absent = cost is not gated, and the file says how. */
  readonly prices?: { readonly input: string; readonly output: string }
  /** The action as a workflow names it: `owner/repository@v1`. */
  readonly action: string
  /**
   * What of the repository can change the measurement, as in a configuration. Absent = not said:
   * every pull request is measured, and the file says how to spare those that change nothing.
   */
  readonly affectedBy?: readonly string[]
  /** The branch whose pushes record. Default: main. */
  readonly defaultBranch?: string
  /** The secret that holds the endpoint's key. Default: INFERENCE_API_KEY. */
  readonly secret?: string
}

export const STARTER_CONFIG = '.github/inference-gate.yml'
export const STARTER_WORKFLOW = '.github/workflows/inference-gate.yml'

const TOKENS = `      requests: 200         # full answers measured per run
      probes: 120           # requests that end at the first token: with them a p99 can be judged
      concurrency: 4        # requests in flight
      max_output_tokens: 64
`
const ITEMS = `      requests: 320         # answers measured per run: enough that a p99 can be judged
      concurrency: 4        # requests in flight
`

/** Values are quoted where YAML would read them otherwise; whether they make sense is not checked. */
export function writeStarterConfig(options: StarterOptions): string {
  const { url, model, api = 'openai-chat', prices, action, affectedBy } = options
  return `# yaml-language-server: $schema=${schemaUrl(action)}
# Every member and its default: ${pageUrl(action)}
gates:
  chat:
    endpoint:
      api: ${api}
      url: ${scalar(url)}
      model: ${scalar(model)}
${affectedText(affectedBy)}    workload:
${hasTokens(api) ? TOKENS : ITEMS}      # prompts: prompts/chat.jsonl   # your own, one a line; without it a built-in set
    limits:
      ${waitFamily(api)}_p50: {increase: 10%, floor: 20ms}
      ${waitFamily(api)}_p95: {increase: 15%, floor: 50ms}
      ${waitFamily(api)}_p99: {increase: 25%, floor: 100ms}
      error_rate: {increase: 1pp, ceiling: 5%}
${pricesText(prices)}
# Never exceeded, whatever happens. A run takes 324 requests; the rest is for measuring a fail once more
# and for a reference arm.
budget: {cost: $1.00, duration: 10m, requests: 2000}
`
}

function affectedText(affectedBy: StarterOptions['affectedBy']): string {
  if (affectedBy !== undefined) {
    return `    # A pull request that changes none of this cannot change what is measured: nothing is sent for it,
    # and the check passes. config is this gate's own endpoint, workload with its prompts, and prices.
    affected_by: [${affectedBy.map(scalar).join(', ')}]
`
  }
  return `    # Is the server not built or deployed from this repository (a provider's API, production)? Then
    # only what stands here can change what is measured; other pull requests send and pay nothing:
    # affected_by: [config]          # and paths, where code here has a part in it: 'src/llm/**'
`
}

function pricesText(prices: StarterOptions['prices']): string {
  if (prices === undefined) {
    return `    # With prices, cost per answer is gated as well:
    # prices: {input: $0.60/M, output: $2.40/M}   # or {catalogue: openai/gpt-4o-mini}
`
  }
  return `      cost_per_answer: {increase: 5%}
    prices: {input: ${scalar(prices.input)}, output: ${scalar(prices.output)}}
`
}

export function writeStarterWorkflow(options: StarterOptions): string {
  const { action, defaultBranch = 'main', secret = 'INFERENCE_API_KEY' } = options
  const key = '$'.concat(`{{ secrets.${secret} }}`)
  const step = `      - uses: ${CHECKOUT}
        with: {persist-credentials: false}
      - uses: ${action}
        with:
          api-key: ${key}
`
  return `# Judges pull requests by the baseline that pushes to ${defaultBranch} record.
# Store the endpoint's key as the repository secret ${secret}.
name: Inference Gate
on:
  pull_request:
  push:
    branches: [${scalar(defaultBranch)}]
  # By hand: records a run, or a whole baseline (times: 8), and with accept makes the run that was kept
  # apart the new baseline.
  workflow_dispatch:
    inputs:
      accept: {description: Accept the run as the new baseline, type: boolean, default: false}
      reason: {description: Why it is right (it is stored), type: string, default: ''}
      times: {description: 'How many runs to record, as 8 for a first baseline', type: string, default: '1'}
      every: {description: How often one of them begins, type: string, default: 1m}

permissions: {}

jobs:
  # Make this job a required check, and a regression blocks the merge.
  gate:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pull-requests: write
    steps:
${step}
  record:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: write
    steps:
${step}          times: ${inputOf('times')}
          every: ${inputOf('every')}
`
}

/** What a person gave who started the workflow; empty where an event did. */
function inputOf(name: string): string {
  return '$'.concat(`{{ inputs.${name} }}`)
}

function schemaUrl(action: string): string {
  const [repository = action, ref = 'main'] = action.split('@')
  return `https://raw.githubusercontent.com/${repository}/${ref}/schema/config.schema.json`
}

function pageUrl(action: string): string {
  const [repository = action, ref = 'main'] = action.split('@')
  return `https://github.com/${repository}/blob/${ref}/docs/configuration.md`
}

/** Plain where that is safe inside a flow mapping too; otherwise quoted as JSON, which YAML reads. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z$][A-Za-z0-9_./$-]*(:(\/\/)?[A-Za-z0-9_./-]+)*$/.test(text)
  const isWord = /^(true|false|null|yes|no|on|off)$/i.test(text)
  return isPlain && !isWord ? text : JSON.stringify(text)
}
