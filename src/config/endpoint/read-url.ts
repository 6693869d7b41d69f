// An endpoint's URL: where the key goes. What could send it to the wrong place, or put a key into a
// report, is refused.

import { isAllowedHost } from '../../model/allowed-hosts.ts'
import type { ConfigReading } from '../reading.ts'
import { MISSING_TEXT } from '../schema/schema.ts'
import type { Path } from '../yaml/yaml.ts'
import { fillEnvironment, hasUnset, variablesOf } from './fill-environment.ts'

/** Without a slash at the end. With a stand-in when it was refused. */
export function readUrl(text: string, path: Path, reading: ConfigReading): string {
  const secret = variablesOf(text).find((name) => SECRET_VARIABLE.test(name))
  if (secret !== undefined) {
    const message = `the environment variable ${secret} looks like a key, and URLs are shown in reports; use the action input \`api-key\`, or put it into a header`
    reading.report({ path, message })
    return text
  }
  const filled = fillEnvironment(text, path, reading)
  // Half a URL could pass for another one; a reader sees that it is not filled in.
  const isUnknown = reading.unsetEnv === 'blank' && hasUnset(text, reading)
  if (filled === undefined || filled === MISSING_TEXT || isUnknown) return text
  const message = problemOfUrl(filled, reading)
  if (message === undefined) return normalUrl(filled)
  reading.report({ path, message })
  return filled
}

/** Names of variables and of URL parameters whose values nobody wants to see in a report. */
const SECRET_VARIABLE = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i
const KEY_PARAMETER = /key$|token|secret|passw|^sig$|signature|auth|credential/i

/** A URL from an input or an argument, which is named in its place. */
export function readOverride(text: string, input: string, reading: ConfigReading): string {
  const message = problemOfUrl(text, reading)
  if (message === undefined) return normalUrl(text)
  reading.report({ path: [input], message, elsewhere: { file: input } })
  return text
}

/** Never repeats more of a URL than its scheme and host: the rest may be a key. */
function problemOfUrl(text: string, reading: ConfigReading): string | undefined {
  if (!URL.canParse(text)) {
    return 'this is not a URL; expected one such as https://inference.example.com/v1'
  }
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return `${url.protocol} URLs cannot be measured; expected http or https`
  }
  if (url.username !== '' || url.password !== '') {
    return 'this URL holds a user name or password; use the action input `api-key`, or a header that refers to the environment'
  }
  const parameter = [...url.searchParams.keys()].find((name) => KEY_PARAMETER.test(name))
  if (parameter !== undefined) {
    return `this URL's parameter ${JSON.stringify(parameter)} looks like a key; use the action input \`api-key\`, or a header that refers to the environment`
  }
  if (url.hash !== '') return 'this URL ends in a fragment (#…), which is never sent; take it out'
  const { allowedHosts } = reading.trusted
  return isAllowedHost(text, allowedHosts)
    ? undefined
    : `${url.origin} is not among policy.allowed_hosts; allowed: ${allowedHosts.join(', ')}`
}

function normalUrl(text: string): string {
  const url = new URL(text)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}${url.search}`
}
