// The built command line and an endpoint that is away for a moment: it is measured once more, and blocks
// only if it is still away.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../simulator/simulator-process.ts'
import { startBuiltCli } from './cli-process.ts'
import { configText, QUICK } from './forge.ts'

let simulator: SimulatorProcess
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-minute-'))
  simulator = await startSimulatorProcess({ seed: 9, behaviour: QUICK })
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const AWAY = { faults: { 'http-503': 1 } } as const

async function runWhile(isBack: boolean) {
  const text = configText({ url: simulator.url }).replace('confirm: none', 'confirm: {after: 1s}')
  writeFileSync(join(folder, 'inference-gate.yml'), text)
  await simulator.control({ behaviour: AWAY })
  const cli = startBuiltCli(['run', '--config', 'inference-gate.yml'], { folder })
  await cli.says('measuring once more in 1 s')
  if (isBack) await simulator.control({ behaviour: { faults: {} } })
  return await cli.result
}

it('measures once more where the endpoint refused everything, and says so', async () => {
  const { code, out } = await runWhile(true)
  expect(code).toBe(0)
  expect(out.replaceAll(/\s+/g, ' ')).toContain(
    'In a first measurement the endpoint refused the first requests (502, 503, or no connection). This is a second one',
  )
})

it('blocks where it is still away', async () => {
  const { code, out } = await runWhile(false)
  expect(code).toBe(3)
  expect(out).toContain('the endpoint fails (HTTP 503)')
})
