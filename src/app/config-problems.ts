// A config that cannot be used, with every problem it has. Only the entrypoints print it.

import { bySeverity, type ConfigIssue } from '../model/config.ts'
import { GateError } from '../model/errors.ts'

/** Every problem at once, each with its place. */
export class ConfigProblems extends GateError {
  readonly issues: readonly ConfigIssue[]

  constructor(file: string, issues: readonly ConfigIssue[]) {
    // An input or an option is at fault by itself, whatever the file says.
    const places = [...new Set(issues.map((issue) => issue.file))]
    const where = places.length === 0 || places.includes(file) ? file : places.join(' and ')
    const have = places.length > 1 && where !== file ? 'have' : 'has'
    super('config', `${where} ${have} ${countOf(issues)}`, 'Correct the places named.')
    this.issues = issues
  }
}

function countOf(issues: readonly ConfigIssue[]): string {
  const { problems, warnings } = bySeverity(issues)
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  if (warnings.length === 0) return count
  return `${count} and ${warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`}`
}
