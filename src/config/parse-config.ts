// Text to a configuration, or to the list of everything that is wrong with it. After this nothing
// has a default and nothing is text that means a number.

import type { Config, ConfigIssue, Gate, Policy } from '../model/config.ts'
import { bySeverity } from '../model/config.ts'
import type { CatalogueAnswer } from '../model/price-catalogue.ts'
import { shown } from '../model/shown.ts'
import { OWN_SETTINGS } from './affected.ts'
import { readCandidate, readReference } from './endpoint/endpoint.ts'
import { findContradictions } from './find-contradictions.ts'
import { readLimits } from './limits/limits.ts'
import { isInnerPath } from './prompts/prompts.ts'
import { parseDuration, parseMoney } from './quantities.ts'
import type { RawConfig, RawGate, RawPolicy } from './raw-config.ts'
import { readCompare } from './read-compare.ts'
import { readPrices } from './read-prices.ts'
import { readWorkload } from './read-workload.ts'
import type { ConfigReading, Problem } from './reading.ts'
import { checkShape, MISSING_TEXT } from './schema/schema.ts'
import type { Path } from './yaml/yaml.ts'
import { readYaml, type YamlReading } from './yaml/yaml.ts'

export type ConfigSources = {
  /** Named in issues. */
  readonly file: string
  readonly text: string
  /** Texts of the files that `promptFilesOf` names, by path as written. */
  readonly files: ReadonlyMap<string, string>
  /** What the catalogue answered for each name of `catalogueNamesOf`. Absent = none is named. */
  readonly catalogue?: ReadonlyMap<string, CatalogueAnswer>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Measured in place of every gate's own URL. */
  readonly endpointUrl?: string
  /** `elsewhere` for a shard: how many requests there will be is not in this file. */
  readonly judged?: 'here' | 'elsewhere'
  /** The only gate that will be measured, and so the only one whose URL is replaced. Absent = all. */
  readonly onlyGate?: string
  /** The reference arm of every gate, with the gate's own settings otherwise. */
  readonly referenceUrl?: string
  /** The base branch's policy: its hosts and variables bind, whatever this text allows itself. */
  readonly trusted?: Pick<Policy, 'allowedHosts' | 'allowedEnv'>
  /** Requests at once that the base branch allows. Absent = whatever this text says. */
  readonly mostInFlight?: number
  /** What an unset environment variable is in a header. Default: an issue. `blank` is for reading
   * the base branch's file, or a file to be looked at, where nothing is sent. */
  readonly unsetEnv?: 'refuse' | 'blank'
}

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly ConfigIssue[] }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/**
 * Every problem at once, in the order of the file; errors and warnings together when there is an
 * error. Never throws for any text.
 */
export function parseConfig(sources: ConfigSources): ParsedConfig {
  const { file } = sources
  const yaml = readYaml(sources.text)
  const issues: ConfigIssue[] = yaml.problems.map(({ message, place }) => {
    return { file, ...place, path: '', message }
  })
  if (yaml.data === undefined) return { ok: false, issues }
  const report = (problem: Problem): void => void issues.push(issueOf(problem, yaml, file))
  const shape = checkShape(yaml.data)
  shape.problems.forEach(report)
  const raw = shape.config
  const config = raw && readAll(raw, readingOf(raw, sources, report))
  // Sums over a file with holes would complain about what is not there.
  if (raw !== undefined && config !== undefined && shape.problems.length === 0) {
    findContradictions({ raw, config, sources }, report)
  }
  const ordered = atMost(MAX_ISSUES, inFileOrder(issues, file))
  const isRefused = config === undefined || issues.some(({ severity }) => severity !== 'warning')
  return isRefused ? { ok: false, issues: ordered } : { ok: true, config, warnings: ordered }
}

/**
 * The prompt files and traces that have to be read before `parseConfig`, as written, each once. None for text
 * that cannot be read, nor paths out of the repository: `parseConfig` will say why.
 */
export function promptFilesOf(text: string): readonly string[] {
  const prompts = valuesAt(text, 'workload', 'prompts')
  const traces = valuesAt(text, 'workload', 'trace').map((trace) => memberOf(trace, 'file'))
  return texts([...prompts, ...traces]).filter(isInnerPath)
}

/** The `provider/model` names that have to be looked up before `parseConfig`, each once. */
export function catalogueNamesOf(text: string): readonly string[] {
  return texts(valuesAt(text, 'prices', 'catalogue'))
}

/** What stands there in any gate. */
function valuesAt(text: string, part: string, member: string): readonly unknown[] {
  const gates = memberOf(readYaml(text).data, 'gates')
  if (typeof gates !== 'object' || gates === null) return []
  return Object.values(gates).map((gate: unknown) => memberOf(memberOf(gate, part), member))
}

/** Each once. */
function texts(values: readonly unknown[]): readonly string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))]
}

function memberOf(value: unknown, member: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).find(([name]) => name === member)?.[1]
}

