import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  findFiles,
  makeFolder,
  readText,
  readTextBelow,
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
      message: `${folder} is no regular file`,
    })
  })
})

describe('what is no plain file', () => {
  it('is refused before a byte of it is read: a pipe, a device', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/zero']) {
      await expect(readText(path)).rejects.toMatchObject({
        kind: 'file',
        message: `${path} is no regular file`,
      })
    }
  })

  it('is counted while it is read, however small it says that it is', async () => {
    const path = join(folder, 'large')
    writeFileSync(path, '')
    truncateSync(path, 65 * 1024 * 1024)
    await expect(readText(path)).rejects.toMatchObject({
      message: expect.stringContaining('is too large'),
    })
  })

  it('is not followed out of the folder that it is named in', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'gate-outside-'))
    writeFileSync(join(outside, 'secret.jsonl'), 'secret')
    symlinkSync(join(outside, 'secret.jsonl'), join(folder, 'prompts.jsonl'))
    symlinkSync(outside, join(folder, 'linked'))
    for (const path of ['prompts.jsonl', 'linked/secret.jsonl', './linked/../prompts.jsonl']) {
      await expect(readTextBelow(folder, path)).rejects.toMatchObject({
        message: expect.stringContaining('leads out of'),
      })
    }
    writeFileSync(join(folder, 'own.jsonl'), 'own')
    symlinkSync(join(folder, 'own.jsonl'), join(folder, 'alias.jsonl'))
    expect(await readTextBelow(folder, 'alias.jsonl')).toBe('own')
    rmSync(outside, { recursive: true })
  })
})

describe('writing through a link', () => {
  it('never happens: the folder, one below it, the unfinished file, the file itself', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'gate-outside-'))
    const report = join(folder, 'report')
    writeFileSync(join(outside, 'report.json'), 'theirs')
    symlinkSync(outside, report)
    await expect(writeFolder(report, { 'report.json': '{}' })).rejects.toThrow('is a link')
    await expect(makeFolder(report)).rejects.toThrow('is a link')
    rmSync(report)
    mkdirSync(report)
    symlinkSync(outside, join(report, 'runs'))
    await expect(writeFolder(report, { 'runs/report.json': '{}' })).rejects.toThrow('is a link')
    for (const name of ['report.json', 'report.json.unfinished']) {
      symlinkSync(join(outside, 'report.json'), join(report, name))
    }
    await writeFolder(report, { 'report.json': '{}' })
    expect(readFileSync(join(report, 'report.json'), 'utf8')).toBe('{}')
    expect(readFileSync(join(outside, 'report.json'), 'utf8')).toBe('theirs')
    rmSync(outside, { recursive: true })
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
