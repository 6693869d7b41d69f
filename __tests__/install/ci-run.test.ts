// `.ci/run` around its checks: what it counts, what it leaves out, and how it ends. The checks themselves
// are stand-ins, or running the tests would be one of the tests.

import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { ROOT, ran, run, temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
const work = join(folder, 'work')
const bin = join(folder, 'bin')
const NEEDED = [
  'bash',
  'cat',
  'cut',
  'dirname',
  'env',
  'git',
  'grep',
  'head',
  'mktemp',
  'rm',
  'sed',
  'tail',
  'tee',
]

/** A machine with these programs and no others: neither Go nor Python. */
const ciRun = (env: Readonly<Record<string, string>> = {}) =>
  run(work, join(bin, 'bash'), ['.ci/run'], { PATH: bin, HOME: folder, ...env })

beforeAll(async () => {
  for (const path of ['.ci', '.github', 'examples', 'README.md', 'action.yml']) {
    cpSync(join(ROOT, path), join(work, path), { recursive: true })
  }
  mkdirSync(bin)
  for (const name of NEEDED) {
    symlinkSync(await ran(folder, 'bash', ['-c', `command -v ${name}`]), join(bin, name))
  }
  writeFileSync(
    join(bin, 'npm'),
    `#!/usr/bin/env bash
case "$*" in
  test) echo "Tests:       \${FAILING:+$FAILING failed, }5 passed, 5 total"; [ -z "\${FAILING:-}" ] ;;
  *) exit 0 ;;
esac
`,
  )
  chmodSync(join(bin, 'npm'), 0o755)
  await ran(work, 'git', ['init', '--quiet'])
})

describe('.ci/run', () => {
  it("runs the README's own test command", async () => {
    const [command] =
      /^npm .*$/m.exec(
        readFileSync(join(ROOT, 'README.md'), 'utf8').split('<!-- test-command -->')[1] ?? '',
      ) ?? []
    expect((await ciRun()).out).toContain(`$ ${command}\n`)
  })

  it('leaves out the linters that cannot be had, says so, and counts them as nothing', async () => {
    const { code, out } = await ciRun()
    expect(out).toContain(
      'actionlint cannot be had here\nSKIPPED: actionlint over workflows and examples',
    )
    expect(out).toContain('zizmor cannot be had here\nSKIPPED: zizmor')
    // Five tests and the checks that passed.
    const checks = out.match(/^== /gm)?.length ?? 0
    expect(out.trimEnd().split('\n').at(-1)).toBe(`${5 + checks - 2} passed, 0 failed`)
    expect(code).toBe(0)
  })

  it('ends with what failed, tests and checks alike', async () => {
    const { code, out } = await ciRun({ FAILING: '2' })
    expect(out).toContain('FAILED: tests (README command)')
    expect(out.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 3 failed$/)
    expect(code).toBe(1)
  })
})
