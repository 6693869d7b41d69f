// Several configs in one repository, each with a gate of the same name and load: none is judged by the
// runs of another, and a config that is moved keeps its own.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  type SimulatorProcess,
  startSimulatorProcess,
} from '../../../simulator/simulator-process.ts'
import { configText, QUICK, SLOW } from '../../forge.ts'
import { runCliHere } from '../../in-process.ts'

let simulator: SimulatorProcess
let slow: SimulatorProcess
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-two-'))
  execFileSync('git', ['init', '-q', folder])
  simulator = await startSimulatorProcess({ seed: 3, behaviour: QUICK })
  slow = await startSimulatorProcess({ seed: 4, behaviour: SLOW })
  for (const [service, { url }] of [['a', simulator] as const, ['b', slow] as const]) {
    mkdirSync(join(folder, 'services', service), { recursive: true })
    // As few requests as can show that its limits hold: no percentile that needs more of them.
    const small = configText({ url })
      .replace('requests: 60', 'requests: 30')
      .replace(/ttft_p95: .*/, 'ttft_p95: off')
    writeFileSync(join(folder, 'services', service, 'gate.yml'), small)
  }
})
afterAll(async () => {
  await Promise.all([simulator.stop(), slow.stop()])
  rmSync(folder, { recursive: true, force: true })
})

const gate = (command: string, config: string, within = folder) =>
  runCliHere([command, '--config', config, '--baseline', join(folder, 'store')], {
    folder: within,
  })

describe('two configs of one repository with gates of one name', () => {
  it('are recorded apart, one slower than the other', async () => {
    for (const config of ['services/a/gate.yml', 'services/b/gate.yml', 'services/a/gate.yml']) {
      const { code, err } = await gate('record', config)
      expect(err).toContain('chat: recorded in folder')
      expect(code).toBe(0)
    }
  })

  it('are judged each by its own runs, and the headline says which config it is of', async () => {
    const b = await gate('run', 'services/b/gate.yml')
    expect(b.out).toContain('Passed: chat (services/b/gate.yml): ')
    expect(b.out).toContain(
      '2 stored runs belong to a gate of the same name in services/a/gate.yml and are left out',
    )
    // However the file is spelt, and wherever the command is given.
    const a = await gate('run', 'gate.yml', join(folder, 'services/a'))
    expect(a.out).toContain('Passed: chat (services/a/gate.yml): ')
    expect(a.out).not.toContain('slower')
  })

  it('have histories of their own', async () => {
    const { out } = await gate('history', 'services/b/gate.yml')
    expect(out).toContain('chat (services/b/gate.yml), from folder')
    expect(out.match(/accepted/g)).toHaveLength(1)
  })

  it('keep their baseline when the file is moved', async () => {
    renameSync(join(folder, 'services/a/gate.yml'), join(folder, 'moved.yml'))
    const { out } = await gate('run', 'moved.yml')
    expect(out).toContain('Passed: chat (moved.yml): ')
    const history = await gate('history', 'moved.yml')
    expect(history.out.match(/accepted/g)).toHaveLength(2)
    const shapes = join(folder, 'store/v1')
    const groups = readdirSync(shapes, { recursive: true, encoding: 'utf8' })
    expect(
      groups.filter((path) => /-services-[ab]-gate-yml-[0-9a-f]{10}$/.test(path)),
    ).toHaveLength(2)
  })
})
