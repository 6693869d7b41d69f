// A gate without a config file: the config that a few inputs stand for, as text, so that it is read and
// checked as every other; and the way back from a place in it to the input that said so.

/** As given; empty where it is not. */
export type GateInputs = {
  readonly url: string
  readonly model: string
  readonly api: string
  readonly limits: string
  readonly requests: string
}

/** What the one gate is called, in reports and in the baseline. */
export const GATE_OF_INPUTS = 'endpoint'

export function hasGateInputs(inputs: GateInputs): boolean {
  return namesGiven(inputs).length > 0
}

export function namesGiven(inputs: GateInputs): readonly string[] {
  return Object.entries(inputs).flatMap(([name, value]) => (value === '' ? [] : [name]))
}

/** What is wrong with the inputs as such, before any of them is read as a member of a config. */
export function gateInputProblems(inputs: GateInputs): readonly string[] {
  const missing = (['url', 'model'] as const).filter((name) => inputs[name] === '')
  const given = namesGiven(inputs).join(', ')
  return [
    ...missing.map(
      (name) =>
        `input ${name} is missing: a gate without a config needs url and model (given: ${given})`,
    ),
    ...limitTexts(inputs.limits).flatMap((text) =>
      readLimit(text) === undefined ? [notALimit(text)] : [],
    ),
  ]
}

/** The config in YAML. Values go through as they are: the config's own checks judge them. */
export function configOfInputs(inputs: GateInputs): string {
  const { url, model, api, requests, limits } = inputs
  return [
    'gates:',
    `  ${GATE_OF_INPUTS}:`,
    '    endpoint:',
    ...(api === '' ? [] : [`      api: ${quoted(api)}`]),
    `      url: ${quoted(url)}`,
    `      model: ${quoted(model)}`,
    ...(requests === '' ? [] : ['    workload:', `      requests: ${numberOrText(requests)}`]),
    ...limitLines(limits),
    '',
  ].join('\n')
}

/** The input that a member of the config came from, as an issue names the member. */
export function inputOfMember(path: string): string {
  const [, , part = '', member = ''] = path.split('.')
  if (part === 'limits') return 'limits'
  if (part === 'workload') return 'requests'
  return ['api', 'model'].includes(member) ? member : 'url'
}

function limitLines(limits: string): readonly string[] {
  const read = limitTexts(limits).flatMap((text) => readLimit(text) ?? [])
  if (read.length === 0) return []
  return ['    limits:', ...read.map(({ metric, limit }) => `      ${quoted(metric)}: ${limit}`)]
}

/** One a comma, a semicolon or a line. */
function limitTexts(limits: string): readonly string[] {
  return limits
    .split(/[,;\n]/)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

/** What each sign says in a config. Where higher is better, `-` and `>=` are the limits' own signs. */
const SIGNS = { '+': 'increase', '-': 'decrease', '<=': 'ceiling', '>=': 'minimum' } as const

const LIMIT = /^(\S+)((?:\s+(?:\+|-|<=|>=)\s*[^\s<>+-]+)+)$/

type NamedLimit = { readonly metric: string; readonly limit: string }

/** `ttft_p95 +15% <=2s`, or `ttft_p95 off`. Undefined for anything else. */
function readLimit(text: string): NamedLimit | undefined {
  const off = /^(\S+)\s+off$/.exec(text)
  if (off !== null) return { metric: off[1] ?? '', limit: 'off' }
  const [, metric, words] = LIMIT.exec(text) ?? []
  if (metric === undefined || words === undefined) return undefined
  const members = [...words.matchAll(/(\+|-|<=|>=)\s*([^\s<>+-]+)/g)].map(
    ([, sign, value = '']) => `${SIGNS[sign as keyof typeof SIGNS]}: ${numberOrText(value)}`,
  )
  return { metric, limit: `{${members.join(', ')}}` }
}

function notALimit(text: string): string {
  return `input limits has "${text}"; a limit is a metric and +15%, -10%, <=2s, >=0.9 or off, as in "ttft_p95 +15% <=2s, error_rate <=2%"`
}

function numberOrText(value: string): string {
  return /^\d+(\.\d+)?$/.test(value) ? value : quoted(value)
}

/** As JSON, which YAML reads. */
function quoted(value: string): string {
  return JSON.stringify(value)
}
