// One call from YAML text to a parsed configuration, for the tests of this folder.

import { type ConfigSources, parseConfig } from '../../src/config/parse-config.ts'
import type { Config, ConfigIssue } from '../../src/model/config.ts'

type Extra = Partial<Omit<ConfigSources, 'text'>>

export function sourcesOf(text: string, extra: Extra = {}): ConfigSources {
  return { file: 'gate.yml', files: new Map(), env: {}, ...extra, text }
}

/** The configuration; throws with the issues when there is none. */
export function configOf(text: string, extra: Extra = {}): Config {
  const parsed = parseConfig(sourcesOf(text, extra))
  if (!parsed.ok) throw new Error(parsed.issues.map(issueLine).join('\n'))
  return parsed.config
}

export function issuesOf(text: string, extra: Extra = {}): readonly ConfigIssue[] {
  const parsed = parseConfig(sourcesOf(text, extra))
  return parsed.ok ? [] : parsed.issues
}

export function warningsOf(text: string, extra: Extra = {}): readonly ConfigIssue[] {
  const parsed = parseConfig(sourcesOf(text, extra))
  if (!parsed.ok) throw new Error(parsed.issues.map(issueLine).join('\n'))
  return parsed.warnings
}

/** `gate.yml:3:7 gates.chat.endpoint: message`. */
export function issueLine({ file, line, column, path, message, severity }: ConfigIssue): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`
  return `${place} ${severity ?? 'error'} ${path}: ${message}`
}

/** A gate named chat with an endpoint, and more lines of it. */
export function gateWith(lines: string): string {
  const indented = lines
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return `gates:
  chat:
    endpoint: {url: https://inference.example.com/v1, model: m}
${indented}
`
}
