// `inference-gate init`: writes a config and a workflow to start from. Nothing that is there already is
// overwritten.

import { join } from 'node:path'
import {
  STARTER_CONFIG,
  STARTER_WORKFLOW,
  type StarterOptions,
  writeStarterConfig,
  writeStarterWorkflow,
} from '../../../config/config.ts'
import { readTextIfThere, writeText } from '../../../disk/disk.ts'
import { DIALECTS, type DialectName } from '../../../model/config.ts'
import { GateError } from '../../../model/errors.ts'
import { EXIT } from '../../../model/exit-codes.ts'
import { REPOSITORY } from '../../../model/tool.ts'
import { ConfigProblems } from '../../config-problems.ts'
import { readConfig } from '../../config-source.ts'
import type { Arguments, Command, Invocation } from '../command.ts'

const ACTION = `${REPOSITORY}@v1`

export const init: Command = {
  name: 'init',
  summary: 'Write a config and a workflow for your endpoint.',
  options: [
    { name: 'url', value: 'URL', help: "the endpoint's base URL, as https://host/v1 (required)" },
    { name: 'model', value: 'NAME', help: 'the model to ask for (required)' },
    { name: 'api', value: 'DIALECT', help: `${DIALECTS.join(', ')} (default openai-chat)` },
    { name: 'price-input', value: 'PRICE', help: 'of input tokens, as $0.60/M' },
    { name: 'price-output', value: 'PRICE', help: 'of output tokens, as $2.40/M' },
    {
      name: 'affected-by',
      value: 'LIST',
      help: "what here can change what is measured: config, or config,'src/llm/**' (default: anything)",
    },
    { name: 'default-branch', value: 'NAME', help: 'the branch that records (default main)' },
    { name: 'secret', value: 'NAME', help: 'the secret with the key (default INFERENCE_API_KEY)' },
    { name: 'action', value: 'REF', help: `the action to use (default ${ACTION})` },
  ],
  run: async (args, invocation) => {
    const starter = starterOf(args)
    const config = writeStarterConfig(starter)
    // Before anything is written: a config that cannot be used is no start.
    await refuseUnusable(config, invocation)
    await writeNew(STARTER_CONFIG, config, invocation)
    await writeNew(STARTER_WORKFLOW, writeStarterWorkflow(starter), invocation)
    invocation.out(`Next: store the key as the repository secret ${starter.secret ?? 'INFERENCE_API_KEY'}, then
commit both files. Try it here with inference-gate record and inference-gate run.
`)
    return EXIT.passed
  },
}

/** The file is not there yet, so what is wrong is named by the option that would have put it there. */
async function refuseUnusable(config: string, invocation: Invocation): Promise<void> {
  try {
    await readConfig({
      file: STARTER_CONFIG,
      read: async (path) => (path === STARTER_CONFIG ? config : undefined),
      env: invocation.env,
      overrides: {},
      unsetEnv: 'blank',
    })
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    const problems = error.issues.map(({ path, message }) => `${optionOf(path)}: ${message}`)
    throw new GateError('usage', problems.join('; '), 'Correct the option; nothing was written.')
  }
}

const OPTION_OF: Readonly<Record<string, string>> = {
  url: '--url',
  model: '--model',
  api: '--api',
  input: '--price-input',
  output: '--price-output',
}

function optionOf(path: string): string {
  return OPTION_OF[path.split('.').at(-1) ?? ''] ?? path
}

function starterOf(args: Arguments): StarterOptions {
  const api = args.text('api')
  const prices = pricesOf(args)
  const defaultBranch = args.text('default-branch')
  const secret = args.text('secret')
  return {
    url: required(args, 'url'),
    model: required(args, 'model'),
    action: args.text('action') ?? ACTION,
    api: api === undefined ? undefined : dialectOf(api),
    prices,
    affectedBy: args
      .text('affected-by')
      ?.split(',')
      .map((item) => item.trim()),
    defaultBranch,
    secret,
  }
}

function required(args: Arguments, name: string): string {
  const value = args.text(name)
  if (value !== undefined && value !== '') return value
  throw new GateError(
    'usage',
    `inference-gate init needs --${name}`,
    'For example: inference-gate init --url https://inference.example.com/v1 --model llama-3.3-70b',
  )
}

function dialectOf(text: string): DialectName {
  const found = DIALECTS.find((name) => name === text)
  if (found !== undefined) return found
  throw new GateError(
    'usage',
    `--api is "${text}"; legal values: ${DIALECTS.join(', ')}`,
    'Correct the option.',
  )
}

function pricesOf(args: Arguments): StarterOptions['prices'] {
  const [input, output] = [args.text('price-input'), args.text('price-output')]
  if (input === undefined && output === undefined) return undefined
  if (input !== undefined && output !== undefined) return { input, output }
  throw new GateError(
    'usage',
    'only one of --price-input and --price-output is given',
    'Give both, as --price-input $0.60/M --price-output $2.40/M.',
  )
}

async function writeNew(path: string, text: string, invocation: Invocation): Promise<void> {
  const full = join(invocation.folder, path)
  if ((await readTextIfThere(full)) !== undefined) {
    invocation.out(`${path} is there already and was left as it is\n`)
    return
  }
  await writeText(full, text)
  invocation.out(`wrote ${path}\n`)
}
