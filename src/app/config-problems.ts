// A config that cannot be used, with every problem it has. Only the doors print it.

import type { ConfigIssue } from '../model/config.ts'
import { GateError } from '../model/errors.ts'

/** Every problem at once, each with its place. */
export class ConfigProblems extends GateError {
  readonly issues: readonly ConfigIssue[]

  constructor(file: string, issues: readonly ConfigIssue[]) {
    const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`
    super('config', `${file} has ${count}`, 'Correct the places named.')
    this.issues = issues
  }
}
