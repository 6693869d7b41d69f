// The action's entrypoint: hands the runner's environment and signals to `runAction`. That is imported in
// the course of running, so that a Node too old to link it has read the bundle's first lines by then.

const { runAction } = await import('./app/action/action.ts')

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)))
}

process.exitCode = await runAction({
  env: process.env,
  write: (text) => void process.stdout.write(text),
  signal: stop.signal,
})
