// Looks a name up and gives it up where it leads into a private network: checked on the very addresses
// that are connected to, so that a name cannot mean one thing when it is read and another when asked.

import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateAddress } from '../../model/private-address.ts'

export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, found, family) => {
    const addresses = Array.isArray(found) ? found.map(({ address }) => address) : [found]
    if (error !== null) callback(error, found, family)
    else if (addresses.some(isPrivateAddress)) callback(refusal(hostname), [], family)
    else callback(null, found, family)
  })
}

function refusal(hostname: string): Error {
  return new Error(`${hostname} leads into a private network, which the base branch does not list`)
}
