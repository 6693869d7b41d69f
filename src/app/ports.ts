// Connects the pipeline's ports to the rooms of the world. The keys are here and in the load room, and
// nowhere else.

import { measure, type Target } from '../measure/load/load.ts'
import { isAllowedHost } from '../model/allowed-hosts.ts'
import type { Endpoint, Policy } from '../model/config.ts'
import { GateError } from '../model/errors.ts'
import type { Ports } from '../model/ports.ts'
import type { BaselineStore } from '../model/store.ts'
import type { ProgressScreen } from './progress.ts'
import { newRunId, nowIso } from './run-identity.ts'

export type Keys = {
  readonly candidate: string | undefined
  readonly reference: string | undefined
}

export type PortsOptions = {
  readonly store: BaselineStore
  readonly keys: Keys
  readonly policy: Policy
  readonly signal: AbortSignal
  readonly screen: ProgressScreen
}

export function gatePorts(options: PortsOptions): Ports {
  const { store, keys, policy, signal, screen } = options
  return {
    store,
    nowIso,
    newRunId,
    announce: (step) => screen.step(step),
    measure: async (plan, { candidate, reference, allowance, costOf }) => {
      const targets = {
        candidate: targetOf(candidate, keys.candidate, policy),
        ...(reference === undefined
          ? {}
          : { reference: targetOf(reference, referenceKey(candidate, reference, keys), policy) }),
      }
      const measurement = await measure(plan, targets, {
        signal,
        allowance,
        costOf,
        onProgress: (progress) => screen.update(progress),
        recordSecrets: secretsOf(targets),
      })
      screen.end()
      return measurement
    },
  }
}

/** Where the config was read this was checked already; a key is worth a second look. */
function targetOf(endpoint: Endpoint, apiKey: string | undefined, policy: Policy): Target {
  if (isAllowedHost(endpoint.url, policy.allowedHosts)) return { endpoint, apiKey }
  throw new GateError(
    'config',
    `${new URL(endpoint.url).host} is not in policy.allowed_hosts of the base branch`,
    `Allowed are ${policy.allowedHosts.join(', ')}.`,
  )
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
