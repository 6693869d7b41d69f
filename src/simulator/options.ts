// What a simulator can be told: at its start, and while it runs over `POST /__control`.

import type { AwsDoor } from './aws-signature.ts'
import type { Behaviour, ScriptedAnswer } from './behaviour.ts'
import type { ProfileName } from './profiles.ts'

export type SimulatorOptions = {
  /** Default 1. */
  readonly seed?: number
  /** Default 0: any free port. */
  readonly port?: number
  /** Default 127.0.0.1. */
  readonly host?: string
  /** What `/v1` behaves like. Default healthy. `/slow/v1` is always there and regressed. */
  readonly profile?: ProfileName
  /** Laid over the profile of `/v1`. */
  readonly behaviour?: Partial<Behaviour>
  /** Answers to the first requests at `/v1`, in order. */
  readonly script?: readonly ScriptedAnswer[]
  /** The key every request must carry. Default: none is asked for. */
  readonly apiKey?: string
  /** Who may ask as AWS would let them: every request must be signed for it. Default: nobody has to sign. */
  readonly aws?: AwsDoor
  /** Models that exist; others are 404. Default: every model exists. */
  readonly models?: readonly string[]
  /**
   * `http` (default); `https` with `tls`; `silent` accepts connections and never says a byte, so a
   * TLS handshake with it never ends: the portable way to make a connection that is not made.
   */
  readonly listener?: 'http' | 'https' | 'silent'
  /** PEM texts for `https`. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

/** A change while it runs. */
export type SimulatorChange = {
  /** Default `main`, which is `/v1`; `slow` is `/slow/v1`; a new name makes a new address. */
  readonly version?: string
  /** Replaces the behaviour. */
  readonly profile?: ProfileName
  /** Laid over the behaviour. */
  readonly behaviour?: Partial<Behaviour>
  /** Begins a run: its effect is drawn, and requests are counted from 0. */
  readonly run?: number
  /** Appended to what is left of the script. */
  readonly script?: readonly ScriptedAnswer[]
  /** Before anything else: forget the rest of the script, the prompt cache, the log. */
  readonly forget?: readonly ('script' | 'cache' | 'log')[]
}
