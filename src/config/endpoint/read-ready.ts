// What an endpoint is waited for by, and how long it is left alone: both bounded, since a job stands
// still meanwhile.

import type { Readiness } from '../../model/config.ts'
import { HOUR_MS } from '../../stats/moment.ts'
import { parseDuration } from '../quantities.ts'
import type { RawEndpoint } from '../raw-config.ts'
import type { ConfigReading } from '../reading.ts'
import type { Path } from '../yaml/yaml.ts'
import { readUrl } from './read-url.ts'

const LONGEST_MS = HOUR_MS

export function readReady(
  { url, timeout }: NonNullable<RawEndpoint['ready']>,
  path: Path,
  { reading, endpointUrl }: { readonly reading: ConfigReading; readonly endpointUrl: string },
): Readiness {
  const timeoutMs = waitOf(timeout, [...path, 'timeout'], reading)
  if (url === undefined) return { timeoutMs }
  const isPath = url.startsWith('/') && URL.canParse(endpointUrl)
  const whole = isPath ? new URL(url, endpointUrl).href : url
  return { url: readUrl(whole, [...path, 'url'], reading), timeoutMs }
}

export function readIdle(
  { idle }: NonNullable<RawEndpoint['cold_start']>,
  path: Path,
  reading: ConfigReading,
): number {
  return waitOf(idle, [...path, 'idle'], reading)
}

function waitOf(text: string, path: Path, { report }: ConfigReading): number {
  const ms = parseDuration(text)
  if (ms < 1 || ms > LONGEST_MS) {
    report({ path, message: `${text} is no time to wait in a job; expected 1ms to 1h` })
  }
  return ms
}
