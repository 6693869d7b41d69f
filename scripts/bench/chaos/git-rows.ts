// A recording whose push is refused, hangs, is cut off or is killed.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pushJob } from '../../../__tests__/app/forge.ts'
import type { Row } from './row.ts'
import { launch, startWorld, type World, type WorldOptions } from './world.ts'

type GitTrial = {
  readonly fault: string
  readonly options?: WorldOptions
  readonly prepare?: (world: World) => Readonly<Record<string, string>>
  readonly code: number
  readonly withinSeconds: number
  readonly says: RegExp
  readonly mostPushes?: number
}

const STORED = /recorded in branch|kept apart in branch/
const NOT_STORED = /could not be written/

const TRIALS: readonly GitTrial[] = [
  {
    fault: 'refused: a token that may only read',
    options: { git: { readOnly: true } },
    code: 3,
    withinSeconds: 20,
    says: /could not be written.*permissions: contents: write/,
    mostPushes: 0,
  },
  {
    fault: 'declined by a hook',
    prepare: (world) => hook(world, 'echo "ask the platform team" >&2; exit 1'),
    code: 3,
    withinSeconds: 20,
    says: /could not be written.*declines/,
    mostPushes: 1,
  },
  {
    fault: 'declined for replacing commits',
    prepare: (world) => hook(world, 'echo "GH006: Protected branch update failed" >&2; exit 1'),
    code: 3,
    withinSeconds: 20,
    says: /could not be written.*(protection|ruleset)/,
    mostPushes: 2,
  },
  {
    fault: 'answered by 503 at first',
    options: { git: { failures: 3 } },
    code: 0,
    withinSeconds: 30,
    says: STORED,
  },
  {
    fault: 'taken, and the answer cut off',
    options: { git: { cutAfterPush: 1 } },
    code: 0,
    withinSeconds: 30,
    says: STORED,
  },
  {
    fault: 'hung',
    options: { git: { hangOnPush: true } },
    code: 3,
    withinSeconds: 150,
    says: NOT_STORED,
  },
  {
    fault: 'killed',
    prepare: killer,
    code: 3,
    withinSeconds: 40,
    says: /could not be written.*ended by SIGKILL/,
  },
]

export function gitRows(): readonly Row[] {
  return TRIALS.map(({ fault, options, prepare, code, ...rest }) => ({
    ...rest,
    where: 'git push',
    fault,
    codes: [code],
    run: async () => {
      const world = await startWorld(options)
      try {
        const env = prepare?.(world) ?? {}
        return await launch(world, pushJob(world, { workspace: world.workspace, env })).ended
      } finally {
        await world.stop()
      }
    },
  }))
}

function hook({ gitDir }: World, script: string): Readonly<Record<string, string>> {
  const path = join(gitDir, 'hooks/pre-receive')
  mkdirSync(join(gitDir, 'hooks'), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return {}
}

/** A git that dies whenever it is to push. */
function killer({ folder }: World): Readonly<Record<string, string>> {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const path = process.env.PATH ?? ''
  const script = `#!/bin/sh\nfor word; do [ "$word" = push ] && kill -9 $$; done\nPATH='${path}' exec git "$@"\n`
  writeFileSync(join(bin, 'git'), script)
  chmodSync(join(bin, 'git'), 0o755)
  return { PATH: `${bin}:${path}` }
}
