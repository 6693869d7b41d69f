// Extra request headers: lower-case names, environment references filled in. Keys written into the
// file and headers that the client sets itself are refused.

import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { fillEnvironment, OPENING } from './fill-environment.ts'

const KEY_HEADER =
  /(^|-)(authorization|api-?key|apikey|access-token|auth-token|secret|password|cookie)$/i
const KEY_VALUE =
  /^(bearer |basic |sk-|gsk_|hf_|ghp_|github_pat_|xox[a-z]-|AKIA[0-9A-Z]|AIza[0-9A-Za-z_-])/i

/** Headers the client sets itself; another value would break the request or the measurement. */
const OWN_HEADERS = [
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

export function readHeaders(
  raw: Readonly<Record<string, string>>,
  path: Path,
  reading: ConfigReading,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, text] of Object.entries(raw)) {
    const at = [...path, name]
    const lowerCase = name.toLowerCase()
    const message = problemOfHeader(name, text, Object.hasOwn(headers, lowerCase))
    if (message !== undefined) reading.report({ path: at, message, pointAt: 'key' })
    const value = fillEnvironment(text, at, reading) ?? ''
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      const problem = 'this header value holds a character that HTTP cannot carry'
      reading.report({ path: at, message: problem })
    }
    headers[lowerCase] = value
  }
  return headers
}

function problemOfHeader(name: string, text: string, repeated: boolean): string | undefined {
  if (repeated) return `the header ${name} is written twice; names do not differ by case`
  if (OWN_HEADERS.includes(name.toLowerCase())) {
    return `the header ${name} is set by the client itself; take it out`
  }
  const isKey = KEY_HEADER.test(name) || KEY_VALUE.test(text)
  if (!isKey || text.includes(OPENING)) return undefined
  const variable = 'INFERENCE_GATE_TOKEN'
  return `the header ${name} looks like a key written into the file; use the action input \`api-key\`, or refer to the environment as \${{ env.${variable} }}`
}
