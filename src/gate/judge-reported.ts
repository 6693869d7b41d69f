// The gates of a report that another job wrote, judged by the base branch's config: its gates, its
// limits, its load, its words. Of the report numbers and closed kinds are taken. A gate that it leaves
// out was not passed, and one that the base branch has not cannot stand for one that it has.

import { acceptRegression, judgedByFigures, unmeasuredResult } from '../judge/judge.ts'
import { comparableOf, subjectOf } from '../measure/measure.ts'
import type { Asked } from '../model/asked.ts'
import type { Config, Gate, Limit } from '../model/config.ts'
import { isGateName } from '../model/gate-name.ts'
import type { History } from '../model/history.ts'
import { changesBetween } from '../model/member-changes.ts'
import { OUTCOMES } from '../model/request-record.ts'
import type { Invalidity, RunWarning } from '../model/run.ts'
import type { Acceptance, Dropped, GateResult } from '../model/verdict.ts'

export type Ruling = {
  /** The base branch's. Absent = it has none: which gates there should be is not known. */
  readonly base?: Config
  /** For a gate that the base branch says nothing of. */
  readonly defaults: (gate: GateResult) => readonly Limit[]
  /** A maintainer's label that speaks for this very commit. */
  readonly accept?: Acceptance
}

export type Ruled = {
  /** Those of the base branch first, in its order. */
  readonly gates: readonly GateResult[]
  /** Names of those that the base branch has not. */
  readonly added: readonly string[]
  readonly dropped: Dropped['gates']
}

export function judgeReported(reported: readonly GateResult[], ruling: Ruling): Ruled {
  const { base, accept } = ruling
  const known = base?.gates ?? []
  const others = reported.filter(({ gate }) => !known.some(({ name }) => name === gate))
  const asked = known.map((gate) => {
    const found = reported.find((one) => one.gate === gate.name)
    return found === undefined
      ? { gate, result: missing(gate) }
      : { gate, found, result: ruled(found, gate, ruling) }
  })
  // What a label accepts need not have been asked any longer.
  const isGone = ({ found }: (typeof asked)[number]) => found === undefined && accept !== undefined
  return {
    gates: [
      ...asked.filter((one) => !isGone(one)).map(({ result }) => result),
      ...others.map((one) => added(one, ruling)),
    ],
    added: others
      .filter(({ asked: as }) => proposedOf(as, base) === undefined)
      .map(({ gate }) => gate),
    dropped: asked.flatMap(({ gate: { name }, found }) => droppedAs(name, found, accept)),
  }
}

function droppedAs(
  gate: string,
  found: GateResult | undefined,
  accept: Acceptance | undefined,
): Dropped['gates'] {
  if (found === undefined) return accept === undefined ? [] : [{ gate }]
  const { asked } = found
  if (asked?.as !== 'base' || asked.because === 'reshaped') return []
  const renamedTo = asked.because === 'renamed' ? nameOf(asked.head) : undefined
  return [{ gate, renamedTo }]
}

/** A gate of the base branch, which is asked its question whatever the head proposes. */
function ruled(found: GateResult, gate: Gate, { base, accept }: Ruling): GateResult {
  const { loadShape } = comparableOf(gate)
  const isOther = changesBetween(loadShape, found.loadShape).length > 0
  const numbers = numbersOf(found)
  const asked = found.asked?.as === 'base' ? askedAs(found.asked) : undefined
  const subject = subjectOf(gate.endpoint, gate.prices)
  const judged = judgedByFigures(
    {
      ...numbers,
      asked,
      invalidities: isOther
        ? [{ kind: 'not-reported', what: 'load' }, ...numbers.invalidities]
        : numbers.invalidities,
      ...subjectBeside(subject, found.subject),
      loadShape,
      baselinePlace: base === undefined ? '' : `branch ${base.baseline.branch}`,
    },
    gate,
  )
  return accept === undefined ? judged : accepted(judged, accept)
}

function accepted(judged: GateResult, accept: Acceptance): GateResult {
  if (judged.verdict !== 'failed') return judged
  const { metrics } = acceptRegression({ verdict: judged.verdict, metrics: judged.metrics }, accept)
  const shares = judged.shares?.map((share) =>
    share.verdict === 'fail'
      ? { ...share, verdict: 'pass' as const, accepted: true as const }
      : share,
  )
  const isOpen = [...metrics, ...(shares ?? [])].some(
    ({ verdict }) => verdict === 'inconclusive' || verdict === 'suspect',
  )
  const verdict = isOpen ? 'inconclusive' : 'passed'
  return { ...judged, metrics, verdict, shares }
}

