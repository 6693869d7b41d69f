// What a person meets who mistypes: the place, the value, the legal ones, and never a bug of ours.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runCliHere } from '../../in-process.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-words-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const said = (...args: string[]) => runCliHere(args, { folder })

describe('a mistyped command line', () => {
  it('is told the nearest command and option', async () => {
    expect((await said('runn')).err).toContain('there is no command "runn", did you mean "run"?')
    expect((await said('run', '--bseline', 'x')).err).toContain(
      'unknown option --bseline, did you mean "--baseline"?',
    )
  })

  it('with a port that cannot be is a mistake of the command line', async () => {
    const { code, err } = await said('simulate', '--port', '99999')
    expect(code).toBe(2)
    expect(err).toContain('--port is 99999; a port is a number from 0 to 65535')
  })

  it('names the option and not a file that is not there', async () => {
    const { code, err } = await said('init', '--url', 'foo', '--model', 'x')
    expect(code).toBe(2)
    expect(err).toContain('--url: this is not a URL')
    expect(err).not.toContain('.yml')
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not blame the config for an option', async () => {
    await said('init', '--url', 'http://127.0.0.1:9/v1', '--model', 'x')
    const { code, err } = await said('run', '--endpoint-url', 'foo')
    expect(code).toBe(2)
    expect(err).toContain('--endpoint-url cannot be used')
    expect(err).not.toContain('inference-gate.yml has')
  })
})

describe('the history as files', () => {
  it('is written where it is asked for, and nothing else is printed', async () => {
    await said('init', '--url', 'http://127.0.0.1:9/v1', '--model', 'x')
    const args = ['history', '--html', 'out/page.html', '--badge', 'out/badge.json']
    const { code, out } = await said(...args)
    expect([code, out]).toEqual([0, 'wrote out/page.html\nwrote out/badge.json\n'])
    expect(readFileSync(join(folder, 'out/page.html'), 'utf8')).toContain('<h1>Inference history')
    expect(JSON.parse(readFileSync(join(folder, 'out/badge.json'), 'utf8'))).toMatchObject({
      message: 'no baseline',
    })
  })
})
