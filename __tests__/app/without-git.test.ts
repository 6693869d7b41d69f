// A job in a container without git: said before anything is sent, with what to do.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runAction } from './action-process.ts'
import {
  CONFIG_PATH,
  configText,
  type Forge,
  pullJob,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'

let forge: Forge
const nothing = mkdtempSync(join(tmpdir(), 'gate-no-git-'))

beforeAll(async () => {
  forge = await startForge()
})
afterAll(async () => {
  await forge.stop()
  rmSync(nothing, { recursive: true, force: true })
})

describe.each([
  ['recording', pushJob],
  ['judging', pullJob],
])('%s without git', (_what, jobOf) => {
  it('stops before anything is sent and says what is missing', async () => {
    const path = workspace(forge, { [CONFIG_PATH]: configText({ url: forge.simulator.url }) })
    const { code, log } = await runAction(jobOf(forge, { workspace: path, env: { PATH: nothing } }))
    expect(code).toBe(3)
    expect(log).toContain('git could not be started: ENOENT. Install git 2.32 or newer')
    expect(await forge.simulator.log()).toEqual([])
  })
})
