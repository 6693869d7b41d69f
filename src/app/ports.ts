// Connects the pipeline's ports to the adapters of the world. The keys are here and in `measure/load/`, and
// nowhere else.

import { setTimeout as pause } from 'node:timers/promises'
import { measure, type Target } from '../measure/load/load.ts'
import { type Scraper, startScraper } from '../measure/scrape/scrape.ts'
import { isAllowedHost, isListedHost } from '../model/allowed-hosts.ts'
import type { Endpoint, Policy } from '../model/config.ts'
import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'
import type { OpenRequest, Ports } from '../model/ports.ts'
import { isPrivateHost } from '../model/private-address.ts'
import type { HttpProxy } from '../model/proxy.ts'
import type { Arm } from '../model/request-record.ts'
import type { BaselineStore } from '../model/store.ts'
import { leaving } from '../redact/redact.ts'
import { Logins, refuseStrangeHost } from './logins.ts'
import { type OpeningWay, openThrough } from './open-endpoint.ts'
import type { ProgressScreen } from './progress.ts'
import { proxyWithoutSecrets } from './proxies.ts'
import { newRunId, nowIso } from './run-identity.ts'

export type Keys = {
  readonly candidate: string | undefined
  readonly reference: string | undefined
}

/** Which addresses may be asked. `public`: those of a private network only where they are named. */
export type Reach =
  | { readonly kind: 'anywhere' }
  | { readonly kind: 'public'; readonly origins: readonly string[] }

export type PortsOptions = {
  readonly store: BaselineStore
  readonly keys: Keys
  readonly policy: Policy
  readonly reach: Reach
  /** Says which proxies stand between. */
  readonly env: Environment
  readonly signal: AbortSignal
  readonly screen: ProgressScreen
  /** Masks what a cloud's login gives. Absent = nobody shows this process's output anywhere else. */
  readonly mask?: (secret: string) => void
  /** No cloud's login is used. Absent = what there is. */
  readonly withoutLogin?: boolean
}

export function gatePorts(options: PortsOptions): Ports {
  const { store, keys, signal, screen } = options
  const logins = new Logins({ ...options, announce: (step) => screen.step(step) })
  return {
    store,
    wait: (ms) => pause(ms, undefined, { signal }).catch(() => undefined),
    nowIso,
    newRunId,
    announce: (step) => screen.step(step),
    open: async (request) => openThrough(await doorOf(request, options, logins), request),
    measure: async (plan, { candidate, reference, allowance, costOf }) => {
      const targets = {
        candidate: await loggedIn(targetOf(candidate, keys.candidate, options), logins),
        ...(reference === undefined
          ? {}
          : {
              reference: await loggedIn(
                targetOf(reference, referenceKey(candidate, reference, keys), options),
                logins,
              ),
            }),
      }
      leaving.add(secretsOf(targets))
      const scrapers = scrapersOf({ candidate, reference }, options)
      try {
        const measurement = await measure(plan, targets, {
          signal,
          beforeMeasured: () => begun(scrapers),
          allowance,
          costOf,
          onProgress: (progress) => screen.update(progress),
          recordSecrets: secretsOf(targets),
          // An error is written below the line that shows the progress, not into it.
        }).finally(() => screen.end())
        const [ofCandidate, ofReference] = await Promise.all([
          scrapers.candidate?.end(),
          scrapers.reference?.end(),
        ])
        return { ...measurement, serverMetrics: { candidate: ofCandidate, reference: ofReference } }
      } finally {
        await Promise.all([scrapers.candidate?.close(), scrapers.reference?.close()])
      }
    },
  }
}

/** The readiness address is shown the endpoint's key and headers on the endpoint's own origin alone. */
async function doorOf(
  { endpoint, candidate }: OpenRequest,
  options: PortsOptions,
  logins: Logins,
): Promise<OpeningWay> {
  const { keys, signal, screen } = options
  const isReference = endpoint !== candidate
  const key = isReference ? referenceKey(candidate, endpoint, keys) : keys.candidate
  const target = await loggedIn(targetOf(endpoint, key, options), logins)
  leaving.add(secretsOf({ target }))
  const url = endpoint.ready?.url
  const isOwn = url !== undefined && new URL(url).origin === originOf(endpoint)
  const headers = isOwn ? endpoint.headers : {}
  const auth = isOwn ? endpoint.auth : undefined
  const look =
    url && targetOf({ ...endpoint, url, headers, auth }, isOwn ? key : undefined, options)
  return {
    target,
    look: look ? await loggedIn(look, logins) : undefined,
    recordSecrets: secretsOf({ target }),
    signal,
    announce: (step) => screen.step(step),
  }
}

