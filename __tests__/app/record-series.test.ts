// A baseline in one go: the inputs `times` and `every` of a recording job, which a person gives when
// starting it by hand.

import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  CONFIG_PATH,
  configText,
  FLAKY,
  type Forge,
  pushJob,
  startForge,
  workspace,
} from './forge.ts'
import { runActionHere } from './in-process.ts'

let forge: Forge
beforeAll(async () => {
  forge = await startForge()
  await forge.simulator.control({ version: 'flaky', behaviour: FLAKY })
})
afterAll(async () => {
  await forge.stop()
})

function dispatch(inputs: Readonly<Record<string, string>>, url = forge.simulator.url) {
  const path = workspace(forge, { [CONFIG_PATH]: configText({ url }) })
  return runActionHere({
    ...pushJob(forge, { workspace: path, inputs }),
    eventName: 'workflow_dispatch',
  })
}

const stored = (standing: 'runs' | 'held') =>
  execFileSync('git', ['-C', forge.gitDir, 'ls-tree', '-r', '--name-only', 'inference-gate'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path.includes(`/${standing}/`))

describe('recording several times', () => {
  it('makes a baseline of as many runs, and publishes the last', async () => {
    const { code, log, outputs } = await dispatch({ times: '3', every: '10ms' })
    expect(code).toBe(0)
    expect(log).toContain('run 1 of 3')
    expect(log).toContain('run 3 of 3')
    expect(stored('runs')).toHaveLength(3)
    expect(outputs.verdict).not.toBe('no-baseline')
  })

  it('ends with the first run that fails, which is kept apart', async () => {
    const flaky = forge.simulator.url.replace('/v1', '/flaky/v1')
    const { code, log } = await dispatch({ times: '3' }, flaky)
    expect(code).toBe(1)
    expect(log).not.toContain('run 2 of 3')
    expect(stored('held')).toHaveLength(1)
  })

  it('accepts by the first run alone, where that is asked', async () => {
    const flaky = forge.simulator.url.replace('/v1', '/flaky/v1')
    const path = workspace(forge, { [CONFIG_PATH]: configText({ url: flaky }) })
    const job = pushJob(forge, { workspace: path, inputs: { times: '2' } })
    const { log } = await runActionHere({
      ...job,
      eventName: 'workflow_dispatch',
      event: {
        repository: { default_branch: 'main' },
        inputs: { accept: 'true', reason: 'agreed' },
      },
    })
    expect(log.match(/as the first run of a new baseline epoch/g)).toHaveLength(1)
  })

  it('refuses what is no number, no duration, or saved runs', async () => {
    const refused = [
      [{ times: 'many' }, 'input times is "many"; it takes a whole number from 1 to 100'],
      [{ times: '0' }, 'input times is "0"; it takes a whole number from 1 to 100'],
      [{ times: '2', every: 'soon' }, 'input every is "soon"; it takes a duration with its unit'],
      [{ times: '2', results: 'x.json' }, 'input times cannot repeat the saved runs of results'],
    ] as const
    for (const [inputs, words] of refused) {
      const { code, log } = await dispatch(inputs)
      expect([code, log]).toEqual([2, expect.stringContaining(words)])
    }
  })
})
