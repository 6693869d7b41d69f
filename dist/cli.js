#!/usr/bin/env node
import { createRequire as createRequireOfBundle } from 'node:module';
{ const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    console.error('inference-gate needs Node.js 24 (22.19 at least), this is ' + process.version + '. Install it, or run through npm in a clone, which brings it along.');
    process.exit(2); } }
const require = createRequireOfBundle(import.meta.url);

// src/cli.ts
var { runCli } = await import("./chunks/cli.js");
var stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
}
process.stdout.on("error", () => void 0);
process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  folder: process.cwd(),
  script: process.argv[1] ?? "",
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stdout.isTTY === true && process.env.TERM !== "dumb",
  width: process.stdout.columns ?? 100,
  signal: stop.signal
});