/** With what a cloud's login says instead of a key. */
async function loggedIn(target: Target, logins: Logins): Promise<Target> {
  return { ...target, authorize: await logins.for(target.endpoint) }
}

type TargetBounds = Pick<PortsOptions, 'policy' | 'reach' | 'env'>

/** Where the config was read this was checked already; a key is worth a second look. */
function targetOf(endpoint: Endpoint, key: string | undefined, bounds: TargetBounds): Target {
  const apiKey = endpoint.auth === undefined ? key : undefined
  const { allowedHosts } = bounds.policy
  const { origin, host, hostname } = new URL(endpoint.url)
  if (!isAllowedHost(endpoint.url, allowedHosts)) {
    throw new GateError(
      'config',
      `${origin} is not in policy.allowed_hosts of the base branch`,
      `Allowed are ${allowedHosts.join(', ')}.`,
    )
  }
  const publicOnly = !isNamed(endpoint.url, bounds)
  refuseStrangeHost(endpoint, !publicOnly)
  if (publicOnly && isPrivateHost(hostname)) {
    throw new GateError(
      'config',
      `${host} is an address of a private network, which a pull request alone may not name`,
      'A maintainer adds it to policy.allowed_hosts on the base branch first.',
    )
  }
  const proxy = proxyWithoutSecrets(endpoint.url, bounds.env, secretWords(endpoint, apiKey))
  if (publicOnly && proxy !== undefined) throw unseenAddress(host, proxy)
  return { endpoint, apiKey, publicOnly, proxy }
}

function secretWords({ headers, auth }: Endpoint, apiKey: string | undefined): string | undefined {
  if (auth !== undefined) return 'the login'
  if (apiKey !== undefined) return 'the key'
  return Object.keys(headers).length === 0 ? undefined : 'the headers of the endpoint'
}

/** The name is looked up by the proxy, which may stand behind the very wall that is guarded here. */
function unseenAddress(host: string, { origin }: HttpProxy): GateError {
  return new GateError(
    'config',
    `${host} is named by the pull request alone and asked through the proxy ${origin}, so where it leads cannot be seen`,
    'A maintainer adds it to policy.allowed_hosts on the base branch first.',
  )
}

/** Whether somebody other than the pull request names the origin. */
function isNamed(url: string, { policy, reach }: TargetBounds): boolean {
  if (reach.kind === 'anywhere' || reach.origins.includes(new URL(url).origin)) return true
  return isListedHost(url, policy.allowedHosts)
}

type Scrapers = { readonly [Name in Arm]: Scraper | undefined }

/**
 * Of two arms on one server its numbers would be a mixture, and are no arm's. A reference at another
 * address that names no exporter of its own has the endpoint's, which says nothing of it.
 */
function scrapersOf(
  { candidate, reference }: { readonly candidate: Endpoint; readonly reference?: Endpoint },
  options: PortsOptions,
): Scrapers {
  const hasSame = reference?.metricsUrl === candidate.metricsUrl
  const isOne = reference !== undefined && originOf(reference) === originOf(candidate)
  return {
    candidate: hasSame && isOne ? undefined : scraperOf(candidate, options),
    reference: reference === undefined || hasSame ? undefined : scraperOf(reference, options),
  }
}

function originOf({ url }: Endpoint): string {
  return new URL(url).origin
}

/** The same bounds hold for whatever else a pull request makes the runner ask. */
function scraperOf(endpoint: Endpoint, options: PortsOptions): Scraper | undefined {
  const { metricsUrl: url } = endpoint
  if (url === undefined) return undefined
  const { publicOnly, proxy } = targetOf(
    { ...endpoint, url, headers: {}, auth: undefined },
    undefined,
    options,
  )
  return startScraper(url, { signal: options.signal, publicOnly, proxy })
}

async function begun({ candidate, reference }: Scrapers): Promise<void> {
  await Promise.all([candidate?.begin(), reference?.begin()])
}

/** The endpoint's own key serves the second arm only where both are the same origin. */
function referenceKey(candidate: Endpoint, reference: Endpoint, keys: Keys): string | undefined {
  if (keys.reference !== undefined) return keys.reference
  return new URL(candidate.url).origin === new URL(reference.url).origin
    ? keys.candidate
    : undefined
}

function secretsOf(targets: Readonly<Record<string, Target>>): readonly string[] {
  return Object.values(targets).flatMap(({ endpoint, apiKey }) => [
    ...(apiKey === undefined ? [] : [apiKey]),
    ...Object.values(endpoint.headers),
  ])
}
