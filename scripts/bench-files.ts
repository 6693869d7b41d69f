// What reading a run file takes: milliseconds to decode runs of several sizes, the median of many times,
// and what parsing their JSON takes of it.
//
//   node scripts/bench-files.ts [--times 40]

import { parseArgs } from 'node:util'
import { sampleRun } from '../__tests__/baseline-samples.ts'
import { decodeRun, encodeRun } from '../src/wire/files/run-file.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '40' } } })
const TIMES = Number(values.times)

type Size = { readonly name: string; readonly texts: readonly string[] }

function runs(count: number, requests: number, tokens: number): readonly string[] {
  return Array.from({ length: count }, (_, n) =>
    encodeRun(sampleRun({ seed: n + 1, requests, tokens })),
  )
}

const SIZES: readonly Size[] = [
  { name: '400 requests', texts: runs(1, 400, 64) },
  { name: '12,800 requests', texts: runs(1, 12_800, 64) },
  { name: '12,800 probes', texts: runs(1, 12_800, 1) },
  { name: '20 runs of 200 requests', texts: runs(20, 200, 64) },
]

function medianMs(work: () => void): number {
  const lasted = Array.from({ length: TIMES }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
  return lasted.sort((a, b) => a - b)[Math.floor(TIMES / 2)] ?? Number.NaN
}

function decode(text: string): void {
  const decoded = decodeRun(text, 'run.json')
  if (!decoded.ok) throw new Error(decoded.problem)
}

function parse(text: string): void {
  JSON.parse(text)
}

for (const { name, texts } of SIZES) {
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6
  const decodedMs = medianMs(() => texts.forEach(decode))
  const parsedMs = medianMs(() => texts.forEach(parse))
  console.log(
    `${name} (${megabytes.toFixed(1)} MB): ${decodedMs.toFixed(1)} ms, JSON.parse ${parsedMs.toFixed(1)} ms`,
  )
}
