// A config's problems as lines for a terminal or a log, in the form editors make clickable.

import type { ConfigIssue } from '../model/config.ts'

/** `gate.yml:12:7: gates.chat.limits: …`, one line an issue. */
export function issueLine({ file, line, column, path, message, severity }: ConfigIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  const warning = severity === 'warning' ? 'warning: ' : ''
  // An option has one place, which is named once.
  const where = path === '' || path === file ? '' : `${path}: `
  return `${place}: ${warning}${where}${message}`
}
