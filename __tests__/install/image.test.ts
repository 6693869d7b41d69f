// The container image where no container can be run: what its recipe says, and its steps done by
// hand in a folder that stands for the image.

import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { ROOT, ran, temporaryFolder } from './temporary-folder.ts'

const recipe = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replace(/\\\n/g, ' ')
const steps = recipe
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(/\s+(.*)/s))
  .map(([word = '', rest = '']) => ({ word, rest: rest.trim() }))
const image = temporaryFolder()
const all = (word: string) => steps.filter((step) => step.word === word).map(({ rest }) => rest)

describe('the recipe of the image', () => {
  it('has only words that exist, and starts from Node 24 pinned by digest', () => {
    const words = ['FROM', 'LABEL', 'RUN', 'COPY', 'USER', 'WORKDIR', 'ENTRYPOINT', 'CMD']
    expect(words).toEqual(expect.arrayContaining(steps.map(({ word }) => word)))
    expect(steps[0]?.rest).toMatch(/^node:24-alpine@sha256:[0-9a-f]{64}$/)
  })

  it('brings git, and runs as somebody who is not root', () => {
    expect(all('RUN')).toContain('apk add --no-cache git')
    expect(all('USER')).toEqual(['node'])
    const last = (word: string) => steps.findLastIndex((step) => step.word === word)
    expect(last('USER')).toBeGreaterThan(last('RUN'))
  })

  it('lets in what it copies and nothing else', () => {
    const [nothing, ...let_] = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n')
    expect(nothing).toBe('*')
    const copied = all('COPY').flatMap((rest) => rest.split(' ').slice(0, -1))
    const names = copied.map((path) => path.replace(/\/$/, '')).sort()
    expect(let_.map((line) => line.replace(/^!/, '')).sort()).toEqual(names)
  })

  it('gives a command that runs from what was copied', async () => {
    for (const rest of all('COPY')) {
      const paths = rest.split(' ')
      const to = join(image, paths.at(-1) ?? '')
      mkdirSync(to, { recursive: true })
      for (const path of paths.slice(0, -1)) {
        const target = path.endsWith('/') ? to : join(to, path)
        cpSync(join(ROOT, path), target, { recursive: true })
      }
    }
    for (const [, from = '', to = ''] of recipe.matchAll(/ln -s (\S+) (\S+)/g)) {
      mkdirSync(dirname(join(image, to)), { recursive: true })
      symlinkSync(join(image, from), join(image, to))
    }
    const [command = ''] = JSON.parse(all('ENTRYPOINT')[0] ?? '[]')
    const program = join(image, 'usr/local/bin', command)
    expect(existsSync(program)).toBe(true)
    expect(statSync(program).mode & 0o111).not.toBe(0)
    expect(await ran(image, program, JSON.parse(all('CMD')[0] ?? '[]'))).toContain('inference-gate')
  })
})
