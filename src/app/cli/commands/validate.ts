// `inference-gate validate`: every problem of a config at once, without sending anything.

import { EXIT } from '../../../model/exit-codes.ts'
import { filesOf, readConfig } from '../../config-source.ts'
import { issueLine } from '../../issue-lines.ts'
import type { Command, World } from '../command.ts'
import { CONFIG_OPTION, configFileOf } from '../run-options.ts'

export const validate: Command = {
  name: 'validate',
  summary: 'Check a config and say what it comes to, without sending anything.',
  options: [CONFIG_OPTION],
  run: async (args, world) => {
    const file = await configFileOf(args, world)
    const { config, warnings } = await readConfig({
      file,
      read: filesOf(world.folder),
      env: world.env,
      overrides: {},
      unsetEnv: 'blank',
    })
    for (const warning of warnings) world.err(`${issueLine(warning)}\n`)
    world.out(`${file} is valid\n`)
    const unset = await unsetVariables(file, world)
    if (unset.length > 0) {
      world.out(`  not set here, and referred to by headers or URLs: ${unset.join(', ')}\n`)
    }
    for (const { name, endpoint, workload, limits } of config.gates) {
      const metrics = limits.map(({ metric }) => metric).join(', ')
      world.out(
        `  ${name}: ${endpoint.api} ${endpoint.model}, ${workload.requests} requests, limits on ${metrics || 'nothing'}\n`,
      )
    }
    return EXIT.passed
  },
}

/** Environment variables that a run would need. A comment refers to nothing. */
async function unsetVariables(file: string, { folder, env }: World): Promise<readonly string[]> {
  const text = (await filesOf(folder)(file)) ?? ''
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const names = [...lines.join('\n').matchAll(/\$\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}/g)].map(
    ([, name = '']) => name,
  )
  return [...new Set(names)].filter((name) => (env[name] ?? '') === '')
}
