// Outputs, summary, annotations and masks as the runner reads them: the files it names, and the lines
// written to standard output.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals'
import { annotate, maskSecret, setOutputs, writeSummary } from '../../src/github/runner.ts'

const folder = mkdtempSync(join(tmpdir(), 'runner-'))

afterEach(() => {
  delete process.env.GITHUB_OUTPUT
  jest.restoreAllMocks()
})
afterAll(() => rmSync(folder, { recursive: true }))

function emptyFile(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, '')
  return path
}

/** What reaches standard output, where the runner listens. */
function printedBy(act: () => void): string {
  const lines: string[] = []
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    lines.push(String(chunk))
    return true
  })
  act()
  write.mockRestore()
  return lines.join('')
}

describe('the runner', () => {
  it('gets each output, also of several lines, and an empty one for what is not known', () => {
    const file = emptyFile('output')
    process.env.GITHUB_OUTPUT = file
    setOutputs({
      verdict: 'failed',
      headline: 'a\nverdict=passed',
      'ttft-p50-ms': 12.5,
      'error-rate': undefined,
    })
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/^verdict<<(ghadelimiter_[\w-]+)\nfailed\n\1\n/)
    expect(text).toMatch(/headline<<(ghadelimiter_[\w-]+)\na\nverdict=passed\n\1\n/)
    expect(text).toMatch(/ttft-p50-ms<<(\S+)\n12\.5\n\1\n/)
    expect(text).toMatch(/error-rate<<(\S+)\n\n\1\n/)
  })

  it('gets the summary after what the step wrote before', async () => {
    const file = emptyFile('summary')
    writeFileSync(file, 'before\n')
    await writeSummary('# after', file)
    expect(readFileSync(file, 'utf8')).toBe('before\n# after\n')
  })

  it('is not needed: outside a job there is no summary', async () => {
    await writeSummary('x', undefined)
    await writeSummary('x', '')
  })

  it('is told when the summary cannot be written', async () => {
    await expect(writeSummary('x', folder)).rejects.toMatchObject({
      kind: 'file',
      message: `The job summary ${folder} cannot be written.`,
    })
  })

  it('gets annotations on the line of a file, and no command that a message holds', () => {
    const printed = printedBy(() =>
      annotate([
        {
          level: 'error',
          message: 'bad%\n::set-output name=x::y',
          title: 'a,b:c',
          file: 'gate.yml',
          line: 3,
          column: 5,
        },
        { level: 'notice', message: 'fine' },
      ]),
    )
    expect(printed).toBe(
      '::error title=a%2Cb%3Ac,file=gate.yml,line=3,col=5::bad%25%0A::set-output name=x::y\n::notice::fine\n',
    )
  })

  it('gets ten annotations of a level, the last of which says how many are left', () => {
    const printed = printedBy(() =>
      annotate(
        Array.from({ length: 25 }, (_none, index) => ({
          level: 'warning' as const,
          message: `w${index}`,
        })),
      ),
    )
    const lines = printed.trimEnd().split('\n')
    expect(lines).toHaveLength(10)
    expect(lines[9]).toBe('::warning::w9 (and 15 more)')
  })

  it('masks a secret, and each line of one that has several', () => {
    const printed = printedBy(() => {
      maskSecret('first-line\nsecond-line')
      maskSecret('')
    })
    expect(printed).toBe(
      '::add-mask::first-line%0Asecond-line\n::add-mask::first-line\n::add-mask::second-line\n',
    )
  })
})
