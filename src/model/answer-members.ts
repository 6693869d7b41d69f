// Members of a request's body that decide what is asked and how long an answer gets: they belong to the
// question, not to the endpoint. Whoever changes one would otherwise seem to make answers faster.
//
// APIs have hundreds of them and get new ones every month, so the list is of the others: what is known
// to say only how tokens are drawn, who pays and how fast the server shall be. Whatever is not in it is
// part of the question, also a spelling that nobody knew when this was written.

import type { JsonValue } from './json-value.ts'

type Body = Readonly<Record<string, JsonValue>>

/** Without underscores and in lower case, as the APIs differ in nothing more often than in those. */
const ENDPOINT: ReadonlySet<string> = new Set([
  // How a token is drawn. A seed is not here: among sampled answers it chooses the short ones.
  ...['temperature', 'topp', 'topk', 'topa', 'minp', 'typical', 'typicalp', 'tfsz', 'topnsigma'],
  ...['mirostat', 'mirostattau', 'mirostateta', 'dynatemprange', 'dynatempexponent'],
  // Who asks, and what is kept of it.
  ...['user', 'metadata', 'requestmetadata', 'labels', 'store', 'safetyidentifier', 'requestid'],
  // How it is served.
  ...[
    'servicetier',
    'performanceconfig',
    'speed',
    'priority',
    'provider',
    'models',
    'region',
    'inferencegeo',
  ],
  ...[
    'promptcachekey',
    'promptcacheretention',
    'cachecontrol',
    'cacheprompt',
    'cachesalt',
    'idslot',
  ],
  ...[
    'keepalive',
    'numgpu',
    'maingpu',
    'numthread',
    'numbatch',
    'usemmap',
    'usemlock',
    'lowvram',
    'numa',
  ],
  // What is told beside the answer.
  ...['streamoptions', 'usage', 'logprobs', 'toplogprobs', 'responselogprobs', 'timingspertoken'],
])

const LIMIT_NAMES: ReadonlySet<string> = new Set(['max_tokens', 'max_completion_tokens'])

/** Members that hold members: settings of generation. */
const SETTINGS = new Set([
  ...[
    'options',
    'generationconfig',
    'inferenceconfig',
    'additionalmodelrequestfields',
    'parameters',
    'samplingparams',
    'extrabody',
  ],
])

/** By path, as `stop` and `options.stop`. */
export function answerMembers(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]): [string, JsonValue][] => {
      if (isOfEndpoint(name, value)) return []
      if (!holdsSettings(name) || !isMembers(value)) return [[name, value]]
      return Object.entries(answerMembers(value)).map(([path, one]) => [`${name}.${path}`, one])
    }),
  )
}

/** The body with the question of another one, and everything else its own. */
export function withAnswerMembersOf(body: Body, other: Body): Body {
  const own = Object.entries(body).flatMap(([name, value]): [string, JsonValue][] => {
    if (isOfEndpoint(name, value)) return [[name, value]]
    if (!holdsSettings(name) || !isMembers(value)) return []
    const theirs = other[name]
    return [[name, withAnswerMembersOf(value, isMembers(theirs) ? theirs : {})]]
  })
  const theirs = Object.entries(other).flatMap(([name, value]): [string, JsonValue][] => {
    if (isOfEndpoint(name, value)) return []
    if (!holdsSettings(name) || !isMembers(value)) return [[name, value]]
    if (isMembers(body[name])) return []
    const question = withAnswerMembersOf({}, value)
    return Object.keys(question).length === 0 ? [] : [[name, question]]
  })
  return Object.fromEntries([...own, ...theirs])
}

/** Whether a member of a body holds settings of generation itself, in any spelling. */
export function holdsSettings(name: string): boolean {
  return SETTINGS.has(plain(name))
}

/** A name for the limit that is set to null chooses the other name, which the server may need. */
function isOfEndpoint(name: string, value: JsonValue): boolean {
  return ENDPOINT.has(plain(name)) || (value === null && LIMIT_NAMES.has(name))
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

function isMembers(value: JsonValue | undefined): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
