// `inference-gate validate`: every problem of a config at once, without sending anything.

import { EXIT } from '../../../model/exit-codes.ts'
import { filesOf, readConfig } from '../../config-source.ts'
import { issueLine } from '../../issue-lines.ts'
import type { Command, Invocation } from '../command.ts'
import { CONFIG_OPTION, configFileOf } from '../run-options.ts'

export const validate: Command = {
  name: 'validate',
  summary: 'Check a config and show what it means, without sending anything.',
  options: [CONFIG_OPTION],
  run: async (args, invocation) => {
    const file = await configFileOf(args, invocation)
    const { config, warnings } = await readConfig({
      file,
      read: filesOf(invocation.folder),
      env: invocation.env,
      overrides: {},
      unsetEnv: 'blank',
    })
    for (const warning of warnings) invocation.err(`${issueLine(warning)}\n`)
    invocation.out(`${file} is valid\n`)
    const unset = await unsetVariables(file, invocation)
    if (unset.length > 0) {
      invocation.out(`  not set here, and referred to by headers or URLs: ${unset.join(', ')}\n`)
    }
    for (const { name, endpoint, workload, limits } of config.gates) {
      const metrics = limits.map(({ metric }) => metric).join(', ')
      invocation.out(
        `  ${name}: ${endpoint.api} ${endpoint.model}, ${workload.requests} requests, limits on ${metrics || 'nothing'}\n`,
      )
    }
    return EXIT.passed
  },
}

/** Environment variables that a run would need. A comment refers to nothing. */
async function unsetVariables(
  file: string,
  { folder, env }: Invocation,
): Promise<readonly string[]> {
  const text = (await filesOf(folder)(file)) ?? ''
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const names = [...lines.join('\n').matchAll(/\$\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names)].filter((name) => (env[name] ?? '') === '')
}
