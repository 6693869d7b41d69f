// The commands of docs/imports.md, run by a shell as they are written, on files of the engines.

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { ROOT, run, temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const page = readFileSync(join(ROOT, 'docs/imports.md'), 'utf8')
const shells = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text)
const result = join(ROOT, '__tests__/fixtures/imports/vllm.json')

/** With the command line of this checkout as `inference-gate` and behind `npx`. */
const shell = (text: string) => run(folder, 'bash', ['-e', '-c', `PATH="$PWD/bin:$PATH"\n${text}`])

beforeAll(() => {
  mkdirSync(join(folder, 'bin'))
  const command = `exec "${process.execPath}" "${join(ROOT, 'dist/cli.js')}" "$@"\n`
  writeFileSync(join(folder, 'bin/inference-gate'), `#!/bin/sh\n${command}`)
  writeFileSync(join(folder, 'bin/npx'), '#!/bin/sh\nexec "$@"\n')
  writeFileSync(
    join(folder, 'bin/vllm'),
    `#!/bin/sh\ncp "${ROOT}/__tests__/fixtures/imports/vllm.json" result.json\n`,
  )
  for (const name of ['inference-gate', 'npx', 'vllm']) chmodSync(join(folder, 'bin', name), 0o755)
  mkdirSync(join(folder, '.github'))
  writeFileSync(
    join(folder, '.github/inference-gate.yml'),
    'gates: {chat: {endpoint: {url: https://inference.example.com/v1, model: m}, prices: {input: $1/M, output: $2/M}, limits: {error_rate: {ceiling: 95%}}}}\n',
  )
  mkdirSync(join(folder, 'nightly'))
  cpSync(result, join(folder, 'benchmarks.json'))
  cpSync(result, join(folder, 'nightly/monday.json'))
})

describe('docs/imports.md', () => {
  it('makes a baseline of several files with its loop', async () => {
    const loop = shells.find((text) => text.startsWith('for file')) ?? ''
    const { code, err } = await shell(loop)
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('Error') })
    expect(existsSync(join(folder, '.inference-gate'))).toBe(true)
  })

  it('imports a file and compares it with saved runs', async () => {
    await shell('inference-gate import nightly/monday.json --gate chat --report-dir old')
    mkdirSync(join(folder, 'baseline'))
    cpSync(join(folder, 'old/runs/chat.json'), join(folder, 'baseline/monday.json'))
    const pair = shells.find((text) => text.startsWith('inference-gate import')) ?? ''
    const { code, out } = await shell(pair)
    expect(out).toContain('runs/chat.json: ')
    // Few requests of a fixture decide nothing: the command has to work, not to pass.
    expect([0, 4]).toContain(code)
    expect(existsSync(join(folder, 'inference-gate-report/report.json'))).toBe(true)
  })

  it('imports in a workflow’s steps what its action step then takes', async () => {
    const [yaml = ''] = /(?<=```yaml\n)- run: vllm[\s\S]*?(?=```)/.exec(page) ?? []
    const steps: readonly { run?: string; with?: Record<string, string> }[] = parse(yaml)
    for (const { run: text } of steps) {
      if (text !== undefined) expect((await shell(text)).code).toBe(0)
    }
    const results = steps.at(-1)?.with?.results ?? ''
    expect(existsSync(join(folder, results.replace('*', 'chat')))).toBe(true)
  })
})
