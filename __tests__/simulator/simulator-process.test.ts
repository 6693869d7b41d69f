import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { machineClockMs } from '../../src/simulator/served-log.ts'
import type { SimulatorProcess } from './simulator-process.ts'
import { startSimulatorProcess } from './simulator-process.ts'
import { ask } from './streamed-answer.ts'

let simulator: SimulatorProcess

beforeAll(async () => {
  simulator = await startSimulatorProcess({ seed: 5, apiKey: 'sk-1' })
})
afterAll(() => simulator.stop())

describe('the simulator in a process of its own', () => {
  it('answers, with a log on the clock this process shares', async () => {
    const before = machineClockMs()
    const { told } = await ask({ url: simulator.url, apiKey: 'sk-1' })
    const after = machineClockMs()
    expect(told).toMatchObject({ tokenEvents: 8, terminal: true })
    const [served] = await simulator.log()
    expect(served?.readMs).toBeGreaterThan(before)
    expect(served?.endMs).toBeLessThan(after)
  })

  it('has the regressed endpoint and one for each fault', async () => {
    expect((await ask({ url: simulator.slowUrl, apiKey: 'sk-1' })).status).toBe(200)
    expect((await ask({ url: simulator.faultUrl('http-503'), apiKey: 'sk-1' })).status).toBe(503)
  })

  it('is changed while it runs, and refuses what is not known', async () => {
    const now = await simulator.control({ behaviour: { outputTokens: 2 } })
    expect(now).toMatchObject({ version: 'main' })
    expect((await ask({ url: simulator.url, apiKey: 'sk-1' })).told.tokenEvents).toBe(2)
    const change = JSON.parse('{"speed":1}')
    await expect(simulator.control(change)).rejects.toThrow('speed')
  })

  it('stops, and its port with it', async () => {
    const short = await startSimulatorProcess()
    await short.stop()
    const socket = connect(short.port, '127.0.0.1')
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
  })

  it('says that it could not start', async () => {
    await expect(startSimulatorProcess({ port: simulator.port })).rejects.toThrow('EADDRINUSE')
  })
})
