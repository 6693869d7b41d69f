// What all logins have in common: what they prove who asks with, how long it holds, and what is said where
// there is none.

import type { Environment } from '../model/environment.ts'
import { GateError } from '../model/errors.ts'

/** Of what a cloud or its command line says: tokens and keys have some kilobytes. */
export const MOST_SAID_BYTES = 1 << 18

/** Where a login is looked for. */
export type LoginJob = {
  readonly env: Environment
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal: AbortSignal
  /** Told of every secret before it is used. */
  readonly learn: (secrets: readonly string[]) => void
  /** Told why a renewal failed: what there was is used on. */
  readonly announce: (step: string) => void
}

/** Until when it holds. Absent = nobody said. */
type Lasting = { readonly expiresMs?: number }

export type AwsKeys = Lasting & {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export type BearerToken = Lasting & { readonly token: string }

/** Fetches it anew each time. */
export type ProofSource<Proof extends Lasting> = () => Promise<Proof>

/** Nobody has logged in: on a fork, nobody could. */
export class MissingLogin extends GateError {
  constructor(message: string, remedy: string) {
    super('config', message, remedy)
  }
}
