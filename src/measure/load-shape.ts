// What must be equal for two runs to be comparable, and what a pull request may change and be
// judged for. The number of requests, timeouts and the seed are in neither: they change how much
// is known, not what is measured.

import { answerMembers } from '../model/answer-members.ts'
import { arrivalsText } from '../model/arrival-stages.ts'
import type {
  Endpoint,
  Gate,
  LoadShape,
  Prices,
  Prompt,
  Subject,
  Workload,
} from '../model/config.ts'
import { isOfConversations, turnsOf } from '../model/conversation.ts'
import { sha256Hex } from '../model/digest.ts'
import {
  OF_CACHED_INPUT,
  OF_INPUT,
  OF_OUTPUT,
  OF_REASONING,
  OF_REQUEST,
  PER_HOUR,
  PRICES_FROM,
  perMillion,
} from '../model/price-members.ts'
import type { Run } from '../model/run.ts'
import { PROXY_MEMBER } from '../model/run.ts'
import { shownUrl } from '../model/shown-url.ts'
import { TTFT_DEFINITION } from '../model/ttft.ts'

/** Up to this many prompts are listed one by one, so that a change can name the prompt. */
const LISTED_PROMPTS = 20
const LONGEST_VALUE = 120

/** What runs of a gate are of: `loadShape` and its hash, and TTFT by one definition. */
export type Comparable = Pick<Run, 'loadShape' | 'loadShapeHash' | 'ttftDefinition'>

export function comparableOf({ workload, endpoint }: Gate): Comparable {
  const total = workload.requests + workload.probes
  const shape = {
    api: endpoint.api,
    'ttft definition': TTFT_DEFINITION,
    load: loadText(workload),
    'prompt cache': workload.promptCache,
    probes: `${Math.round((100 * workload.probes) / Math.max(1, total))} % of requests`,
    ...promptMembers(workload.prompts),
    ...Object.fromEntries(
      Object.entries(answerMembers(endpoint.body)).map(([path, value]) => [
        `body.${path}`,
        shortened(JSON.stringify(value)),
      ]),
    ),
  }
  return { ...hashedShape(shape), ttftDefinition: TTFT_DEFINITION }
}

/** The hash is SHA-256 of the members as JSON, sorted by name: the key of a history. */
export function hashedShape(members: LoadShape): Pick<Comparable, 'loadShape' | 'loadShapeHash'> {
  const loadShape = sorted(members)
  return { loadShape, loadShapeHash: sha256Hex(JSON.stringify(Object.entries(loadShape))) }
}

/**
 * What a run is judged for: the endpoint, the prices its cost was reckoned with, and the proxy between. A
 * proxy costs time, so a run through one is never silently compared with one without; and it is no part
 * of the load shape, because a pull request could then leave its history behind by setting a variable.
 */
export function subjectOf(endpoint: Endpoint, prices: Prices, proxy?: string): Subject {
  const subject = { ...endpointMembers(endpoint), ...priceMembers(prices) }
  return proxy === undefined ? subject : { ...subject, [PROXY_MEMBER]: proxy }
}

/** Host and path of the URL, names of query members and headers: no value that could be secret. */
export function endpointMembers(endpoint: Endpoint): Subject {
  const headers = Object.keys(endpoint.headers).map((name) => name.toLowerCase())
  const body = Object.entries(endpoint.body).map(([name, value]) => [
    `body.${name}`,
    shortened(JSON.stringify(value)),
  ])
  return sorted({
    url: urlText(endpoint.url),
    model: endpoint.model,
    api: endpoint.api,
    ...(headers.length === 0 ? {} : { headers: headers.sort().join(', ') }),
    ...Object.fromEntries(body),
  })
}

/**
 * Prices come from the change itself, so they are part of what it is judged for: whoever lowers one
 * is seen to do so, instead of the cost seeming to fall.
 */
