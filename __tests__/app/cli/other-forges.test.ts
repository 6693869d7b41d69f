// What the command line writes for other forges, from a real run: `compare` judges what was measured.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type SimulatorProcess, startSimulatorProcess } from '../../simulator/simulator-process.ts'
import { configText, QUICK } from '../forge.ts'
import { runCliHere } from '../in-process.ts'

let simulator: SimulatorProcess
const folder = mkdtempSync(join(tmpdir(), 'gate-forges-'))
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

beforeAll(async () => {
  simulator = await startSimulatorProcess({ seed: 3, behaviour: QUICK })
  writeFileSync(join(folder, 'inference-gate.yml'), configText({ url: simulator.url }))
})
afterAll(async () => {
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('--format and --comment-file', () => {
  it('write what each forge shows, beside the report', async () => {
    const formats = ['--format', 'junit', '--format', 'gitlab', '--comment-file', 'out/comment.md']
    const { code } = await runCliHere(['record', ...formats], { folder })
    expect(code).toBe(0)
    expect(read('inference-gate-report/junit.xml')).toMatch(
      /<testsuite name="chat" tests="\d+" failures="0" errors="0"/,
    )
    expect(read('inference-gate-report/metrics.txt')).toMatch(
      /^inference_gate_ttft_p50_ms\{gate="chat"\} \d+(\.\d+)?$/m,
    )
    const comment = read('out/comment.md')
    expect(comment).toBe(read('inference-gate-report/comment.md'))
    expect(read('inference-gate-report/note.md')).toBe(`<!-- inference-gate:v1 -->\n${comment}`)
  })

  it('write nothing more where nobody asked', async () => {
    const runs = 'inference-gate-report/runs/chat.json'
    const other = ['--report-dir', 'plain']
    await runCliHere(['compare', runs, '--with', runs, ...other], { folder })
    expect(existsSync(join(folder, 'plain/report.json'))).toBe(true)
    for (const name of ['junit.xml', 'metrics.txt', 'note.md']) {
      expect(existsSync(join(folder, 'plain', name))).toBe(false)
    }
  })

  it('refuse a format that there is not, before anything is sent', async () => {
    const before = (await simulator.log()).length
    const { code, err } = await runCliHere(['run', '--format', 'xunit'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('--format is "xunit"; legal values: junit, gitlab')
    expect((await simulator.log()).length).toBe(before)
  })
})
