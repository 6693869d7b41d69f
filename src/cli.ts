#!/usr/bin/env node
// The command-line entrypoint: hands the process's arguments, streams and signals to `runCli`. That is
// imported in the course of running, so that a Node too old to link it has read the bundle's first
// lines by then.

const { runCli } = await import('./app/cli/cli.ts')

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
}
// A reader that went away (`| head`) is no fault of the gate.
process.stdout.on('error', () => undefined)

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  script: process.argv[1] ?? '',
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stdout.isTTY === true && process.env.TERM !== 'dumb',
  width: process.stdout.columns ?? 100,
  signal: stop.signal,
})
