// Where the options of a command say that the baseline is kept: in a folder, or on a branch.

import { resolve } from 'node:path'
import { storeOfConfig } from '../../baseline/baseline.ts'
import { folderStore } from '../../baseline/folder/folder.ts'
import type { Config } from '../../model/config.ts'
import { GateError } from '../../model/errors.ts'
import type { BaselineStore } from '../../model/store.ts'
import { ownerOf } from '../config-owner.ts'
import { type BranchPlace, withBranchStore } from '../stores.ts'
import type { Arguments, Invocation } from './command.ts'
import { configHere, DEFAULT_BASELINE, DEFAULT_REPORT_DIR } from './run-options.ts'

/** The store that the options of a command name, as the config sees it. */
export async function withStoreOf<Result>(
  args: Arguments,
  invocation: Invocation,
  named: {
    readonly config: Config
    readonly base?: Config
    readonly act: (store: BaselineStore) => Promise<Result>
  },
): Promise<Result> {
  const owner = ownerOf(await configHere(args, invocation), named.config, named.base)
  const act = (store: BaselineStore) => named.act(storeOfConfig(store, owner))
  const remoteUrl = args.text('remote')
  if (remoteUrl === undefined) {
    const folder = resolve(invocation.folder, args.text('baseline') ?? DEFAULT_BASELINE)
    return act(folderStore(folder, args.text('report-dir') ?? DEFAULT_REPORT_DIR))
  }
  if (args.given('baseline')) {
    throw new GateError(
      'usage',
      '--baseline and --remote are both given; a baseline is kept in one place',
      'Give one of them.',
    )
  }
  const place: BranchPlace = {
    remoteUrl: addressOf(remoteUrl, invocation),
    branch: args.text('branch') ?? named.config.baseline.branch,
    token: invocation.env.INFERENCE_GATE_GIT_TOKEN || undefined,
    reportDir: args.text('report-dir') ?? DEFAULT_REPORT_DIR,
    env: invocation.env,
    signal: invocation.signal,
  }
  return withBranchStore(place, act)
}

/** A path is meant from where the person stands; git works in a folder of its own. */
function addressOf(remote: string, invocation: Invocation): string {
  return /^[a-z+]+:\/\/|^[^/]+@[^/]+:/i.test(remote) ? remote : resolve(invocation.folder, remote)
}
