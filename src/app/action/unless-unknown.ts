// What a job can do without: where it cannot be had, that is said and the job goes on.

import { GateError } from '../../model/errors.ts'
import type { Job } from './job.ts'

/** Undefined where the world or a mistake of somebody's keeps it; our own bugs are thrown. */
export async function unlessUnknown<Result>(
  { screen }: Job,
  { ask, what }: { readonly ask: () => Promise<Result>; readonly what?: string },
): Promise<Result | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof GateError)) throw error
    const said = what === undefined ? '' : `${what}: `
    screen.step(`${said}${error.message} ${error.remedy}`)
    return undefined
  }
}
