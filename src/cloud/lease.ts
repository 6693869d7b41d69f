// A proof that runs out, kept fresh: whoever needs it never waits for it while load runs. It is renewed
// beside the load some time before it ends, and one attempt that fails costs nothing but another.

import { GateError } from '../model/errors.ts'
import { leaving } from '../redact/redact.ts'
import type { AwsKeys, BearerToken, LoginJob, ProofSource } from './proof.ts'

/** Renewed so long before the end. Microsoft's and Google's own programs hand out the old one before. */
const MARGIN_MS = 4 * 60_000
/** Of a short life, this part. */
const MARGIN_SHARE = 1 / 4
const BETWEEN_ATTEMPTS_MS = 30_000

export class Lease<Proof extends AwsKeys | BearerToken> {
  readonly #source: ProofSource<Proof>
  readonly #job: LoginJob
  #held: Proof | undefined
  #takenMs = 0
  #attemptMs = Number.NEGATIVE_INFINITY
  #renewing = false

  constructor(source: ProofSource<Proof>, job: LoginJob) {
    this.#source = source
    this.#job = job
  }

  /** Waits until there is one. */
  async open(): Promise<void> {
    await this.#take()
  }

  get current(): Proof {
    if (this.#held === undefined) throw new TypeError('a lease is used before it is open')
    if (this.#isDue(this.#held)) void this.#renew()
    return this.#held
  }

  #isDue({ expiresMs }: Proof): boolean {
    const nowMs = this.#job.now()
    if (expiresMs === undefined || this.#renewing) return false
    const marginMs = Math.min(MARGIN_MS, MARGIN_SHARE * (expiresMs - this.#takenMs))
    return nowMs >= expiresMs - marginMs && nowMs >= this.#attemptMs + BETWEEN_ATTEMPTS_MS
  }

  async #renew(): Promise<void> {
    this.#renewing = true
    this.#attemptMs = this.#job.now()
    try {
      await this.#take()
    } catch (error) {
      const why = error instanceof GateError ? error.message : String(error)
      this.#job.announce(`the cloud's login could not be renewed: ${leaving.text(why)}`)
    } finally {
      this.#renewing = false
    }
  }

  async #take(): Promise<void> {
    const held = await this.#source()
    this.#job.learn(secretsOf(held))
    this.#held = held
    this.#takenMs = this.#job.now()
  }
}

function secretsOf(proof: AwsKeys | BearerToken): readonly string[] {
  if ('token' in proof) return [proof.token]
  const { accessKeyId, secretAccessKey, sessionToken } = proof
  return [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])]
}
