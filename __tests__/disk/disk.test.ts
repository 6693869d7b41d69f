import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  findFiles,
  readText,
  readTextIfThere,
  writeFolder,
  writeText,
} from '../../src/disk/disk.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('reading', () => {
  it('gives the text of a file', async () => {
    writeFileSync(join(folder, 'a.txt'), 'hé')
    expect(await readText(join(folder, 'a.txt'))).toBe('hé')
  })

  it('tells a missing file from one that cannot be read', async () => {
    expect(await readTextIfThere(join(folder, 'none', 'a.txt'))).toBeUndefined()
    await expect(readText(join(folder, 'none.txt'))).rejects.toMatchObject({
      kind: 'file',
      message: `there is no file ${join(folder, 'none.txt')}`,
    })
    await expect(readTextIfThere(folder)).rejects.toMatchObject({
      kind: 'file',
      message: `${folder} cannot be read: EISDIR`,
    })
  })
})

describe('writing', () => {
  it('makes the folders on the way and leaves no unfinished file', async () => {
    await writeFolder(folder, { 'report.json': '{}', 'runs/chat.json': '[]' })
    expect(readFileSync(join(folder, 'runs/chat.json'), 'utf8')).toBe('[]')
    expect(findFiles('**/*', folder)).toEqual(['report.json', 'runs', 'runs/chat.json'])
  })

  it('names the path it cannot write', async () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file', 'below.json')
    await expect(writeText(path, '')).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining(`${path} cannot be written`),
    })
  })
})
