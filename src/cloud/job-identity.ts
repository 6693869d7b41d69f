// The job's own identity: a token that GitHub vouches for it with (OpenID Connect), or one that lies in a
// file. It is as good as a password to whoever trusts it, so it is learnt as a secret.

import { readTextIfThere } from '../disk/disk.ts'
import { GateError } from '../model/errors.ts'
import { jsonOrNothing, textAt } from '../wire/json/json.ts'
import { ask } from './ask.ts'
import type { LoginJob } from './proof.ts'

/** Undefined where the job has none. A file wins: somebody has put it there. */
export async function identityOf(
  { file, audience }: { readonly file: string | undefined; readonly audience: string },
  job: LoginJob,
): Promise<string | undefined> {
  const identity = file ? await identityIn(file) : await identityFor(audience, job)
  if (identity !== undefined) job.learn([identity])
  return identity
}

async function identityIn(file: string): Promise<string> {
  const text = await readTextIfThere(file)
  if (text !== undefined) return text.trim()
  throw new GateError(
    'config',
    `the identity token ${file} is not there`,
    'Name the file that the login step writes, or take the variable out of the `env`.',
  )
}

/** GitHub tells it to a job with `id-token: write`. */
async function identityFor(audience: string, job: LoginJob): Promise<string | undefined> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: from, ACTIONS_ID_TOKEN_REQUEST_TOKEN: proof } = job.env
  if (!from || !proof) return undefined
  const url = new URL(from)
  url.searchParams.set('audience', audience)
  job.learn([proof])
  const answer = await ask({ url: url.href, headers: { authorization: `Bearer ${proof}` } }, job)
  const value = textAt(jsonOrNothing(answer.text), 'value')
  if (answer.status === 200 && value !== undefined) return value
  throw answer.refused('this job’s identity', 'Give the job `permissions: {id-token: write}`.')
}
