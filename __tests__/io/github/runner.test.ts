// Outputs, summary, annotations and masks as the runner reads them: from a real process, whose output
// and files are looked at.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'

const folder = mkdtempSync(join(tmpdir(), 'runner-'))
const room = new URL('../../../src/io/github/runner.ts', import.meta.url).href

afterAll(() => rmSync(folder, { recursive: true }))

/** Runs statements that know everything of the room as `room`. */
function inJob(statements: string, env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', `import * as room from '${room}'; ${statements}`],
    { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' },
  )
  return { stdout, stderr, status }
}

describe('the runner', () => {
  it('gets each output, also of several lines, and an empty one for what is not known', () => {
    const file = join(folder, 'output')
    writeFileSync(file, '')
    inJob(
      `room.setOutputs({ verdict: 'failed', headline: 'a\\nverdict=passed', 'ttft-p50-ms': 12.5, 'error-rate': undefined })`,
      {
        GITHUB_OUTPUT: file,
      },
    )
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^verdict<<(ghadelimiter_[\w-]+)\nfailed\n\1\n/)
    expect(text).toMatch(/headline<<(ghadelimiter_[\w-]+)\na\nverdict=passed\n\1\n/)
    expect(text).toMatch(/ttft-p50-ms<<(\S+)\n12\.5\n\1\n/)
    expect(text).toMatch(/error-rate<<(\S+)\n\n\1\n/)
  })

  it('gets the summary after what the step wrote before', () => {
    const file = join(folder, 'summary')
    writeFileSync(file, 'before\n')
    inJob(`await room.writeSummary('# after')`, { GITHUB_STEP_SUMMARY: file })
    expect(readFileSync(file, 'utf8')).toBe('before\n# after\n')
  })

  it('is not needed: outside a job there is no summary', () => {
    expect(inJob(`await room.writeSummary('x')`)).toEqual({ stdout: '', stderr: '', status: 0 })
  })

  it('is told when the summary cannot be written', () => {
    const { stdout } = inJob(
      `await room.writeSummary('x').catch((error) => console.log(error.kind, error.message))`,
      { GITHUB_STEP_SUMMARY: folder },
    )
    expect(stdout).toBe(`file The job summary ${folder} cannot be written.\n`)
  })

  it('gets annotations on the line of a file, and no command that a message holds', () => {
    const { stdout } = inJob(
      `room.annotate([{ level: 'error', message: 'bad%\\n::set-output name=x::y', title: 'a,b:c', file: 'gate.yml', line: 3, column: 5 }, { level: 'notice', message: 'fine' }])`,
    )
    expect(stdout).toBe(
      '::error title=a%2Cb%3Ac,file=gate.yml,line=3,col=5::bad%25%0A::set-output name=x::y\n::notice::fine\n',
    )
  })

  it('gets ten annotations of a level, the last of which says how many are left', () => {
    const { stdout } = inJob(
      `room.annotate(Array.from({ length: 25 }, (_none, n) => ({ level: 'warning', message: 'w' + n })))`,
    )
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[9]).toBe('::warning::w9 (and 15 more)')
  })

  it('masks a secret, and each line of one that has several', () => {
    const { stdout } = inJob(`room.maskSecret('first-line\\nsecond-line'); room.maskSecret('')`)
    expect(stdout).toBe(
      '::add-mask::first-line%0Asecond-line\n::add-mask::first-line\n::add-mask::second-line\n',
    )
  })
})
