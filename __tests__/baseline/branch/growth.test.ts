import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { watchGrowth } from '../../../src/baseline/branch/growth.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-growth-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a folder that grows', () => {
  it('is seen while it does, whatever subfolder the bytes are in', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const growth = watchGrowth({ folder, mostBytes: 1000 }, resolve)
    expect(growth.beyond()).toBeUndefined()
    mkdirSync(join(folder, 'pack'))
    writeFileSync(join(folder, 'pack', 'one'), 'x'.repeat(600))
    expect(growth.beyond()).toBeUndefined()
    writeFileSync(join(folder, 'two'), 'x'.repeat(600))
    await promise
    growth.stop()
    expect(growth.beyond()).toBe(1000)
  })

  it('was too large, whatever is there afterwards', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const growth = watchGrowth({ folder, mostBytes: 10 }, resolve)
    writeFileSync(join(folder, 'one'), 'x'.repeat(600))
    await promise
    rmSync(join(folder, 'one'))
    growth.stop()
    expect(growth.beyond()).toBe(10)
  })

  it('that is not there has no size', () => {
    const growth = watchGrowth({ folder: join(folder, 'nothing'), mostBytes: 0 }, () => {})
    growth.stop()
    expect(growth.beyond()).toBeUndefined()
  })
})
