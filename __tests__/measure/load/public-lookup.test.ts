// A private address that is reached by its name: checked where the connection is made.

import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from '@jest/globals'
import { measure, publicLookup } from '../../../src/measure/load/load.ts'
import { options, plan, request, target } from './asking.ts'
import { startRawServer } from './raw-server.ts'

const looked = (name: string) =>
  new Promise<Error | null>((resolve) => {
    publicLookup(name, { all: true }, (error: Error | null, _found: string | LookupAddress[]) =>
      resolve(error),
    )
  })

describe('a name that leads into a private network', () => {
  it('is not looked up for whoever may reach public addresses alone', async () => {
    expect((await looked('localhost'))?.message).toBe(
      'localhost leads into a private network, which the base branch does not list',
    )
  })

  it('is sent nothing, and its server hears nothing', async () => {
    const seen: string[] = []
    const server = await startRawServer(
      (_socket, text) => void seen.push(text),
      () => void seen.push('connected'),
    )
    const url = `http://localhost:${server.port}/v1`
    try {
      const candidate = { ...target(url), publicOnly: true }
      const { records } = await measure(plan([request(0)]), { candidate }, options())
      expect(records.map(({ outcome }) => outcome)).not.toContain('completed')
      expect(records[0]?.detail).toContain('leads into a private network')
      expect(seen).toEqual([])
    } finally {
      await server.stop()
    }
  })
})
