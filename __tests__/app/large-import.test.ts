// Result files that are too large to be read at once: read as they come, with what is kept of them
// counted in bytes, and the same runs as a small file with the same requests.

import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { importFiles } from '../../src/app/imported-runs.ts'
import { largeFile } from '../../src/wire/imports/large-file.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gate-large-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const MIB = 2 ** 20
const REQUEST = { folder: '', gate: 'chat', prices: { kind: 'none' }, provenance: {} } as const

/** A stream of so many words, as the server sent it. */
function streamOf(words: number, isWhole: boolean): string {
  const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'word "é" \\' } }] })}\n\n`
  return `${chunk.repeat(words)}${isWhole ? 'data: [DONE]\n\n' : ''}`
}

/** Of inference-perf: a prompt, a stream and its chunks, the same figures however long they are. */
function elementOf(index: number, words: number): string {
  const start = 100 + index * 0.05
  const times = [0.02, 0.03, 0.05].map((after) => start + after + (index % 7) * 0.001)
  const messages = [{ role: 'user', content: 'a "prompt" '.repeat(words) }]
  const stream = streamOf(words, index % 10 !== 9)
  return JSON.stringify({
    start_time: start,
    end_time: start + 0.06,
    request: JSON.stringify({ model: 'm', messages, max_tokens: 3 }),
    response: stream,
    info: {
      response_metrics: {
        output_tokens: 3,
        response_chunks: stream.split('\n\n'),
        chunk_times: times,
        server_usage: { prompt_tokens: 20, completion_tokens: 3 },
      },
    },
    error: null,
  })
}

function writeElements(path: string, count: number, words: number): void {
  const file = openSync(path, 'w')
  for (let index = 0; index < count; index++) {
    writeSync(file, `${index === 0 ? '[' : ','}\n${elementOf(index, words)}`)
  }
  writeSync(file, '\n]')
  closeSync(file)
}

describe('a result file of more than 64 MiB', () => {
  it('gives the runs that it would give if its texts were short', async () => {
    writeElements(join(folder, 'large.json'), 60, 8000)
    writeElements(join(folder, 'small.json'), 60, 2)
    expect(statSync(join(folder, 'large.json')).size).toBeGreaterThan(64 * MIB)
    const [large, small] = await Promise.all(
      ['large.json', 'small.json'].map(async (path) => {
        const [file] = await importFiles([path], { ...REQUEST, folder })
        return file?.runs[0]
      }),
    )
    expect(large?.records).toHaveLength(60)
    expect(large?.records.filter(({ outcome }) => outcome === 'truncated')).toHaveLength(6)
    expect(large?.records).toEqual(small?.records)
    expect(large?.subject).toEqual(small?.subject)
    expect(large?.id).not.toBe(small?.id)
  })

  it('is never held whole: what is kept is counted', () => {
    const file = largeFile(undefined)
    const encoder = new TextEncoder()
    let size = 0
    for (let index = 0; index < 60; index++) {
      const bytes = encoder.encode(`${index === 0 ? '[' : ','}${elementOf(index, 8000)}`)
      for (let at = 0; at < bytes.length; at += 65_536) file.push(bytes.subarray(at, at + 65_536))
      size += bytes.length
      // A request keeps the ends of its prompt and of its stream, and its figures.
      expect(file.kept()).toBeLessThan((index + 1) * 28_000)
    }
    expect(size).toBeGreaterThan(64 * MIB)
  })

  it('of k6 keeps the samples that are read', async () => {
    const point = (metric: string, value: number) =>
      `${JSON.stringify({ metric, type: 'Point', data: { time: '2026-11-01T12:00:00Z', value, tags: { url: 'x'.repeat(600) } } })}\n`
    const samples = ['http_reqs', 'ttft', 'http_req_duration', 'http_req_blocked', 'data_sent']
    const one = samples.map((metric) => point(metric, 1)).join('')
    const head = `${JSON.stringify({ type: 'Metric', metric: 'ttft', data: { type: 'trend' } })}\n`
    writeFileSync(join(folder, 'k6.json'), head + one.repeat(20_500))
    expect(statSync(join(folder, 'k6.json')).size).toBeGreaterThan(64 * MIB)
    const request = { ...REQUEST, folder, ttftMetric: 'ttft' }
    const [file] = await importFiles(['k6.json'], request)
    expect(file?.runs[0]?.records).toHaveLength(20_500)
  })

  it('is refused where what has to be kept is too much', () => {
    const file = largeFile(undefined, MIB)
    const numbers = new TextEncoder().encode(`[${'0.123456789,'.repeat(2000)}`)
    expect(() => {
      for (let round = 0; round < 100; round++) file.push(numbers)
    }).toThrow('holds more than 1 MiB beside its texts')
  })
})
