// The examples for other CI systems: commands that the command line takes, files that it writes, and a
// note that is edited in place, on a stand-in for the part of GitLab's API that it asks.

import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { parseArguments } from '../../src/app/cli/command.ts'
import { COMMANDS } from '../../src/app/cli/commands/commands.ts'
import { ROOT, ran, temporaryFolder } from './temporary-folder.ts'

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

/** The arguments of each call, as a shell would split them. */
function calls(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/inference-gate((?: (?:"[^"]*"|[^\s'"]+))+)/g)]
    .map(([, rest = '']) => [...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, a, b]) => a ?? b ?? ''))
    .filter(([name]) => COMMANDS.some((command) => command.name === name))
}

describe.each(['examples/gitlab/gitlab-ci.yml', 'examples/jenkins/Jenkinsfile', 'docs/forges.md'])(
  '%s',
  (path) => {
    it('gives the command line only what it takes', () => {
      const found = calls(read(path))
      expect(found.length).toBeGreaterThan(1)
      for (const [name, ...rest] of found) {
        const command = COMMANDS.find((one) => one.name === name)
        if (command === undefined) throw new Error(`${name} is no command`)
        expect(() => parseArguments(command, rest)).not.toThrow()
      }
    })
  },
)

describe('the pipeline for GitLab', () => {
  const pipeline = parse(read('examples/gitlab/gitlab-ci.yml'))

  it('judges merge requests, records the default branch, and takes turns', () => {
    expect(pipeline['inference-gate'].rules[0].if).toContain('merge_request_event')
    expect(pipeline['inference-gate-record'].rules[0].if).toContain('$CI_DEFAULT_BRANCH')
    expect(pipeline['.inference-gate'].resource_group).toBe('inference-gate')
  })

  it('hands over files that the options write', () => {
    expect(pipeline['inference-gate'].script.at(-1)).toMatch(/--format junit --format gitlab$/)
    expect(pipeline['inference-gate'].artifacts.reports).toEqual({
      junit: 'inference-gate-report/junit.xml',
      metrics: 'inference-gate-report/metrics.txt',
    })
  })
})

describe('the pipeline for Jenkins', () => {
  it('closes what it opens', () => {
    const text = read('examples/jenkins/Jenkinsfile')
      .replace(/\/\/.*$/gm, '')
      .replace(/'[^']*'/g, '')
    for (const [open, close] of ['{}', '()'].map((pair) => [...pair])) {
      expect(text.split(open ?? '').length).toBe(text.split(close ?? '').length)
    }
  })
})

type Note = { readonly id: number; readonly author: { readonly id: number }; body: string }

describe('the note on a merge request', () => {
  const folder = temporaryFolder()
  const notes: Note[] = []
  let server: Server

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let text = ''
      for await (const part of request) text += part
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://gitlab')
      const answer = (status: number, data: unknown, next = '') => {
        response.writeHead(status, { 'x-next-page': next }).end(JSON.stringify(data))
      }
      if (request.headers['private-token'] !== 'token') return answer(401, {})
      if (pathname === '/user') return answer(200, { id: 1 })
      if (request.method === 'GET') {
        const page = Number(searchParams.get('page'))
        const here = notes.slice(2 * page - 2, 2 * page)
        return answer(200, here, notes.length > 2 * page ? String(page + 1) : '')
      }
      const { body } = JSON.parse(text)
      if (request.method === 'POST') notes.push({ id: notes.length + 1, author: { id: 1 }, body })
      const edited = notes.find(({ id }) => pathname.endsWith(`/merge_requests/7/notes/${id}`))
      if (request.method === 'PUT' && edited !== undefined) edited.body = body
      return answer(edited === undefined && request.method === 'PUT' ? 404 : 200, {})
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => void server.close())

  const post = (text: string, token = 'token') => {
    writeFileSync(join(folder, 'note.md'), text)
    return ran(folder, process.execPath, [join(ROOT, 'examples/gitlab/note.mjs'), 'note.md'], {
      CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CI_PROJECT_ID: '3',
      CI_MERGE_REQUEST_IID: '7',
      INFERENCE_GATE_NOTE_TOKEN: token,
    })
  }

  it('is written once and then edited, on whatever page it stands, and no stranger’s is touched', async () => {
    for (const id of [11, 12]) notes.push({ id, author: { id: 2 }, body: '<!-- m -->\nnot ours' })
    await post('<!-- m -->\nfirst')
    await post('<!-- m -->\nsecond')
    expect(notes.map(({ body }) => body)).toEqual([
      '<!-- m -->\nnot ours',
      '<!-- m -->\nnot ours',
      '<!-- m -->\nsecond',
    ])
  })

  it('that cannot be written is said, and fails nothing', async () => {
    expect(await post('<!-- m -->\nthird', 'wrong')).toBe(
      'no note was written: GET /user answered 401',
    )
  })
})
