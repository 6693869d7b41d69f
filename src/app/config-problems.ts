// A config that cannot be used, with every problem it has. Only the doors print it.

import type { ConfigIssue } from '../model/config.ts'
import { GateError } from '../model/errors.ts'

/** Every problem at once, each with its place. */
export class ConfigProblems extends GateError {
  readonly issues: readonly ConfigIssue[]

  constructor(file: string, issues: readonly ConfigIssue[]) {
    const count = issues.length === 1 ? 'a problem' : `${issues.length} problems`
    // An input or an option is at fault by itself, whatever the file says.
    const places = [...new Set(issues.map((issue) => issue.file))]
    const where = places.length === 0 || places.includes(file) ? file : places.join(' and ')
    const have = places.length > 1 && where !== file ? 'have' : 'has'
    super('config', `${where} ${have} ${count}`, 'Correct the places named.')
    this.issues = issues
  }
}
