// The clouds' logins of a process: each is opened once, when the first request to an address that it may
// go to is about to be sent.

import { authorizeBy, MissingLogin } from '../cloud/cloud.ts'
import { type Authorize, isOfCloud } from '../model/cloud.ts'
import type { Config, Endpoint } from '../model/config.ts'
import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'
import { leaving } from '../redact/redact.ts'

export type LoginOptions = {
  readonly env: Environment
  readonly signal: AbortSignal
  /** Masks a secret wherever else this process's output is shown. Absent = nowhere. */
  readonly mask?: (secret: string) => void
  readonly announce: (step: string) => void
  /** Whose job this is has no business with any login. Absent = it may use what there is. */
  readonly withoutLogin?: boolean
}

export class Logins {
  readonly #options: LoginOptions
  readonly #opened = new Map<string, Promise<Authorize>>()

  constructor(options: LoginOptions) {
    this.#options = options
  }

  /** Undefined where no cloud vouches for the endpoint's requests. */
  async for({ auth }: Endpoint): Promise<Authorize | undefined> {
    if (auth === undefined) return undefined
    if (this.#options.withoutLogin === true) {
      const remedy = 'Push the branch to the repository itself to have it measured.'
      throw new MissingLogin(`a fork's job is given no login to ${auth.cloud}`, remedy)
    }
    const name = JSON.stringify(auth)
    const opened = this.#opened.get(name) ?? authorizeBy(auth, this.#job())
    this.#opened.set(name, opened)
    return await opened
  }

  #job() {
    const { env, signal, announce, mask } = this.#options
    const learn = (secrets: readonly string[]) => {
      leaving.add(secrets)
      for (const secret of secrets) mask?.(secret)
    }
    return { env, signal, announce, now: Date.now, learn }
  }
}

/** A login may open a whole account, so only the cloud itself is shown it, and who is named to be. */
export function refuseStrangeHost({ auth, url }: Endpoint, isNamed: boolean): void {
  if (auth === undefined || isNamed || isOfCloud(url, auth.cloud)) return
  throw new GateError(
    'config',
    `${new URL(url).host} is no address of ${auth.cloud}'s own, and only the pull request says that this job's login may go there`,
    'A maintainer adds it to policy.allowed_hosts on the base branch first.',
  )
}

type Given = {
  /** By the name under which it was given. Absent = it was not. */
  readonly key?: string
  readonly referenceKey?: string
}

/** A key that nothing would be asked with is a mistake about who asks. */
export function refuseTwoProofs({ gates }: Config, { key, referenceKey }: Given): void {
  const clouds = gates.flatMap(({ endpoint: { auth } }) => auth?.cloud ?? [])
  const isForAll = gates.length > 0 && clouds.length === gates.length
  if (key !== undefined && isForAll) throw twoProofs(key, clouds[0])
  const arms = gates.map(
    ({ reference }) => reference.kind === 'endpoint' && reference.endpoint.auth,
  )
  const [first] = arms
  if (referenceKey !== undefined && first && arms.every(Boolean)) {
    throw twoProofs(referenceKey, first.cloud)
  }
}

function twoProofs(key: string, cloud: string | undefined): GateError {
  return new GateError(
    'config',
    `${key} is given, and \`auth: ${cloud}\` says that the cloud's login is used instead`,
    `Leave ${key} away, or take \`auth\` out of the endpoint.`,
  )
}
