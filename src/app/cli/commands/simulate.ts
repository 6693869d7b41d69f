// `inference-gate simulate`: an endpoint with a known truth, to try a config against without a key.

import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { PROFILES, type ProfileName, startSimulator } from '../../../simulator/simulator.ts'
import { type Arguments, type Command, wholeNumber } from '../command.ts'

const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[]

function profileOf(text: string | undefined): ProfileName {
  const found = PROFILE_NAMES.find((name) => name === (text ?? 'healthy'))
  if (found !== undefined) return found
  throw new GateError(
    'usage',
    `--profile is "${text}"; legal values: ${PROFILE_NAMES.join(', ')}`,
    'Correct the option.',
  )
}

const HIGHEST_PORT = 65_535

function portOf(args: Arguments): number {
  const port = wholeNumber(args, 'port') ?? 8080
  if (port <= HIGHEST_PORT) return port
  throw new GateError(
    'usage',
    `--port is ${port}; a port is a number from 0 to ${HIGHEST_PORT}, and 0 takes a free one`,
    'Correct the option.',
  )
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** A program that starts the simulator takes it along when it ends, however it ends. */
function untilInputEnds(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin
      .resume()
      .once('close', () => resolve())
      .once('end', () => resolve())
  })
}

export const simulate: Command = {
  name: 'simulate',
  summary: 'Run a simulated endpoint on this machine, to try a config against.',
  options: [
    { name: 'port', value: 'N', help: 'the port (default 8080; 0 takes a free one)' },
    { name: 'profile', value: 'NAME', help: `how /v1 behaves: ${PROFILE_NAMES.join(' or ')}` },
    { name: 'seed', value: 'N', help: 'the same seed gives the same endpoint (default 1)' },
    { name: 'api-key', value: 'KEY', help: 'refuse requests without this key' },
    { name: 'json', help: 'print the address as one line of JSON, for programs' },
    { name: 'until-input-ends', help: 'stop when standard input ends, for programs' },
  ],
  notes: `It speaks every API dialect. /v1 behaves as the profile says, /slow/v1 is always the regressed
one, so a regression can be tried with --endpoint-url http://127.0.0.1:8080/slow/v1.`,
  run: async (args, invocation) => {
    const apiKey = args.text('api-key')
    const simulator = await startSimulator({
      port: portOf(args),
      profile: profileOf(args.text('profile')),
      seed: wholeNumber(args, 'seed') ?? 1,
      apiKey,
    })
    const { url, port } = simulator
    invocation.out(
      args.given('json')
        ? `${JSON.stringify({ url, port })}\n`
        : `simulated endpoint at ${url} (regressed at ${url.replace(/\/v1$/, '/slow/v1')})\nCtrl-C stops it.\n`,
    )
    await (args.given('until-input-ends')
      ? Promise.race([untilAborted(invocation.signal), untilInputEnds()])
      : untilAborted(invocation.signal))
    // An open input would keep the process alive.
    process.stdin.destroy()
    await simulator.close()
    return EXIT.passed
  },
}
