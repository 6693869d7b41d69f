// An OAuth answer read: the token, and how long it holds.

import { countAt, jsonOrNothing, textAt } from '../wire/json/json.ts'
import type { TokenAnswer } from './ask.ts'
import type { BearerToken, LoginJob } from './proof.ts'

/** Undefined where it holds none. */
export function tokenIn({ status, text }: TokenAnswer, { now }: LoginJob): BearerToken | undefined {
  const told = jsonOrNothing(text)
  const token = textAt(told, 'access_token')
  if (status !== 200 || token === undefined) return undefined
  const seconds = countAt(told, 'expires_in')
  return { token, ...(seconds === undefined ? {} : { expiresMs: now() + seconds * 1000 }) }
}
