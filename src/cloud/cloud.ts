// What a cloud's login left to this job, turned into headers: AWS's signatures, Google's and Entra's tokens.
// Whatever proves who asks is learnt as a secret before it is used, and stands in no file.
// By hand but for AWS's signature: docs/decisions/0001 says what the clouds' own libraries would cost.

import type { Authorize, CloudLogin } from '../model/cloud.ts'
import { awsKeys } from './aws-keys.ts'
import { azureToken } from './azure-token.ts'
import { gcpToken } from './gcp-token.ts'
import { Lease } from './lease.ts'
import type { LoginJob } from './proof.ts'
import { signer } from './sign-aws.ts'

export { type LoginJob, MissingLogin } from './proof.ts'

/** Throws MissingLogin where there is no login, GateError where it opens nothing. */
export async function authorizeBy(login: CloudLogin, job: LoginJob): Promise<Authorize> {
  if (login.cloud === 'aws') {
    const keys = new Lease(awsKeys(login.region, job), job)
    await keys.open()
    return await signer(login, () => keys.current, job.now)
  }
  const source = login.cloud === 'gcp' ? gcpToken(job) : azureToken(login.scope, job)
  const token = new Lease(source, job)
  await token.open()
  return ({ headers }) => ({ ...headers, authorization: `Bearer ${token.current.token}` })
}