export function priceMembers(prices: Prices): Subject {
  switch (prices.kind) {
    case 'none':
      return {}
    case 'gpu-hour':
      return {
        [PER_HOUR]: `$${prices.usdPerHour} for each of ${prices.gpus} GPU`,
        ...costPer(prices),
      }
    case 'tokens': {
      const { input, cachedInput, output, reasoning, request, source } = prices
      return {
        [OF_INPUT]: perMillion(input),
        ...(cachedInput === input ? {} : { [OF_CACHED_INPUT]: perMillion(cachedInput) }),
        [OF_OUTPUT]: perMillion(output),
        ...(reasoning === output ? {} : { [OF_REASONING]: perMillion(reasoning) }),
        ...(request === 0 ? {} : { [OF_REQUEST]: `$${request}` }),
        ...(source === undefined ? {} : { [PRICES_FROM]: source }),
        ...costPer(prices),
      }
    }
  }
}

function costPer({ per }: Extract<Prices, { kind: 'tokens' | 'gpu-hour' }>): Subject {
  return per === undefined ? {} : { 'cost per': 'valid answer' }
}

/**
 * What the prompts expect, as a digest. It is in no load shape: it changes nothing that is sent, and
 * a history of TTFT does not end where somebody looks at the answers. Undefined = nothing.
 */
export function expectationOf(prompts: readonly Prompt[]): string | undefined {
  const expected = prompts.flatMap(({ name, expect, later = [] }) => [
    ...(expect ? [[name, expect]] : []),
    ...later.flatMap((turn, at) => (turn.expect ? [[name, at + 2, turn.expect]] : [])),
  ])
  return expected.length === 0 ? undefined : sha256Hex(JSON.stringify(expected)).slice(0, 12)
}

function promptMembers(prompts: readonly Prompt[]): LoadShape {
  if (prompts.length <= LISTED_PROMPTS) {
    return Object.fromEntries(
      prompts.map((prompt) => [`prompt ${prompt.name}`, promptText(prompt)]),
    )
  }
  const byClass = Map.groupBy(prompts, (prompt) => prompt.promptClass)
  return Object.fromEntries(
    [...byClass].map(([name, some]) => {
      const digest = sha256Hex(some.map(promptIdentity).sort().join('\n')).slice(0, 12)
      return [`prompts of class ${name}`, `${some.length} prompts, digest ${digest}`]
    }),
  )
}

function promptText(prompt: Prompt): string {
  const { promptClass, weight, maxOutputTokens, messages, body } = prompt
  const said = messages.map((message) => [message.role, message.content])
  const alone = body === undefined ? said : [said, body]
  const later = prompt.later?.map(({ expect: _, ...turn }) => turn)
  const asked = later === undefined ? alone : [alone, later]
  const digest = sha256Hex(JSON.stringify(asked)).slice(0, 12)
  // APIs that generate nothing have no longest answer.
  const size =
    maxOutputTokens === 0
      ? `${messages.length} ${messages.length === 1 ? 'text' : 'texts'}`
      : `up to ${maxOutputTokens} tokens`
  const turns = later === undefined ? '' : `${turnsOf(prompt)} turns, `
  return `class ${promptClass}, weight ${weight}, ${turns}${size}, digest ${digest}`
}

function promptIdentity(prompt: Prompt): string {
  return JSON.stringify([prompt.name, promptText(prompt)])
}

function loadText({ load, prompts }: Pick<Workload, 'load' | 'prompts'>): string {
  const what = isOfConversations({ prompts }) ? ' conversations' : ''
  return load.kind === 'closed'
    ? `closed, ${load.concurrency}${what} in flight`
    : `open, ${arrivalsText(load)}${what === '' ? '' : `, of${what}`}`
}

function urlText(url: string): string {
  return shownUrl(url) ?? shortened(url.replace(/[?#].*$/, ''))
}

/** Long values by their beginning and a digest, so that a change still shows. */
function shortened(text: string): string {
  if (text.length <= LONGEST_VALUE) return text
  return `${text.slice(0, LONGEST_VALUE)}… (digest ${sha256Hex(text).slice(0, 12)})`
}

function sorted(members: { readonly [member: string]: string }): {
  readonly [member: string]: string
} {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}
