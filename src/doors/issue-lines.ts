// A config's problems as lines for a terminal or a log, in the form editors make clickable.

import type { ConfigIssue } from '../model/config.ts'

/** `gate.yml:12:7: gates.chat.limits: …`, one line an issue. */
export function issueLine({ file, line, column, path, message }: ConfigIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  return `${place}: ${path === '' ? '' : `${path}: `}${message}`
}