/** A file of another kind altogether would otherwise bury its own first mistake. */
const MAX_ISSUES = 100
/** Says how many are left out, and is none itself. */
const MORE = { path: '', severity: 'warning' } as const

function atMost(most: number, issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const last = issues[most]
  if (last === undefined) return issues
  // A warning never takes the place of what refuses the file.
  const { problems, warnings } = bySeverity(issues)
  const message = `${issues.length - most} more problems follow; these are the first ${most}`
  return [...[...problems, ...warnings].slice(0, most), { ...MORE, file: last.file, message }]
}

function readingOf(
  raw: RawConfig,
  sources: ConfigSources,
  report: (problem: Problem) => void,
): ConfigReading {
  const { endpointUrl, referenceUrl, trusted, unsetEnv = 'refuse', files, env } = sources
  const { catalogue = new Map() } = sources
  const { allowed_hosts: allowedHosts, allowed_env: allowedEnv } = raw.policy
  return {
    report,
    files,
    catalogue,
    env,
    trusted: trusted ?? { allowedHosts, allowedEnv },
    unsetEnv,
    endpointUrl,
    referenceUrl,
  }
}

function readAll(raw: RawConfig, reading: ConfigReading): Config {
  const { budget, confirm, baseline, policy } = raw
  return {
    version: raw.version,
    gates: Object.entries(raw.gates).map((gate) => readGate(gate, raw.gates, reading)),
    budget: {
      costUsd: parseMoney(budget.cost),
      durationMs: parseDuration(budget.duration),
      requests: budget.requests,
      inFlight: budget.in_flight,
    },
    confirmAfterMs: readPause(confirm, reading),
    baseline: {
      branch: baseline.branch,
      keep: baseline.keep,
      maxAgeMs: parseDuration(baseline.max_age),
    },
    policy: policyOf(policy),
  }
}

/** The longest pause that a job should stand still for. */
const LONGEST_PAUSE_MS = 600_000

function readPause(confirm: RawConfig['confirm'], { report }: ConfigReading): number | undefined {
  if (confirm === 'none') return undefined
  const afterMs = parseDuration(confirm.after)
  if (afterMs > LONGEST_PAUSE_MS) {
    const message = `${confirm.after} is too long to wait in a job; expected at most 10m`
    report({ path: ['confirm', 'after'], message })
  }
  return afterMs
}

function policyOf(raw: RawPolicy): Policy {
  return {
    inconclusive: raw.inconclusive,
    noBaseline: raw.no_baseline,
    invalid: raw.invalid,
    noSecrets: raw.no_secrets,
    droppedGate: raw.dropped_gate,
    baseRegressed: raw.base_regressed,
    acceptLabel: raw.accept_label,
    allowedHosts: raw.allowed_hosts,
    allowedEnv: raw.allowed_env,
  }
}

/** What the schema says where there is no config to say otherwise. */
export function defaultPolicy(): Policy {
  const shortest = { gates: { any: { endpoint: { url: MISSING_TEXT, model: MISSING_TEXT } } } }
  const { config } = checkShape(shortest)
  if (config === undefined) throw new TypeError('the shortest config does not fit the schema')
  return policyOf(config.policy)
}

function readGate(
  [name, raw]: readonly [string, RawGate],
  gates: RawConfig['gates'],
  reading: ConfigReading,
): Gate {
  const path = ['gates', name]
  const workload = readWorkload(raw.workload, raw.endpoint.api, {
    path: [...path, 'workload'],
    reading,
  })
  return {
    name,
    endpoint: readCandidate(raw.endpoint, [...path, 'endpoint'], reading),
    reference: readReference(raw, path, reading),
    affectedBy: raw.affected_by?.filter((item) => item !== OWN_SETTINGS),
    workload,
    limits: readLimits(raw, workload, { path, reading }),
    compare: readCompare(
      raw.compare,
      { own: name, gates },
      { path: [...path, 'compare'], reading },
    ),
    prices: readPrices(raw.prices, [...path, 'prices'], reading),
  }
}

function issueOf(problem: Problem, yaml: YamlReading, file: string): ConfigIssue {
  const { path, message, pointAt = 'value', severity, elsewhere } = problem
  const place = elsewhere ?? { file, ...yaml.locate(path, pointAt) }
  return {
    ...place,
    path: pathText(path),
    message,
    severity,
  }
}

/** `gates.chat.workload.prompts[2].weight`; a name that is no plain word is quoted. */
function pathText(path: Path): string {
  return path.map(segmentText).join('').replace(/^\./, '')
}

function segmentText(segment: string, i: number): string {
  if (/^\d+$/.test(segment) && i > 0) return `[${segment}]`
  return /^\w[\w.-]{0,63}$/.test(segment) ? `.${segment}` : `[${shown(segment)}]`
}

/** Problems of other files last, each file's own in the order of its lines. */
function inFileOrder(issues: readonly ConfigIssue[], file: string): readonly ConfigIssue[] {
  const rank = (issue: ConfigIssue): number => (issue.file === file ? 0 : 1)
  return issues.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.file.localeCompare(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  )
}
