// An exporter as large as a busy vLLM's, about 300 kB, in a process of its own: what is read of it while a
// measurement goes on is the overhead that the accuracy benchmark looks for. It ends with its
// standard input.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { metricsText, noNumbers } from '../../src/simulator/server-numbers.ts'

const SIZE = 300_000

const bucket = 'vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="m"} 1\n'
const text = metricsText(noNumbers()) + bucket.repeat(Math.ceil(SIZE / bucket.length))

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
  response.end(text)
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
