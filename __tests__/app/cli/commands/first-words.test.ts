// What a person meets who mistypes: the place, the value, the legal ones, and never a bug of ours.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { encodeRun } from '../../../../src/wire/files/run-file.ts'
import { sampleRun } from '../../../baseline-samples.ts'
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

describe('compare --table', () => {
  it('puts saved runs beside each other, and writes a page', async () => {
    for (const seed of [1, 2]) {
      writeFileSync(join(folder, `run-${seed}.json`), encodeRun(sampleRun({ seed, requests: 40 })))
    }
    const { code, out } = await said('compare', '--table', 'run-1.json', 'run-2.json')
    expect(code).toBe(0)
    expect(out).toContain('Side by side: 2 endpoints')
    expect(out).toMatch(/^ {2}1\. .*40 /m)
    const page = join(folder, 'inference-gate-report/side-by-side.html')
    expect(readFileSync(page, 'utf8')).toContain('Endpoints side by side')
    const alone = await said('compare', '--table', 'run-1.json')
    expect([alone.code, alone.err]).toEqual([2, expect.stringContaining('has 1 run; it needs 2')])
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