/** A gate of the head alone: by the rules of the one it was proposed for, or by those that all begin with. */
function added(found: GateResult, ruling: Ruling): GateResult {
  const numbers = numbersOf(found)
  const of = proposedOf(found.asked, ruling.base)
  if (of === undefined) {
    const rules = { limits: ruling.defaults(found), compare: [], prices: { kind: 'none' } } as const
    return judgedByFigures(numbers, rules)
  }
  const { isCompared } = found.asked as Extract<Asked, { as: 'proposed' }>
  const asked: Asked = {
    as: 'proposed',
    of: of.name,
    changes: [],
    ...(isCompared && { isCompared }),
  }
  return judgedByFigures({ ...numbers, asked }, { ...of, compare: [] })
}

function proposedOf(asked: Asked | undefined, base: Config | undefined): Gate | undefined {
  if (asked?.as !== 'proposed') return undefined
  return base?.gates.find(({ name }) => name === asked.of)
}

const NOTHING: History = { runs: [], anchor: [], notes: [], place: '' }

function missing(gate: Gate): GateResult {
  return unmeasuredResult({
    gate,
    history: NOTHING,
    subject: subjectOf(gate.endpoint, gate.prices),
    loadShape: comparableOf(gate).loadShape,
    invalidity: { kind: 'not-reported', what: 'gate' },
  })
}

/** In the base branch's words; of what the head says otherwise only that it does. */
function subjectBeside(
  own: GateResult['subject'],
  theirs: GateResult['subject'],
): Pick<GateResult, 'subject' | 'subjectChanges'> {
  const differing = changesBetween(own, theirs).filter(({ before }) => before !== undefined)
  const names = new Set(differing.map(({ member }) => member))
  const subject = Object.fromEntries(Object.entries(own).filter(([member]) => !names.has(member)))
  const after = 'what its config says'
  return { subject, subjectChanges: differing.map((change) => ({ ...change, after })) }
}

/** As a config could have it; everything else would be a stranger's sentence. */
function nameOf(name: string | undefined): string | undefined {
  return name !== undefined && isGateName(name) ? name : undefined
}

function askedAs(asked: Extract<Asked, { as: 'base' }>): Asked {
  const { because } = asked
  const head = nameOf(asked.head)
  return { as: 'base', because, changes: [], head }
}

const NUMBERS_ALONE: ReadonlySet<GateResult['notes'][number]['kind']> = new Set([
  'too-old',
  'few-runs',
])
const WITH_WORDS: ReadonlySet<RunWarning['kind']> = new Set(['metrics-unread', 'imported'])

/** Member by member, so that a member that is new in a report stays out until somebody lets it in. */
function numbersOf(gate: GateResult): GateResult {
  const { validity, costParts, perAnswerUsd, conditions, shares, chartData } = gate
  return {
    gate: gate.gate,
    verdict: gate.verdict,
    metrics: gate.metrics,
    invalidities: gate.invalidities.map(withoutWords),
    warnings: gate.warnings.filter(({ kind }) => !WITH_WORDS.has(kind)),
    notes: gate.notes.filter(({ kind }) => NUMBERS_ALONE.has(kind)),
    errors: gate.errors,
    requests: gate.requests,
    completed: gate.completed,
    probes: gate.probes,
    spent: gate.spent,
    subject: {},
    subjectChanges: [],
    loadShape: {},
    baselinePlace: 'its baseline',
    baselineRuns: gate.baselineRuns,
    effort: gate.effort,
    seed: gate.seed,
    validity,
    costParts,
    perAnswerUsd,
    conditions,
    shares,
    ...(chartData === undefined ? {} : { chartData: datesOf(chartData) }),
  }
}

function withoutWords(invalidity: Invalidity): Invalidity {
  switch (invalidity.kind) {
    case 'nothing-completed': {
      const { kind, count, status } = invalidity
      const outcome = OUTCOMES.find((one) => one === invalidity.outcome) ?? 'malformed'
      return { kind, outcome, count, status }
    }
    case 'not-ready':
      return { ...invalidity, last: 'in the log of that job' }
    default:
      return invalidity
  }
}

/** A run is a day here; one without is none. */
function datesOf(chartData: NonNullable<GateResult['chartData']>): GateResult['chartData'] {
  const trend = chartData.trend.flatMap((run, position) => {
    const at = Date.parse(run.startedAt)
    if (Number.isNaN(at)) return []
    return [{ ...run, runId: `run-${position + 1}`, startedAt: new Date(at).toISOString() }]
  })
  return { ...chartData, trend }
}
