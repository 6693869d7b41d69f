// The config of a job without a config file: its inputs say what is measured. A file that is there,
// here or on the base branch, has the word, so that a pull request cannot step around it with inputs.

import { configOfInputs, inputOfMember, namesGiven } from '../../config/config.ts'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import {
  type ConfigOverrides,
  ConfigProblems,
  type ReadFile,
  readConfig,
} from '../config-source.ts'
import type { Job } from './job.ts'

/** How problems and reports call the place. */
const PLACE = 'the inputs'

export type InputSources = {
  /** Wherever a config file would have been read from: the head, the base branch. */
  readonly files: readonly ReadFile[]
  readonly overrides: ConfigOverrides
}

/** Throws GateError('usage') for a file beside the inputs, and for inputs that make no gate. */
export async function readConfigOfInputs(job: Job, sources: InputSources): Promise<Config> {
  const { inputs, env } = job
  for (const read of sources.files) {
    if ((await read(inputs.config)) !== undefined) throw bothGiven(job)
  }
  try {
    const text = configOfInputs(inputs.gate)
    const { overrides } = sources
    const { config } = await readConfig({ file: PLACE, read: async () => text, env, overrides })
    return config
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error
    throw new GateError('usage', wordsOf(error), 'Correct the `with:` block of the workflow step.')
  }
}

function bothGiven({ inputs }: Job): GateError {
  const names = namesGiven(inputs.gate).join(', ')
  return new GateError(
    'usage',
    `the inputs ${names} make a gate without a config, but there is a config ${inputs.config}, and it wins`,
    'Remove these inputs from the step, or the config from the repository.',
  )
}

function wordsOf({ issues }: ConfigProblems): string {
  const words = issues.map(({ path, message }) => `input ${inputOfMember(path)}: ${message}`)
  return [...new Set(words)].join('; ')
}
