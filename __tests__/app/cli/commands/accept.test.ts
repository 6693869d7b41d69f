// Accepting a level: what is stale is named before it is taken, and what was taken can be taken back. And
// what else a person does by hand with a baseline: fill it in one go, look at one request, check a config.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { folderStore } from '../../../../src/baseline/folder/folder.ts'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../../simulator/simulator-process.ts'
import { configText, QUICK, SLOW } from '../../forge.ts'
import { runCliHere } from '../../in-process.ts'

let simulator: SimulatorProcess
let folder: string
beforeAll(async () => {
  simulator = await startSimulatorProcess({ seed: 5, behaviour: QUICK })
  await simulator.control({ version: 'slow', behaviour: SLOW })
  folder = mkdtempSync(join(tmpdir(), 'gate-accept-'))
  // As few requests as can show that its limits hold: no percentile that needs more of them.
  const small = configText({ url: simulator.url })
    .replace('requests: 60', 'requests: 30')
    .replace(/ttft_p95: .*/, 'ttft_p95: off')
  writeFileSync(join(folder, 'inference-gate.yml'), small)
  await said('record', '--times', '4')
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

const said = (...args: string[]) => runCliHere(args, { folder })
const stored = async () => (await folderStore(join(folder, '.inference-gate')).read('chat')).runs
const apart = async () => (await stored()).filter(({ standing }) => standing === 'held')

describe('a run that was kept apart', () => {
  it('is shown when it is accepted, and kept apart again when that is undone', async () => {
    expect((await said('record', '--endpoint-url', simulator.slowUrl)).code).toBe(1)
    const [held] = await apart()
    const accepted = await said('accept', '--reason', 'larger model')
    expect([accepted.code, accepted.out]).toEqual([
      0,
      expect.stringContaining(`${held?.run.id} of `),
    ])
    expect(await apart()).toEqual([])

    const undone = await said('accept', '--undo')
    expect([undone.code, undone.out]).toEqual([0, expect.stringContaining('is taken back; run')])
    expect((await apart()).map(({ run }) => run.id)).toEqual([held?.run.id])
    expect((await said('accept', '--undo')).out).toContain('has no accepted epoch')
  })

  it('is stale once newer runs were accepted, and is taken only by name', async () => {
    expect((await said('record')).code).toBe(0)
    const [held] = await apart()
    const refused = await said('accept', '--reason', 'larger model')
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('a newer run was accepted since: it is stale')
    expect(await apart()).toHaveLength(1)
    const named = await said('accept', '--reason', 'x', '--run', held?.run.id ?? '')
    expect(named.code).toBe(0)
    expect(await apart()).toEqual([])
  })
})

describe('record --times', () => {
  it('makes a baseline in one go, and refuses what it cannot repeat', async () => {
    const before = (await stored()).length
    const { code } = await said('record', '--times', '2', '--every', '10ms')
    expect(code).toBe(0)
    expect(await stored()).toHaveLength(before + 2)
    const wrong = await said('record', '--times', '2', '--every', 'soon')
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--every is "soon"')])
    const saved = await said('record', '--times', '2', '--results', 'x.json')
    expect(saved.err).toContain('--times cannot repeat saved runs')
  })
})

describe('ping', () => {
  it('says how one request ended, where its time went and what it cost', async () => {
    const { code, out } = await said('ping')
    expect(code).toBe(0)
    expect(out).toContain('ended      completed (HTTP 200)')
    expect(out).toMatch(/TTFT {7}\d.* after the request was written/)
    expect(out).toMatch(/tokens {5}\d+ in, \d+ out: the server's count/)
    expect(out).toMatch(/cost {7}\$0\.0/)
  })

  it('of an endpoint that refuses says what to do', async () => {
    const refused = await said('ping', '--endpoint-url', simulator.faultUrl('http-401'))
    expect(refused.code).toBe(3)
    expect(refused.out).toContain('ended      http-4xx (HTTP 401)')
    expect(refused.out).toContain('INFERENCE_GATE_API_KEY')
  })
})

describe('validate', () => {
  it('names the variables that a run would need', async () => {
    const text = configText({ url: simulator.url }).replace(
      'model: sim}',
      `model: sim, headers: {x-team: '$\{{ env.INFERENCE_GATE_TEAM }}'}}`,
    )
    writeFileSync(join(folder, 'env.yml'), text)
    const { code, out } = await said('validate', '--config', 'env.yml')
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(
        'not set here, and referred to by headers or URLs: INFERENCE_GATE_TEAM',
      ),
    ])
  })
})
