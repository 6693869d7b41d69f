// The simulator as a process of its own, for tests and benchmarks: options as JSON in the first
// argument, one line of JSON with the address on standard output. It ends with its standard input, so
// it cannot outlive the process that started it.

import { startSimulator } from './server.ts'

const simulator = await startSimulator(JSON.parse(process.argv[2] ?? '{}'))
process.stdout.write(`${JSON.stringify({ url: simulator.url, port: simulator.port })}\n`)
process.stdin.resume()
process.stdin.once('end', () => process.exit(0))
